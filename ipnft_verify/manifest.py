"""The manifest: every fact that a bundle states and every file in it, in the one form that is signed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ipnft_verify.canonical import canonical, parsed

FORMAT = "ipnft-evidence/1"
MANIFEST = "manifest.json"
SIGNATURE = "signature.json"
PROOFS = {"en": "PROOF.en.md", "zh": "PROOF.zh.md"}
METADATA = "metadata.json"
LICENCE = "licence.json"
HEADER = "chain/block-header.rlp"
TRANSACTION_PROOF = "chain/transaction-proof.rlp"
RECEIPT_PROOF = "chain/receipt-proof.rlp"
CODE = "chain/contract-code.bin"
STATE_PROOF = "chain/state-proof.rlp"
DIRECTORY = "content/directory.car"
AUDIT = "audit.json"
HISTORY = "chain/history/"
VALIDITIES = ("VALID", "SUSPENDED", "REVOKED")

_ADDRESS = "0x[0-9a-fA-F]{40}"
_HASH = "0x[0-9a-f]{64}"
_SHA256 = "[0-9a-f]{64}"
_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
_CID = "b[a-z2-7]{58}"
_WEI = r"0|[1-9]\d{0,77}"
_TEXT = r"(?s:.{0,20000})"
_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")

Shape = Mapping[str, Any]
"""Names with what must stand under them: a pattern for text, `int`, `bool`, a shape, or a list of one."""

_LICENCE_SHAPE: Shape = {
    "transferable": bool,
    "commercial_use": bool,
    "derivatives": bool,
    "attribution": bool,
    "revenue_share_bp": int,
    "expires_on": r"\d{4}-\d\d-\d\d|",
}
_EVENT: Shape = {
    "kind": "TRANSFER|VALIDITY|DIRECTORY",
    "block_number": int,
    "block_hash": _HASH,
    "block_time": _MOMENT,
    "transaction_hash": _HASH,
    "transaction_index": int,
    "log_index": int,
    "value": _TEXT,
    "detail": _TEXT,
}
_MANIFEST_SHAPE: Shape = {
    "format": re.escape(FORMAT),
    "issued_at": _MOMENT,
    "issued_by": _TEXT,
    "asset": {
        "id": _UUID,
        "name": _TEXT,
        "type": _TEXT,
        "legal_status": _TEXT,
        "application_number": _TEXT,
        "creator": _TEXT,
        "creation_date": _TEXT,
        "enterprise": _TEXT,
    },
    "chain": {"chain_id": int, "contract": _ADDRESS, "instance_id": _HASH, "code_hash": _HASH},
    "token": {"id": "0x[0-9a-f]{32}", "uri": _TEXT, "directory_cid": _CID, "metadata_cid": _CID},
    "mint": {
        "transaction_hash": _HASH,
        "transaction_index": int,
        "log_index": int,
        "block_number": int,
        "block_hash": _HASH,
        "block_time": _MOMENT,
        "sender": _ADDRESS,
        "recipient": _ADDRESS,
        "gas_used": int,
        "gas_price_wei": _WEI,
    },
    "state": {
        "block_number": int,
        "block_hash": _HASH,
        "block_time": _MOMENT,
        "owner": _ADDRESS,
        "validity": "|".join(VALIDITIES),
        "is_proved": bool,
    },
    "history": [_EVENT],
    "licence": _LICENCE_SHAPE,
    "withheld": [{"kind": "ATTACHMENT|AGREEMENT", "sha256": _SHA256}],
    "attachments": [
        {
            "entry": _TEXT,
            "file_name": _TEXT,
            "media_type": _TEXT,
            "size_bytes": int,
            "sha256": _SHA256,
            "cid": _CID,
        }
    ],
    "audit_rows": int,
    "files": [{"name": _TEXT, "size_bytes": int, "sha256": _SHA256}],
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is stated, in the words of the file; every field was found to be there and of its kind."""

    facts: dict[str, Any]
    data: bytes

    @classmethod
    def read(cls, data: bytes) -> Manifest:
        """Raises ValueError for what is no manifest of this format."""
        facts = parsed(data)
        check_shape(facts, _MANIFEST_SHAPE, "manifest")
        for moment in (facts["issued_at"], facts["mint"]["block_time"], facts["state"]["block_time"]):
            datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S%z")
        return cls(facts, data)

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Manifest:
        """A manifest of these facts. Raises ValueError where they are not those of this format."""
        return cls.read(canonical(facts))

    def __getitem__(self, name: str) -> Any:
        return self.facts[name]

    @property
    def names(self) -> list[str]:
        """Every entry of the bundle in its order."""
        return [MANIFEST, SIGNATURE, *(file["name"] for file in self["files"])]

    def expected_names(self) -> list[str]:
        """Every entry as it must be called, for what the facts say."""
        history = [history_entry(number) for number in range(len(self["history"]))]
        state = [STATE_PROOF] if self["state"]["is_proved"] else []
        chain = [HEADER, TRANSACTION_PROOF, RECEIPT_PROOF, CODE, *state, *history]
        attachments = [file["entry"] for file in self["attachments"]]
        content = [METADATA, LICENCE, *chain, DIRECTORY, *attachments, AUDIT]
        return [MANIFEST, SIGNATURE, *PROOFS.values(), *content]


PROOFS_BYTES = 8 * 2**20
"""All proofs of a bundle together: keccak takes five seconds for a mebibyte here, and whoever forges a bundle has all
the time there is."""
_MOST_BYTES = {
    MANIFEST: 2**20,
    SIGNATURE: 65_536,
    **dict.fromkeys(PROOFS.values(), 4 * 2**20),
    METADATA: 2 * 2**20,
    LICENCE: 2**20,
    HEADER: 4096,
    CODE: 65_536,
    STATE_PROOF: 262_144,
    AUDIT: 4 * 2**20,
    DIRECTORY: 16 * 2**20,
}


def most_bytes_of(name: str) -> int:
    """The most that an entry which is read as a whole can have; the proofs have `PROOFS_BYTES` together, too."""
    return _MOST_BYTES.get(name, 2 * 2**20)


def is_proof(name: str) -> bool:
    """Whether it is one of the entries that prove something by hashes of the chain."""
    return name.startswith("chain/") and name != CODE


def history_entry(number: int) -> str:
    """Name of the proof of an event, counted from 0."""
    return f"{HISTORY}{number + 1:04d}.rlp"


def attachment_entry(number: int, file_name: str) -> str:
    """Name of an attachment's entry: counted from 0, and only the suffix of a name that may be anything."""
    suffix = _SUFFIX.fullmatch("." + file_name.rpartition(".")[2]) if "." in file_name else None
    return f"attachments/{number + 1:03d}{suffix.group() if suffix else ''}"


def check_shape(value: Any, shape: Any, place: str) -> None:
    """Raise ValueError unless a value has this shape, no more and no less."""
    if shape is Any:
        is_good = True
    elif shape is int:
        is_good = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    elif shape is bool:
        is_good = isinstance(value, bool)
    elif isinstance(shape, str):
        is_good = isinstance(value, str) and re.fullmatch(shape, value, re.ASCII) is not None
    elif isinstance(shape, Sequence):
        is_good = isinstance(value, list)
        for item in value if is_good else ():
            check_shape(item, shape[0], place)
    else:
        is_good = isinstance(value, dict) and value.keys() == shape.keys()
        for name in shape if is_good else ():
            check_shape(value[name], shape[name], f"{place}.{name}")
    if not is_good:
        raise ValueError(f"{place} is not as it must be")
