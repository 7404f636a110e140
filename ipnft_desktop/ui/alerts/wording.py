"""What is said about each kind of alert."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.alerts import Alert, AlertKind
from ipnft_desktop.services.alert_rules import AlertedMint
from ipnft_desktop.ui.widgets.audit_words import audit_fault
from ipnft_desktop.ui.widgets.key_value_panel import Fact
from ipnft_desktop.ui.widgets.measures import local_time, number_text, utc_time
from ipnft_desktop.ui.widgets.plain import shorten


def _tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("Alerts", text, "", count)


def headline(alert: Alert) -> str:
    """What is out of order, or was."""
    is_open = alert.cleared_at is None
    match alert.kind:
        case AlertKind.SUCCESS_RATE_LOW:
            return _tr("The success rate is below 95 %") if is_open else _tr("The success rate was below 95 %")
        case AlertKind.MINT_TOO_OLD if is_open:
            return _tr("A mint is open for more than ten minutes")
        case AlertKind.MINT_TOO_OLD:
            return _tr("A mint was open for more than ten minutes")
        case AlertKind.RETRIES_FAILED:
            failed = int(alert.facts.get("failed", "3"))
            now, then = (
                _tr("Retries do not help: %Ln in a row failed", failed),
                _tr("%Ln retries in a row failed", failed),
            )
            return now if is_open else then
        case AlertKind.AUDIT_BROKEN:
            return _tr("The audit log is not proved") if is_open else _tr("The audit log was not proved")
        case AlertKind.STORES_DIFFER if is_open:
            return _tr("Register, chain and content differ")
        case AlertKind.STORES_DIFFER:
            return _tr("Register, chain and content differed")
        case AlertKind.CALL_STUCK if is_open:
            return _tr("A call waits although blocks are mined")
        case AlertKind.CALL_STUCK:
            return _tr("A call waited although blocks were mined")


def about(alert: Alert) -> str:
    """Which asset it is about; for an alert about all mints the latest that failed; for the audit log the row."""
    if alert.kind is AlertKind.AUDIT_BROKEN:
        return _tr("Row {0}").format(alert.facts.get("row", "–"))
    if alert.kind is AlertKind.STORES_DIFFER:
        return _tr("%Ln findings", int(alert.facts.get("findings", "0")))
    if alert.kind is AlertKind.CALL_STUCK:
        name = alert.facts.get("function", "").partition("(")[0] or _tr("Transfer")
        return _tr("{0}, nonce {1}").format(name, alert.facts.get("nonce", "–"))
    mint = AlertedMint.of(alert)
    if mint is None:
        return _tr("All mints")
    others = mint.asset_count - 1
    name = mint.asset_name
    if others:
        name = _tr("{0} and %Ln more", others).format(name)
    return name if alert.kind is AlertKind.MINT_TOO_OLD else _tr("Latest failure: {0}").format(name)


def explanation(alert: Alert) -> str:
    """What it means."""
    is_open = alert.cleared_at is None
    match alert.kind:
        case AlertKind.SUCCESS_RATE_LOW:
            succeeded, ended = alert.facts.get("succeeded", "–"), int(alert.facts.get("ended", "0"))
            told = _tr("When this was noticed, {0} of the latest %Ln mints had ended with a token.", ended)
            return told.format(succeeded)
        case AlertKind.MINT_TOO_OLD if is_open:
            return _tr("It is still watched and completes by itself once the chain confirms it. Nothing is sent twice.")
        case AlertKind.MINT_TOO_OLD:
            return _tr("The mint has ended since.")
        case AlertKind.RETRIES_FAILED if is_open:
            return _tr("Each of them ended without a token, so trying once more is unlikely to help.")
        case AlertKind.RETRIES_FAILED:
            return _tr("A later retry succeeded, or the failures are not among the latest mints any more.")
        case AlertKind.AUDIT_BROKEN:
            return audit_fault(alert.facts.get("fault", ""), alert.facts.get("row", "–"))
        case AlertKind.STORES_DIFFER:
            return _tr("The scheduled reconciliation found differences; each has its cause and what can be done.")
        case AlertKind.CALL_STUCK if is_open:
            return _tr(
                "It is recorded and sent, and no block takes it: it may offer too little. What has a later nonce waits "
                "with it, mints too. When this was noticed, %Ln transactions waited behind it.",
                int(alert.facts.get("behind", "0")),
            )
        case AlertKind.CALL_STUCK:
            return _tr("The call is in a block now, or it was taken back or replaced.")


def advice(alert: Alert) -> tuple[str, ...]:
    """What to do next."""
    if alert.cleared_at is not None:
        return (_tr("Nothing needs doing: it passed."),)
    match alert.kind:
        case AlertKind.SUCCESS_RATE_LOW:
            return (
                _tr("Open the latest failure and read its reason."),
                _tr("Check the node and the content store on the Environment page."),
            )
        case AlertKind.MINT_TOO_OLD:
            return (
                _tr("Check the node on the Environment page."),
                _tr("Open the mint: it says what it waits for, and what can be done about it."),
            )
        case AlertKind.RETRIES_FAILED:
            return (
                _tr("Open the latest failure and correct its cause before anything is tried again."),
                _tr("A mint that failed three times needs an administrator."),
            )
        case AlertKind.AUDIT_BROKEN:
            return (
                _tr("Open the audit log on the Admin page and verify all of it."),
                _tr("Keep a copy of the register as it is, and compare it with its backups and anchors."),
                _tr("If the key is lost, put your copy of keys/ back and start again."),
            )
        case AlertKind.STORES_DIFFER:
            return (_tr("Open Reconcile on the Admin page and go through the findings."),)
        case AlertKind.CALL_STUCK:
            return (
                _tr("Open the call: it says what the node replied to it."),
                _tr("Wait for a cheaper block, or let an administrator take the call back and ask for it anew."),
            )


def facts(alert: Alert) -> tuple[Fact, ...]:
    """Times, and the id under which the log tells the whole story of the mint."""
    lines = [Fact(_tr("Since"), local_time(alert.raised_at), copy=utc_time(alert.raised_at))]
    if alert.cleared_at is not None:
        lines.append(Fact(_tr("Passed"), local_time(alert.cleared_at), copy=utc_time(alert.cleared_at)))
    if (mint := AlertedMint.of(alert)) is not None:
        job_id = str(mint.job_id)
        lines.append(Fact(_tr("Mint in the log"), shorten(job_id, 13, 6), copy=job_id))
    if tx_hash := alert.facts.get("tx_hash"):
        lines.append(Fact(_tr("Transaction"), shorten(tx_hash), copy=tx_hash))
    return tuple(lines)


def open_button(alert: Alert) -> str:
    """What the button opens."""
    if alert.kind is AlertKind.AUDIT_BROKEN:
        return _tr("Open audit log")
    if alert.kind is AlertKind.STORES_DIFFER:
        return _tr("Open the findings")
    if alert.kind is AlertKind.CALL_STUCK:
        return _tr("Open the call")
    return _tr("Open mint") if alert.kind is AlertKind.MINT_TOO_OLD else _tr("Open latest failure")


def summary(open_count: int, passed_count: int) -> str:
    """How many there are of either."""
    return _tr("{0} open · {1} passed").format(number_text(open_count), number_text(passed_count))


def notice(alert: Alert, count: int) -> str:
    """The notice of `count` new alerts of one kind, of which this is the latest."""
    if alert.kind is not AlertKind.MINT_TOO_OLD:
        return headline(alert)
    if count > 1:
        return _tr("%Ln mints are open for more than ten minutes", count)
    return _tr("Open for more than ten minutes: {0}").format(about(alert))
