"""The Contracts and Accounts tabs while blocks come and answers are late."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.inspection.contracts import AbiEntry, AccountState
from ipnft_desktop.domain.inspection.decoding import DecodedValue
from ipnft_desktop.domain.inspection.directory import AccountLine, AccountList, AccountSource, ReadAnswer
from ipnft_desktop.domain.inspection.tracing import StateChange
from ipnft_desktop.ui.inspection import reader
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Size, Space, WindowSize
from ipnft_desktop.ui.widgets.address_words import no_label
from ipnft_desktop.ui.widgets.chain_words import Names
from ipnft_desktop.ui.widgets.value_facts import value_facts
from tests.gui.support import chain_tabs as sample
from tests.gui.support.waiting import settled, turns
from tests.gui.test_chain_tabs import Stage, staged

AWAY = EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "answer too late")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is gathered for a moment goes out at once."""
    monkeypatch.setattr(reader, "_PAUSE_MS", 0)


@staged
async def test_an_answer_stays_when_a_block_comes_and_goes_with_its_contract(stage: Stage) -> None:
    await stage.open(stage.contracts)
    panel = stage.contracts.panel
    panel.show_part(panel.read)
    await stage.quiet()
    panel.read.read_button.click()
    await stage.quiet()
    assert panel.read.told.text() == "Answer at block 152"
    stage.run_contracts.changed()
    await stage.quiet()
    assert panel.read.told.text() == "Answer at block 152"
    stage.contracts.table.select(sample.STRANGER)
    await stage.quiet()
    panel.read.read_button.click()
    await stage.quiet()
    assert panel.read.told.text() == "Answer at block 152"
    stage.contracts.table.select(sample.GONE.address)
    assert panel.read.told.text() == "", "of another contract without an ABI"


@staged
async def test_a_refusal_of_a_call_stays_when_a_block_comes(stage: Stage) -> None:
    await stage.open(stage.contracts)
    panel = stage.contracts.panel
    panel.show_part(panel.write)
    await stage.quiet()
    stage.told.refusal = UserError(ErrorCode.MINT_INVALID_STATE, "execution reverted: nope")
    panel.write.simulate_button.click()
    await stage.quiet()
    assert panel.write.error_panel.isVisibleTo(panel.write)
    stage.run_contracts.changed()
    await stage.quiet()
    assert panel.write.error_panel.isVisibleTo(panel.write)
    stage.contracts.table.select(sample.STRANGER)
    await stage.quiet()
    assert not panel.write.error_panel.isVisibleTo(panel.write)


@staged
async def test_a_late_refusal_of_one_contract_is_not_told_at_another(stage: Stage) -> None:
    await stage.open(stage.contracts)
    panel, gate = stage.contracts.panel, asyncio.Event()
    panel.show_part(panel.read)
    await stage.quiet()

    async def ask(address: str, entry: AbiEntry, texts: Sequence[str], at: int | None = None) -> ReadAnswer:
        await gate.wait()
        raise AWAY

    stage.told.ask = ask
    panel.read.read_button.click()
    await turns()
    assert not panel.read.read_button.isEnabled()
    stage.contracts.table.select(sample.STRANGER)
    await turns()
    assert panel.read.read_button.isEnabled(), "the other one can be asked meanwhile"
    gate.set()
    await stage.quiet()
    assert not panel.read.error_panel.isVisibleTo(panel.read)


@staged
async def test_late_words_of_storage_do_not_take_the_place_of_newer_ones(stage: Stage) -> None:
    gate = asyncio.Event()

    async def keyed(address: str, key: str, at: int | None = None) -> tuple[StateChange, ...]:
        if key == "A":
            await gate.wait()
        return sample.WORDS[:1] if key == "A" else sample.WORDS[1:2]

    stage.told.keyed_storage = keyed
    await stage.open(stage.contracts)
    panel = stage.contracts.panel
    panel.show_part(panel.storage)
    await stage.quiet()
    for key in ("A", "B"):
        panel.storage.key.setText(key)
        panel.storage.look_button.click()
        await turns()
    await settled(lambda: [stored.variable for stored in panel.storage.table.records.records] == ["owner"])
    gate.set()
    await stage.quiet()
    assert [stored.variable for stored in panel.storage.table.records.records] == ["owner"]


@staged
async def test_what_is_no_height_is_not_taken_for_the_newest_block(stage: Stage) -> None:
    await stage.open(stage.contracts)
    panel = stage.contracts.panel
    panel.show_part(panel.read)
    await stage.quiet()
    panel.read.block.line.setText("+")
    asked = list(stage.told.asked)
    panel.read.read_button.click()
    await stage.quiet()
    assert stage.told.asked == asked
    assert panel.read.block.error == "Not a height: digits only"
    await stage.open(stage.events)
    stage.events.first_block.setText("+")
    assert stage.events.first_block.property("invalid")
    assert stage.events.wanted.first_block is None


@staged
async def test_accounts_out_of_view_are_asked_for_in_turn(stage: Stage) -> None:
    addresses = [f"0x{number:040x}" for number in range(400)]
    lines = [AccountLine(AccountState(each, 1, 0, 0, ""), frozenset({AccountSource.EVENTS}), 0) for each in addresses]
    stage.told.known = AccountList(tuple(lines), True)
    await stage.open(stage.accounts)
    assert stage.told.kept == [frozenset()], "all of them at first"
    asked: set[str] = set()
    for _ in range(10):
        stage.run_accounts.changed()
        await stage.quiet()
        renewed = set(addresses) - stage.told.kept[-1]
        assert set(addresses[:5]) <= renewed, "those in view always"
        assert len(renewed) < 100
        asked |= renewed
    assert asked == set(addresses)
    stage.accounts.reload_requested.emit()
    await stage.quiet()
    assert stage.told.kept[-1] == frozenset()


# --- where there is little room -------------------------------------------------------------------------------------

_FRAME = Size.RAIL + 2 * Space.XL


@staged
async def test_the_least_window_has_room_for_the_accounts_and_for_what_an_event_says(stage: Stage) -> None:
    width = WindowSize.LEAST_WIDTH - _FRAME
    for tab in (stage.events, stage.contracts, stage.accounts):
        assert tab.minimumSizeHint().width() <= width
        tab.resize(width, WindowSize.LEAST_HEIGHT - _FRAME)
    await stage.open(stage.events)
    assert stage.events.table.columnWidth(3) > ColumnWidth.XL
    assert not stage.events.table.isColumnHidden(2)
    await stage.open(stage.accounts)
    panel = stage.accounts.panel
    stage.accounts.table.select(sample.HOLDER)
    for part, table, column in ((1, panel.tokens, 0), (2, panel.history, 3)):
        panel.parts.bar.setCurrentIndex(part)
        await stage.quiet()
        assert table.columnWidth(column) > ColumnWidth.M
    await stage.open(stage.contracts)
    contract = stage.contracts.panel
    contract.show_part(contract.write)
    stage.told.calls = (sample.WRITTEN,)
    stage.run_writes.reload()
    await stage.quiet()
    assert contract.write.calls.columnWidth(1) > ColumnWidth.M


def test_a_type_is_not_said_twice() -> None:
    (unnamed,) = value_facts((DecodedValue("", "string", "IPNFT"),), Names(no_label))
    assert (unnamed.key, unnamed.value, unnamed.note) == ("string", "IPNFT", "")
    (named,) = value_facts((DecodedValue("symbol", "string", "IPNFT"),), Names(no_label))
    assert (named.key, named.note) == ("symbol", "string")
