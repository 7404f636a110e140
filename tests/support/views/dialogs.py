"""Every dialog, filled as a person would meet it. No dialog is shown yet; the caller closes and deletes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QWidget

from ipnft_desktop.domain.address_import import AddressImport, TypedLine, compare
from ipnft_desktop.domain.alerts import Alert, AlertKind
from ipnft_desktop.domain.asset_changes import contents_of, differences
from ipnft_desktop.domain.assets import AssetQuery, AssetType
from ipnft_desktop.domain.audit import AuditAnchor, AuditPoint
from ipnft_desktop.domain.batch_gathering import GatheredMint
from ipnft_desktop.domain.batch_plan import Omission
from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.deleted_assets import DeletedAsset
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.evidence import EvidenceBundle, EvidenceOrigin, EvidenceOutcome
from ipnft_desktop.domain.metadata import build_metadata
from ipnft_desktop.domain.minting import FailureKind, MintEstimate, MintFailure, MintProgress, MintStage
from ipnft_desktop.domain.people import Role, User
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.reconciliation import Cause, Repair
from ipnft_desktop.domain.reconciliation import Finding as Reconciled
from ipnft_desktop.domain.restore_preview import Difference, RestorePreview
from ipnft_desktop.domain.saved_filters import SavedFilter
from ipnft_desktop.domain.workspaces import (
    HOME,
    Checkpoint,
    CheckpointReason,
    RegisterFigures,
    Workspace,
    WorkspaceMeasure,
)
from ipnft_desktop.paths import DEMO_DATA
from ipnft_desktop.services.backup_keeper import BackupFile, BackupReason
from ipnft_desktop.services.bulk_verification import AssetVerdict
from ipnft_desktop.services.doctor.findings import CheckKey, Examined, Finding, Level, Remedy
from ipnft_desktop.services.metadata_preview import MetadataPreview
from ipnft_desktop.services.repair_parts import RepairPreview
from ipnft_desktop.services.verified_facts import VerifiedFact, VerifiedField, Witness
from ipnft_desktop.ui.admin.address_form import AddressForm
from ipnft_desktop.ui.admin.address_import_dialog import AddressImportDialog
from ipnft_desktop.ui.admin.anchors_dialog import AnchorsDialog
from ipnft_desktop.ui.admin.enterprise_form import EnterpriseForm
from ipnft_desktop.ui.admin.repair_dialog import RepairDialog
from ipnft_desktop.ui.admin.user_form import SetPasswordForm, UserForm
from ipnft_desktop.ui.alerts.panel import AlertPanel
from ipnft_desktop.ui.batch.omissions_dialog import OmissionsDialog
from ipnft_desktop.ui.commands.key_lines import key_lines
from ipnft_desktop.ui.commands.key_sheet import KeySheet
from ipnft_desktop.ui.doctor.dialog import DoctorDialog
from ipnft_desktop.ui.environment.restore_dialog import RestoreDialog
from ipnft_desktop.ui.evidence.export_dialog import ExportEvidenceDialog, Scope
from ipnft_desktop.ui.evidence.verify_dialog import VerifyDialog
from ipnft_desktop.ui.gallery.verify_all_dialog import VerifyAllDialog
from ipnft_desktop.ui.help.reading_dialog import ReadingDialog
from ipnft_desktop.ui.help.texts import GUIDE_FOLDER, user_guide
from ipnft_desktop.ui.keys.create_dialog import CreateKeystoreDialog
from ipnft_desktop.ui.keys.unlock_dialog import UnlockDialog
from ipnft_desktop.ui.mint import wording
from ipnft_desktop.ui.mint.dialog import MintDialog
from ipnft_desktop.ui.mint.subjects import LeftOut, MintSubject
from ipnft_desktop.ui.previews import Preview
from ipnft_desktop.ui.register.asset_form import AssetForm
from ipnft_desktop.ui.register.conflict_dialog import ConflictDialog
from ipnft_desktop.ui.register.deleted_dialog import DeletedDialog
from ipnft_desktop.ui.register.file_preview import FilePreviewDialog
from ipnft_desktop.ui.register.metadata_preview import MetadataDialog
from ipnft_desktop.ui.register.reset_dialog import ResetDialog
from ipnft_desktop.ui.register.saved_filters_dialog import SavedFiltersDialog
from ipnft_desktop.ui.sheets.export_dialog import ExportDialog
from ipnft_desktop.ui.sheets.import_dialog import ImportDialog
from ipnft_desktop.ui.sign_in.password_dialogs import ChangePasswordDialog, FirstAdminDialog
from ipnft_desktop.ui.sign_in.sign_in_dialog import SignInDialog
from ipnft_desktop.ui.validity.validity_dialog import ValidityDialog
from ipnft_desktop.ui.widgets.address_words import no_label
from ipnft_desktop.ui.workspaces.dialog import WorkspacesDialog
from ipnft_desktop.ui.workspaces.name_form import NameForm
from ipnft_desktop.ui.workspaces.return_dialog import ReturnDialog
from ipnft_verify.report import Finding as Found
from ipnft_verify.report import Part, Report, Verdict
from tests.gui.register_doubles import ENTERPRISES, asset_of, row
from tests.gui.support.nft_examples import (
    CID,
    FILE_CID,
    OTHER_WALLET,
    T0,
    TX_HASH,
    WALLET,
    a_job,
    an_asset,
    completed,
    confirming,
)
from tests.support.views.chain_tabs import abi_import, contract_call, contract_call_unsigned, fund_account
from tests.support.views.no_pictures import no_pictures
from tests.support.views.stage_dialogs import STAGE_DIALOGS

PERSON = User(UUID(int=71), "wang", "王小明", Role.OPERATOR, T0, frozenset({ENTERPRISES[0].enterprise_id}))
_POINT = AuditPoint(1_204, b"\x9c" * 32)

Make = Callable[[QWidget], QDialog]


def asset_form(parent: QWidget) -> AssetForm:
    form = AssetForm("New asset", date(2026, 7, 15), parent)
    list(form.build())
    form.set_enterprises(ENTERPRISES)
    form.set_asset(an_asset(3, "Induction motor"), with_files=True)
    return form


def export_evidence(parent: QWidget) -> ExportEvidenceDialog:
    dialog = ExportEvidenceDialog({Scope.SELECTED: 3, Scope.LISTED: 1_204}, parent)
    dialog.certificate.setCurrentIndex(3)
    names = {UUID(int=n): name for n, name in enumerate(("Induction motor", "Three hares", "真空二极管"))}
    dialog.show_names(names)
    made = EvidenceBundle(UUID(int=0), Path("Induction motor.evidence.zip"), 94_208, "4b" * 32, WALLET, True, True)
    locked = UserError(ErrorCode.KEYSTORE_LOCKED, "the signing key is locked")
    outcomes = (EvidenceOutcome(UUID(int=0), made), EvidenceOutcome(UUID(int=1), error=locked))
    dialog.show_outcomes(outcomes, len(names))
    dialog.show_working(True)
    return dialog


_MANIFEST_SAYS = {"files": "15", "issued_at": "2026-11-23T01:38:03Z", "issued_by": "IPNFT Desktop"}


def verify_revoked(parent: QWidget) -> VerifyDialog:
    """Evidence that holds, of a certificate that was revoked since, by an account of this register."""
    dialog = VerifyDialog(parent)
    dialog.show_verifying(Path("Induction motor.evidence.zip"))
    state = {"owner": WALLET, "validity": "VALID", "block_number": "151", "block_hash": TX_HASH, "events": "0"}
    found = {
        Part.MANIFEST: ("manifest_holds", _MANIFEST_SAYS),
        Part.SIGNATURE: ("signed_by_sender", {"signer": WALLET}),
        Part.BLOCK: ("block_holds", {"number": "149", "hash": TX_HASH}),
        Part.STATE: ("state_holds", state),
        Part.CHAIN: ("chain_agrees", {"number": "149"}),
    }
    others = ("container_holds", {"entries": "15"})
    parts = [Found(part, Verdict.HOLDS, *found.get(part, others)) for part in Part]
    since = Found(Part.CHAIN, Verdict.HOLDS, "validity_now", {"then": "VALID", "now": "REVOKED"})
    subject = {
        "name": "Induction motor",
        "token": "0x0192f0c1a2b37c8d9e0f1a2b3c4d5e6f",
        "owner": WALLET,
        "validity": "VALID",
        "signer": WALLET,
        "state_number": "151",
        "state_hash": TX_HASH,
        "block_number": "149",
        "block_hash": TX_HASH,
    }
    dialog.show_report(Report(tuple(parts), (since,), subject), EvidenceOrigin(WALLET, True, True))
    dialog.table.select(Part.BLOCK)
    return dialog


def verify_bundle(parent: QWidget) -> VerifyDialog:
    dialog = VerifyDialog(parent)
    dialog.show_verifying(Path("Induction motor.evidence.zip"))
    holds = (
        Found(Part.CONTAINER, Verdict.HOLDS, "container_holds", {"entries": "15"}),
        Found(Part.MANIFEST, Verdict.HOLDS, "manifest_holds", _MANIFEST_SAYS),
        Found(Part.SIGNATURE, Verdict.HOLDS, "signed_by_sender", {"signer": WALLET}),
        Found(Part.BLOCK, Verdict.HOLDS, "block_holds", {"number": "149", "hash": TX_HASH}),
        Found(Part.TRANSACTION, Verdict.BROKEN, "changed", {"name": "chain/transaction-proof.rlp"}),
    )
    left = (part for part in list(Part)[len(holds) : -1])
    dialog.show_report(Report((*holds, *(Found(part, Verdict.NOT_CHECKED, "not_checked", {}) for part in left))))
    return dialog


def conflict(parent: QWidget) -> ConflictDialog:
    original = contents_of(an_asset(3, "Induction motor"))
    theirs = replace(original, draft=replace(original.draft, name="Induction motor, revised", creator_name="N. Tesla"))
    mine = replace(original, draft=replace(original.draft, name="Polyphase motor", description="Two phases."))
    names = {one.enterprise_id: one.name for one in ENTERPRISES}
    return ConflictDialog(differences(original, theirs, mine), T0, names, parent)


def deleted(parent: QWidget) -> DeletedDialog:
    dialog = DeletedDialog(may_delete_for_good=True, parent=parent)
    dialog.show_lines([DeletedAsset(UUID(int=n), f"Asset {n}", T0 - timedelta(days=n), "ada") for n in (1, 2, 3)])
    return dialog


def file_preview(parent: QWidget) -> FilePreviewDialog:
    dialog = FilePreviewDialog(an_asset(3).attachments[0], parent)
    picture = QImage(str(DEMO_DATA / "pictures" / "three-hares.png"))
    dialog.show_preview(Preview(image=picture.scaledToHeight(dialog.view_size.height()), pages=3))
    return dialog


def metadata(parent: QWidget) -> MetadataDialog:
    dialog = MetadataDialog(no_pictures(), parent)
    asset = asset_of(row(3, name="Induction motor"))
    uri = f"ipfs://{CID}/{asset.asset_id}.json"
    dialog.show_previews([MetadataPreview(asset, build_metadata(asset), FILE_CID, uri, is_published=False)])
    return dialog


def saved_filters(parent: QWidget) -> SavedFiltersDialog:
    dialog = SavedFiltersDialog("Now listed: Type: Patent", parent)
    patents = AssetQuery(types=frozenset({AssetType.PATENT}))
    other = SavedFilter(UUID(int=2), "深芯科技", AssetQuery())
    dialog.show_saved([SavedFilter(UUID(int=1), "Patents", patents), other])
    return dialog


def alerts(parent: QWidget) -> AlertPanel:
    panel = AlertPanel(parent)
    facts = {"job": str(UUID(int=5)), "asset": str(UUID(int=7)), "asset_name": "Vase", "assets": "1"}
    passed = T0 + timedelta(minutes=5)
    panel.show_alerts(
        [
            Alert(1, AlertKind.MINT_TOO_OLD, "", facts, T0),
            Alert(2, AlertKind.RETRIES_FAILED, "", facts, T0, passed),
        ]
    )
    return panel


def anchors(parent: QWidget) -> AnchorsDialog:
    dialog = AnchorsDialog(parent)
    dialog.show_anchors(
        [
            AuditAnchor(_POINT, "k1", TX_HASH, T0, "ada", block_number=149, block_hash="0x" + "9c" * 32, mined_at=T0),
            AuditAnchor(AuditPoint(1_100, b"\x4b" * 32), "k1", TX_HASH, T0, "ada"),
        ]
    )
    return dialog


def restore(parent: QWidget) -> RestoreDialog:
    backup = BackupFile("register-1.db", 598_016, T0, "0005", BackupReason.AUTOMATIC)
    dialog = RestoreDialog(backup, parent, is_chain_own=True)
    nothing = Difference()
    dialog.show_preview(
        RestorePreview(
            assets=Difference(25, 1, 0, ("Vase", "Bell"), ("Old name",)),
            enterprises=nothing,
            people=Difference(changing=1, first_changing=("maria",)),
            addresses=nothing,
            filters=nothing,
            mints=Difference(disappearing=2),
            newer_tokens=3,
            audit_rows_lost=40,
            changed_at=T0 + timedelta(hours=2),
            backup_changed_at=T0,
        )
    )
    return dialog


def address_import(parent: QWidget) -> AddressImportDialog:
    lines = (
        TypedLine(2, WALLET, "Notary", ""),
        TypedLine(3, OTHER_WALLET, "Escrow", "for disputes"),
        TypedLine(4, "0x12", "Broken", ""),
    )
    wanted: AddressImport = compare("addresses.csv", lines, ())
    return AddressImportDialog(wanted, parent)


def mint_confirm(parent: QWidget) -> MintDialog:
    dialog = MintDialog(lambda: T0, parent)
    dialog.show_head("Induction motor", "Patent · Helios Labs", is_local=True)
    dialog.confirm.show_subjects([], 0)
    dialog.confirm.show_recipient(WALLET, "Helios vault", "", can_reset=False)
    dialog.confirm.show_estimate(MintEstimate(79_126, 10**9, 79_126 * 10**9, 31337, True), 1)
    return dialog


def mint_waiting(parent: QWidget) -> MintDialog:
    dialog = mint_confirm(parent)
    waiting = GatheredMint(an_asset(3).asset_id, None, T0, "Anna Weber")
    dialog.confirm.show_waiting(wording.waits_already([waiting], 1, T0 + timedelta(seconds=30)))
    return dialog


def mint_progress(parent: QWidget) -> MintDialog:
    dialog = mint_confirm(parent)
    job = confirming(a_job(an_asset(3)))
    dialog.progress.show_transactions(job.transactions)
    dialog.progress.show_progress(MintProgress.of(job))
    dialog.show_face(dialog.progress)
    return dialog


def mint_success(parent: QWidget) -> MintDialog:
    dialog = mint_confirm(parent)
    asset = an_asset(3, "Induction motor")
    job, subjects = completed(a_job(asset)), (MintSubject.of(asset),)
    dialog.success.show_result(
        wording.success_headline(job),
        wording.took(job),
        wording.success_facts(job, subjects, None, None, no_label),
        wording.token_lines(job, subjects),
    )
    dialog.show_face(dialog.success)
    return dialog


def mint_left_out(parent: QWidget) -> MintDialog:
    dialog = mint_confirm(parent)
    assets = [an_asset(number, name) for number, name in enumerate(("Induction motor", "Alternating current"), 3)]
    refused = an_asset(5, "Transformer")
    failure = MintFailure(FailureKind.VALIDATION_FAILED, ErrorCode.RECIPIENT_REFUSED, "not on the list", False, True)
    alone = replace(a_job(refused), stage=MintStage.FAILED, failure=failure)
    job, subjects = completed(a_job(*assets)), tuple(MintSubject.of(asset) for asset in assets)
    dialog.success.show_result(
        wording.success_headline(job),
        wording.took(job),
        wording.success_facts(job, subjects, 76_324, 44.1, no_label),
        wording.token_lines(job, subjects),
        wording.left_out_lines([LeftOut(MintSubject.of(refused), alone)]),
    )
    dialog.show_face(dialog.success)
    return dialog


def mint_failed(parent: QWidget) -> MintDialog:
    dialog = mint_confirm(parent)
    failure = MintFailure(FailureKind.TRANSACTION_FAILED, ErrorCode.TX_REVERTED, "EnforcedPause", True, True)
    job = replace(confirming(a_job(an_asset(3))), stage=MintStage.FAILED, failure=failure)
    dialog.failure.show_failure(
        wording.failure_headline(job),
        wording.failure_error(job),
        wording.failure_facts(job),
        may_retry=wording.may_retry(job),
        needs_reset=wording.needs_reset(job),
        hint=wording.failure_hint(job),
    )
    dialog.show_face(dialog.failure)
    return dialog


def import_refused(parent: QWidget) -> ImportDialog:
    dialog = ImportDialog(parent)
    dialog.show_file("assets.csv")
    dialog.show_error(UserError(ErrorCode.SHEET_INVALID, "row 3"))
    return dialog


def doctor(parent: QWidget) -> DoctorDialog:
    dialog = DoctorDialog(3, parent)
    dialog.show_looking()
    folder = Remedy(phrase("Open the folder"), phrase("Shows it."), opens=Path("profile"))
    full = Finding(Level.WARN, phrase("3 GB free."), phrase("Make room."), remedies=(folder,))
    dialog.show_examined(Examined(CheckKey.DISK, phrase("Disk"), full, 0.1))
    for key in (CheckKey.CLOCK, CheckKey.NODE_PORT):
        dialog.show_examined(Examined(key, phrase("Check"), Finding(Level.OK, phrase("As it should be.")), 0.1))
    dialog.show_done()
    return dialog


def _checkpoint(name: str, reason: CheckpointReason) -> Checkpoint:
    return Checkpoint(name or "0", name, T0, reason, RegisterFigures(24, 3, 152), 598_016, 3_300_000, "0005", "9c")


def workspaces(parent: QWidget) -> WorkspacesDialog:
    dialog = WorkspacesDialog(parent)
    green = Workspace("green-012345", "Green energy", T0)
    dialog.show_workspaces([Workspace(HOME, "", None, T0), green, Workspace("patents-012345", "专利组合")], HOME)
    dialog.detail.show_folder(Path("profile"))
    dialog.detail.show_measure(WorkspaceMeasure(4_100_000, RegisterFigures(24, 3, 152)))
    dialog.checkpoints.show_checkpoints(
        [
            _checkpoint("Before the demonstration", CheckpointReason.BY_HAND),
            _checkpoint("", CheckpointReason.BEFORE_RETURN),
        ]
    )
    return dialog


def return_to_checkpoint(parent: QWidget) -> ReturnDialog:
    dialog = ReturnDialog(_checkpoint("Before the demonstration", CheckpointReason.BY_HAND), parent)
    nothing = Difference()
    dialog.show_preview(
        RestorePreview(
            assets=Difference(12, 1, 0, ("Vase", "Bell"), ("Old name",)),
            enterprises=nothing,
            people=nothing,
            addresses=nothing,
            filters=nothing,
            mints=Difference(disappearing=3),
            newer_tokens=3,
            audit_rows_lost=40,
            changed_at=T0 + timedelta(hours=2),
            backup_changed_at=T0,
        )
    )
    return dialog


def new_workspace(parent: QWidget) -> NameForm:
    return NameForm("New workspace", "An empty register.", "Create", choice="Fill it", parent=parent)


def omissions(parent: QWidget) -> OmissionsDialog:
    left_out = (
        Omission(UUID(int=5), "Wearable ECG patch", ErrorCode.RECIPIENT_REFUSED),
        Omission(UUID(int=6), "青花缠枝纹花瓶图案", ErrorCode.MINT_INVALID_STATE, "MINTED"),
        Omission(UUID(int=7), "", ErrorCode.ASSET_NOT_FOUND),
    )
    return OmissionsDialog(left_out, parent)


def verify_all(parent: QWidget) -> VerifyAllDialog:
    dialog = VerifyAllDialog(parent)
    facts = [
        VerifiedFact(field, "a", Witness.CHAIN, "a", "score.pdf" if field is VerifiedField.ATTACHMENT else "")
        for field in VerifiedField
    ]
    moved = replace(facts[0], witnessed="b", cause=Cause.OWNER_MOVED)
    damaged = replace(facts[-1], witnessed="b", cause=Cause.FILE_DAMAGED)
    dialog.show_verdicts(
        (
            AssetVerdict(UUID(int=5), "Wearable ECG patch", tuple(facts)),
            AssetVerdict(UUID(int=6), "青花缠枝纹花瓶图案", (moved, *facts[1:-1], damaged)),
            AssetVerdict(UUID(int=7), "Induction motor", tuple(facts[:-1])),
        )
    )
    return dialog


def repair(parent: QWidget) -> RepairDialog:
    finding = Reconciled(Cause.STRANGE_TOKEN, "", OTHER_WALLET, token_id=2**100 + 5)
    return RepairDialog(RepairPreview(finding, Repair.IGNORE, "", OTHER_WALLET, is_undoable=True), parent)


def repair_fields(parent: QWidget) -> RepairDialog:
    """From and to of fields, with what a hostile hand may have written there."""
    asset = an_asset()
    changed = replace(
        asset,
        name="Another <b>name</b> that is much longer than the line which has to show all of it",
        licence=replace(asset.licence, revenue_share_bp=9_900),
    )
    finding = Reconciled(Cause.RECORD_CHANGED, "", "", asset.asset_id, asset.name, asset.asset_id.int)
    present = contents_of(changed)
    preview = RepairPreview(
        finding,
        finding.repair,
        "",
        "",
        is_undoable=True,
        told=phrase("Its fields give the minted metadata again."),
        fields=differences(present, present, contents_of(asset)),
    )
    return RepairDialog(preview, parent)


def repair_file(parent: QWidget) -> RepairDialog:
    """Nobody has the file, and another one was chosen."""
    finding = Reconciled(Cause.FILE_MISSING, "4b" * 32, "", UUID(int=2), "Vase", 2, "score.pdf")
    preview = RepairPreview(
        finding,
        finding.repair,
        "",
        FILE_CID,
        is_undoable=False,
        told=phrase("Nobody who can be asked has it."),
        takes_file=True,
        needs_file=True,
    )
    dialog = RepairDialog(preview, parent)
    dialog.check()
    return dialog


def repair_uri(parent: QWidget) -> RepairDialog:
    """An amendment, told with its transaction."""
    finding = Reconciled(Cause.URI_DIFFERS, "", "", UUID(int=2), "Vase", 2)
    told = phrase(
        "Amended by transaction {tx_hash} in block {block}, in the name of the contract's owner; {signer} sent it.",
        tx_hash=TX_HASH,
        block=1_204,
        signer=WALLET,
    )
    before, after = (f"ipfs://{cid}/{UUID(int=2)}.json" for cid in (FILE_CID, CID))
    return RepairDialog(RepairPreview(finding, finding.repair, before, after, is_undoable=True, told=told), parent)


def validity_of_many(parent: QWidget) -> ValidityDialog:
    dialog = ValidityDialog(Validity.VALID, "", Validity.REVOKED, 1_204, parent)
    dialog.editor.setPlainText("The opposition was withdrawn.")
    dialog.set_busy(True)
    dialog.show_progress(482)
    return dialog


DIALOGS: dict[str, Make] = {
    "abi-import": abi_import,
    "address-form": lambda parent: AddressForm(None, parent),
    "address-import": address_import,
    "alerts": alerts,
    "anchors": anchors,
    "asset-form": asset_form,
    "change-password": lambda parent: ChangePasswordDialog(PERSON, parent),
    "conflict": conflict,
    "contract-call": contract_call,
    "contract-call-unsigned": contract_call_unsigned,
    "create-key": lambda parent: CreateKeystoreDialog(Path("keystores"), parent),
    "deleted": deleted,
    "doctor": doctor,
    **STAGE_DIALOGS,
    "enterprise-form": lambda parent: EnterpriseForm(ENTERPRISES[0], parent),
    "export": lambda parent: ExportDialog(1_204, parent),
    "export-evidence": export_evidence,
    "file-preview": file_preview,
    "first-admin": lambda parent: FirstAdminDialog(parent),
    "fund-account": fund_account,
    "import-refused": import_refused,
    "keys": lambda parent: KeySheet(key_lines(parent), parent),
    "metadata": metadata,
    "mint-confirm": mint_confirm,
    "mint-failed": mint_failed,
    "mint-left-out": mint_left_out,
    "mint-progress": mint_progress,
    "mint-success": mint_success,
    "mint-waiting": mint_waiting,
    "name-form": new_workspace,
    "omissions": omissions,
    "reading": lambda parent: ReadingDialog("User guide", user_guide(), GUIDE_FOLDER, parent),
    "repair": repair,
    "repair-fields": repair_fields,
    "repair-file": repair_file,
    "repair-uri": repair_uri,
    "reset": lambda parent: ResetDialog("Induction motor", parent),
    "restore": restore,
    "return-to-checkpoint": return_to_checkpoint,
    "saved-filters": saved_filters,
    "set-password": lambda parent: SetPasswordForm(PERSON, parent),
    "sign-in": lambda parent: SignInDialog(has_demo=True, parent=parent),
    "unlock-key": lambda parent: UnlockDialog(WALLET, 15, parent),
    "user-form": lambda parent: UserForm(ENTERPRISES, PERSON, parent),
    "verify-all": verify_all,
    "verify-bundle": verify_bundle,
    "verify-revoked": verify_revoked,
    "validity": lambda parent: ValidityDialog(Validity.SUSPENDED, "Induction motor", "VALID", 1, parent),
    "validity-of-many": validity_of_many,
    "workspaces": workspaces,
}
