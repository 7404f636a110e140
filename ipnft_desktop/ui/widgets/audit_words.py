"""What is said about the audit log, wherever it is mentioned."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.audit import AuditFault


def _tr(text: str) -> str:
    return QCoreApplication.translate("Audit", text)


def audit_fault(fault: str, row: str) -> str:
    """What is wrong with a row, in a sentence."""
    match fault:
        case AuditFault.EDITED:
            told = _tr("Row {0} is not what was sealed: it was changed, or put there, past the program.")
        case AuditFault.REMOVED:
            told = _tr("Row {0} is missing: it was removed past the program.")
        case AuditFault.TRUNCATED:
            told = _tr("The last rows are missing: they were removed past the program. Noticed at row {0}.")
        case AuditFault.UNSEALED:
            told = _tr("Row {0} has no seal although rows before it have one: it was put there past the program.")
        case AuditFault.OTHER_KEY:
            told = _tr("Row {0} is sealed with another key. Programs that share a register must share its key folder.")
        case AuditFault.KEY_REPLACED:
            told = _tr("The key was missing and another one was made. Only rows from {0} on can be judged.")
        case AuditFault.HEAD_MISSING:
            told = _tr("The note of the last row was missing. Whether rows behind {0} were removed cannot be told.")
        case _:
            told = _tr("Row {0} cannot be judged.")
    return told.format(row)
