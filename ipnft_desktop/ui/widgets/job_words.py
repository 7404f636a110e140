"""The words and tones in which mints and batches are spoken of: the same in a table, beside it and when copied."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.mint_activity import JobGroup, JobRow
from ipnft_desktop.domain.minting import MintStage
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.amounts import eth_text
from ipnft_desktop.ui.widgets.asset_words import stage_name
from ipnft_desktop.ui.widgets.measures import local_clock, local_day, local_time, number_text, seconds_text
from ipnft_desktop.ui.widgets.plain import visible

DASH = "–"
_TENTHS_UP_TO_S, _MINUTE_S, _HOUR_S, _DAY_S = 10, 60, 3_600, 86_400


def group_name(group: JobGroup) -> str:
    """What a part of the list is called."""
    translate = QCoreApplication.translate
    match group:
        case JobGroup.ALL:
            return translate("Activity", "All")
        case JobGroup.RUNNING:
            return translate("Activity", "Running")
        case JobGroup.WAITING:
            return translate("Activity", "Waiting")
        case JobGroup.NEEDS_ATTENTION:
            return translate("Activity", "Needs attention")
        case JobGroup.FAILED:
            return translate("Activity", "Failed")
        case JobGroup.CANCELLED:
            return translate("Activity", "Cancelled")
        case JobGroup.MINTED:
            return translate("Activity", "Minted")


def subject(row: JobRow) -> str:
    """The asset, or how many, beginning with which."""
    if row.item_count == 1:
        return visible(row.asset_name)
    return QCoreApplication.translate("Activity", "Batch of {0} · {1}").format(
        number_text(row.item_count), visible(row.asset_name)
    )


def state_tag(row: JobRow) -> tuple[str, Tone]:
    """The word and tone of the state's tag."""
    translate = QCoreApplication.translate
    match row.stage:
        case MintStage.COMPLETED:
            return translate("Activity", "MINTED"), Tone.OK
        case MintStage.FAILED:
            return translate("Activity", "FAILED"), Tone.ERROR if row.is_current else Tone.NEUTRAL
        case MintStage.CANCELLED:
            return translate("Activity", "CANCELLED"), Tone.WARN if row.is_current else Tone.NEUTRAL
        case MintStage.REQUESTED:
            return translate("Activity", "WAITING"), Tone.WARN if row.trouble else Tone.NEUTRAL
        case _:
            return translate("Activity", "MINTING"), Tone.WARN if row.trouble else Tone.ACCENT


def state_detail(row: JobRow, now: datetime) -> str:
    """What stands behind the tag: the stage with its time while a mint runs, the code of what is wrong."""
    if row.code is not None and not row.is_open:
        return row.code if row.is_current else superseded()
    if not row.is_open:
        return elapsed_text(row.elapsed_s(now))
    if row.trouble is not None:
        return f"{elapsed_text(row.elapsed_s(now))} · {row.trouble}"
    stage = "" if row.stage is MintStage.REQUESTED else stage_name(row.stage)
    if row.stage is MintStage.CONFIRMING:
        stage = f"{stage} {row.confirmations}/{row.required_confirmations}"
    if row.cancel_requested and row.block_number is None:
        stage = QCoreApplication.translate("Activity", "CANCELLING")
    return " · ".join(part for part in (stage, elapsed_text(row.elapsed_s(now))) if part)


def superseded() -> str:
    """Of a mint whose assets were minted again or reset since."""
    return QCoreApplication.translate("Activity", "superseded")


def elapsed_text(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min` or `3 d 4 h`: as exact as it is worth."""
    translate, whole = QCoreApplication.translate, int(seconds)
    if whole < _MINUTE_S:
        return seconds_text(whole if seconds >= _TENTHS_UP_TO_S else seconds, 0 if seconds >= _TENTHS_UP_TO_S else 1)
    if whole < _HOUR_S:
        return translate("Activity", "{0} min {1} s").format(whole // _MINUTE_S, f"{whole % _MINUTE_S:02d}")
    if whole < _DAY_S:
        return translate("Activity", "{0} h {1} min").format(whole // _HOUR_S, f"{whole % _HOUR_S // _MINUTE_S:02d}")
    return translate("Activity", "{0} d {1} h").format(number_text(whole // _DAY_S), whole % _DAY_S // _HOUR_S)


def tries(row: JobRow) -> str:
    """The attempt and, once signed, its nonce: `1 · #42`."""
    attempt = str(max(row.attempt, 1))
    return attempt if row.nonce is None else f"{attempt} · #{row.nonce}"


def gas(row: JobRow) -> str:
    """Gas used, once a block has it."""
    return DASH if row.gas_used is None else number_text(row.gas_used)


def fee(row: JobRow) -> str:
    """What that cost."""
    return "" if row.fee_wei is None else eth_text(row.fee_wei)


def asked_by(row: JobRow) -> str:
    """The account that asked, as far as it is on record."""
    return visible(row.requested_by) or DASH


def when(row: JobRow, now: datetime) -> str:
    """The time of a request of today, the day of an older one."""
    at = row.times.requested_at
    return local_clock(at) if local_day(at) == local_day(now) else local_day(at)


def copied(row: JobRow, now: datetime) -> str:
    """The line as tab-separated text, nothing of it shortened."""
    cells = (
        subject(row),
        state_tag(row)[0],
        row.code or "",
        str(max(row.attempt, 1)),
        "" if row.nonce is None else str(row.nonce),
        row.tx_hash or "",
        "" if row.gas_used is None else str(row.gas_used),
        fee(row),
        row.recipient,
        row.requested_by,
        local_time(row.times.requested_at),
        elapsed_text(row.elapsed_s(now)),
        str(row.job_id),
    )
    return "\t".join(" ".join(cell.split()) for cell in cells)


def utc_now() -> datetime:
    """The clock of the page."""
    return datetime.now(UTC)


def days_back(days: int, now: datetime) -> datetime:
    """When today began here, and so many days before it."""
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)
