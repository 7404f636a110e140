"""The keys of the memory that dialogs keep: one for every dialog that the window tests know."""

from __future__ import annotations

from benchmarks.key import Key

DIALOGS = (
    "abi-import",
    "address-form",
    "address-import",
    "alerts",
    "anchors",
    "asset-form",
    "change-password",
    "conflict",
    "contract-call",
    "contract-call-unsigned",
    "create-key",
    "deleted",
    "doctor",
    "enterprise-form",
    "export",
    "export-evidence",
    "file-preview",
    "first-admin",
    "fund-account",
    "import-refused",
    "keys",
    "metadata",
    "mint-confirm",
    "mint-failed",
    "mint-left-out",
    "mint-progress",
    "mint-success",
    "mint-waiting",
    "name-form",
    "omissions",
    "reading",
    "rehearsal-report",
    "rehearsal-running",
    "repair",
    "repair-fields",
    "repair-file",
    "repair-uri",
    "reset",
    "restore",
    "return-to-checkpoint",
    "saved-filters",
    "set-password",
    "sign-in",
    "stage-ready",
    "unlock-key",
    "user-form",
    "verify-all",
    "verify-bundle",
    "verify-revoked",
    "validity",
    "validity-of-many",
    "workspaces",
)
"""The names in `tests/support/views/dialogs.py`, whose samples are used; a test holds the two together."""
GROWTH_LIMIT_PERCENT = 5.0

DIALOG_KEYS = {
    f"memory.dialog.{name}.growth_percent": Key(
        "%",
        "memory of a process after opening and closing the dialog 500 times, against that after 50",
        limit=GROWTH_LIMIT_PERCENT,
    )
    for name in DIALOGS
}
