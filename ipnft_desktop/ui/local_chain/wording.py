"""What is said of a chain of our own."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.contract_writes import ContractWrite, WriteState
from ipnft_desktop.domain.local_chain import ChainSnapshot, Mining, MiningMode, RevertPreview
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.amounts import eth_text
from ipnft_desktop.ui.widgets.error_words import joined
from ipnft_desktop.ui.widgets.measures import local_time, number_text


def _tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("LocalChain", text, "", count)


def mining_text(mining: Mining) -> str:
    """When blocks come."""
    if mining.mode is MiningMode.INTERVAL and mining.interval_s:
        return _tr("a block every %Ln seconds", mining.interval_s)
    return {
        MiningMode.AT_ONCE: _tr("each transaction at once"),
        MiningMode.INTERVAL: _tr("by the clock"),
        MiningMode.ON_DEMAND: _tr("only when somebody mines"),
    }[mining.mode]


def snapshot_text(snapshot: ChainSnapshot) -> str:
    """Where, when and by whom it was made."""
    return f"#{number_text(snapshot.block.number)} · {local_time(snapshot.made_at)} · {snapshot.made_by}"


def revert_question(preview: RevertPreview) -> str:
    """What going back undoes, before it is done."""
    told = [_tr("Go back to “{0}”?").format(preview.snapshot.name), _tr("%Ln blocks go.", preview.blocks)]
    if preview.mints:
        told.append(_tr("%Ln mints lose their block.", preview.mints))
    if preview.calls:
        told.append(_tr("%Ln other calls lose theirs.", preview.calls))
    if preview.mints or preview.calls:
        told.append(_tr("What was signed for them is sent again, so it comes back in new blocks."))
    if preview.snapshots:
        told.append(_tr("%Ln later snapshots are lost.", preview.snapshots))
    return joined(*told)


def paid_sentence(paid: ContractWrite, whom: str) -> tuple[str, Tone]:
    """What became of a payment to `whom`, and in which tone: only a block that shows it makes it one."""
    amount = eth_text(paid.call.value_wei)
    if paid.state is WriteState.DONE:
        return _tr("{0} was paid to {1}").format(amount, whom), Tone.OK
    if paid.state is WriteState.WAITING:
        return _tr("The transfer of {0} is recorded and sent; no block shows it yet.").format(amount), Tone.WARN
    why = paid.revert or _tr("another transaction took its place")
    return _tr("{0} was not paid: {1}").format(amount, why), Tone.ERROR


def reverted_sentence(undone: RevertPreview) -> str:
    """What was undone."""
    return joined(
        _tr("The chain is back at block #{0}.").format(number_text(undone.snapshot.block.number)),
        _tr("%Ln blocks are gone.", undone.blocks),
    )
