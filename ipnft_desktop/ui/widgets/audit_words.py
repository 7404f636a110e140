"""What is said about the audit log, wherever it is mentioned."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.audit import AnchorMatch, AnchorVerdict, AuditFault, AuditVerdict
from ipnft_desktop.ui.widgets.error_words import joined
from ipnft_desktop.ui.widgets.measures import number_text


def _tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("Audit", text, "", count)


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


def verdict_sentence(verdict: AuditVerdict) -> str:
    """What a verification found."""
    if verdict.finding is not None:
        return audit_fault(verdict.finding.fault, number_text(verdict.finding.audit_id))
    told = [_tr("All %Ln sealed rows are as they were written.", verdict.rows_judged)]
    if verdict.rows_unsealed:
        told.append(_tr("%Ln rows are from before rows were sealed.", verdict.rows_unsealed))
    if verdict.rows_of_other_keys:
        told.append(_tr("%Ln rows are sealed with a key that is gone.", verdict.rows_of_other_keys))
    return joined(*told)


def anchor_sentence(verdict: AnchorVerdict) -> str:
    """How an anchor and the log agree."""
    row = number_text(verdict.point.audit_id) if verdict.point else ""
    block = number_text(verdict.block_number) if verdict.block_number is not None else ""
    match verdict.match:
        case AnchorMatch.SAME:
            told = _tr("Row {0} bears the seal that block {1} shows: up to it nothing was changed since.")
            return told.format(row, block)
        case AnchorMatch.DIFFERENT:
            told = _tr("Row {0} bears another seal than block {1} shows: the log was written anew since.")
            return told.format(row, block)
        case AnchorMatch.ROW_MISSING:
            return _tr("Block {1} shows the seal of row {0}, which the log does not have.").format(row, block)
        case AnchorMatch.NOT_ON_CHAIN:
            return _tr("The chain has no such transaction: it is not mined yet, or was sent on another chain.")
        case AnchorMatch.NO_ANCHOR:
            return _tr("This transaction anchors no audit log.")
