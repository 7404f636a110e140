"""The extract of the register's audit log that a bundle has."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from ipnft_verify.broken import Broken
from ipnft_verify.canonical import canonical, parsed
from ipnft_verify.manifest import check_shape

TOLD = frozenset({"mint.requested", "mint.signed", "mint.completed", "mint.adopted"})
"""Actions whose facts are told. What was edited, and the names of files, may be nobody's business: of other rows there
is only the hash."""
_SHAPE = {
    "asset_id": "[0-9a-f-]{36}",
    "rows": [
        {
            "row": int,
            "at": "[0-9T:.+-]{19,40}",
            "actor": "(?s:.{0,200})",
            "action": "[a-z_.]{1,100}",
            "facts": Any,
            "sha256": "[0-9a-f]{64}",
            "key": "(?s:.{0,200})",
            "seal": "([0-9a-f]{64})?",
        }
    ],
}
MINTED_ACTIONS = ("mint.completed", "mint.adopted")
"""Actions that end a mint with a token."""


def row_sha256(at: str, actor: str, action: str, subject: str, facts: Mapping[str, str], changes: Any) -> str:
    """Hash of what a row says, in the form that the register seals."""
    line = {"at": at, "actor": actor, "action": action, "subject": subject, "facts": dict(facts), "changes": changes}
    return hashlib.sha256(canonical(line)).hexdigest()


def audit_file(asset_id: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The extract as a file."""
    return canonical({"asset_id": asset_id, "rows": list(rows)})


def check_rows(data: bytes, asset_id: str, transaction_hash: str) -> int:
    """How many rows there are. Raises Broken where they contradict themselves or the mint."""
    extract = parsed(data)
    check_shape(extract, _SHAPE, "audit")
    rows = extract["rows"]
    numbers = [row["row"] for row in rows]
    if extract["asset_id"] != asset_id or numbers != sorted(set(numbers)):
        raise Broken("audit_order")
    for row in rows:
        facts: dict[str, Any] = row["facts"]
        check_shape(list(facts.values()), ["(?s:.*)"], "audit")
        if facts and row["action"] not in TOLD:
            raise Broken("audit_row", row=row["row"])
        if row["action"] in TOLD:
            told = row_sha256(row["at"], row["actor"], row["action"], asset_id, facts, {})
            if told != row["sha256"]:
                raise Broken("audit_row", row=row["row"])
    ends = [row["facts"].get("tx_hash") for row in rows if row["action"] in MINTED_ACTIONS]
    if ends and transaction_hash not in ends:
        raise Broken("audit_other_mint")
    return len(rows)
