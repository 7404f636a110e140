"""Causes of differences and their repairs in the words of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.reconciliation import Cause, Repair


def cause_name(cause: Cause) -> str:
    """A few words, for a cell."""
    return {
        Cause.TOKEN_MISSING: _tr("Token missing on the chain"),
        Cause.TRANSACTION_UNKNOWN: _tr("Transaction unknown"),
        Cause.OTHER_BLOCK: _tr("Another block"),
        Cause.GAS_DIFFERS: _tr("Another amount of gas"),
        Cause.UNKNOWN_TOKEN: _tr("Token not in the register"),
        Cause.STRANGE_TOKEN: _tr("Token without an asset"),
        Cause.OWNER_MOVED: _tr("Owner moved on the chain"),
        Cause.VALIDITY_DIFFERS: _tr("Another validity"),
        Cause.URI_DIFFERS: _tr("Another metadata address"),
        Cause.METADATA_MISSING: _tr("Metadata missing"),
        Cause.METADATA_DAMAGED: _tr("Metadata damaged"),
        Cause.RECORD_CHANGED: _tr("Asset changed in the register"),
        Cause.FILE_MISSING: _tr("File missing"),
        Cause.FILE_DAMAGED: _tr("File damaged"),
        Cause.FILE_RECORD_CHANGED: _tr("Hash changed in the register"),
        Cause.NO_RECORD: _tr("Nothing on record"),
        Cause.INDEX_BEHIND: _tr("Index behind the chain"),
    }[cause]


def cause_sentence(cause: Cause) -> str:
    """What it means."""
    return {
        Cause.TOKEN_MISSING: _tr("The register says minted, and the contract knows no such token."),
        Cause.TRANSACTION_UNKNOWN: _tr("The chain has no such mined transaction."),
        Cause.OTHER_BLOCK: _tr("The transaction is mined in another block than the one on record."),
        Cause.GAS_DIFFERS: _tr("The receipt names another amount of gas than the one on record."),
        Cause.UNKNOWN_TOKEN: _tr("The chain has a token for an asset that is not minted by the register."),
        Cause.STRANGE_TOKEN: _tr("The chain has a token of our contract that no asset has the id of."),
        Cause.OWNER_MOVED: _tr("The token belongs to another account than the one on record."),
        Cause.VALIDITY_DIFFERS: _tr("The certificate's standing on the chain is not the one on record."),
        Cause.URI_DIFFERS: _tr("The contract names another metadata address than the one on record."),
        Cause.METADATA_MISSING: _tr("The content store lacks the metadata that was minted."),
        Cause.METADATA_DAMAGED: _tr("What is stored under the metadata's address is something else."),
        Cause.RECORD_CHANGED: _tr("The minted metadata is sound, but the asset's fields say something else by now."),
        Cause.FILE_MISSING: _tr("The content store lacks this file."),
        Cause.FILE_DAMAGED: _tr("What is stored under the file's address is something else."),
        Cause.FILE_RECORD_CHANGED: _tr("The file is sound, but the hash on record is that of another one."),
        Cause.NO_RECORD: _tr("The register lacks what it should say about a minted asset."),
        Cause.INDEX_BEHIND: _tr("The index lacks the newest blocks, so that tokens may be missing here."),
    }[cause]


def repair_name(repair: Repair) -> str:
    """What is done, as a button says it."""
    return {
        Repair.LOOK_AGAIN: _tr("Look again"),
        Repair.ADOPT: _tr("Adopt the token"),
        Repair.NOTE_HOLDER: _tr("Note the holder"),
        Repair.TAKE_VALIDITY: _tr("Take the validity"),
        Repair.TAKE_RECORD: _tr("Take the receipt"),
        Repair.TAKE_URI: _tr("Take the address"),
        Repair.TAKE_FIELDS: _tr("Take the fields back"),
        Repair.TAKE_HASH: _tr("Take the hash"),
        Repair.RESTORE_METADATA: _tr("Restore metadata"),
        Repair.RESTORE_FILE: _tr("Restore the file"),
        Repair.IGNORE: _tr("Ignore"),
        Repair.INDEX: _tr("Read on"),
    }[repair]


def repair_sentence(repair: Repair) -> str:
    """What that means."""
    return {
        Repair.LOOK_AGAIN: _tr("The mint is open again and ends by what the chain shows."),
        Repair.ADOPT: _tr("The token is taken into the register with its transaction."),
        Repair.NOTE_HOLDER: _tr("The register keeps the chain's owner as the holder of the token."),
        Repair.TAKE_VALIDITY: _tr("The register takes the chain's validity."),
        Repair.TAKE_RECORD: _tr("The register takes from the chain what it lacks, or says otherwise, about the mint."),
        Repair.TAKE_URI: _tr("The register takes the metadata address that the contract names."),
        Repair.TAKE_FIELDS: _tr("The asset takes its fields back from the minted metadata."),
        Repair.TAKE_HASH: _tr("The register takes the hash of the file from its bytes."),
        Repair.RESTORE_METADATA: _tr("The metadata is made anew or fetched; its address proves it."),
        Repair.RESTORE_FILE: _tr("The file is fetched, or is the original that you choose; its address proves it."),
        Repair.IGNORE: _tr("It is not told again, for a reason that is kept."),
        Repair.INDEX: _tr("The index reads on to the newest block."),
    }[repair]


def _tr(text: str) -> str:
    return QCoreApplication.translate("CauseWords", text)
