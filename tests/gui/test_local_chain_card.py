"""The controls of a chain of our own over a scripted service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QApplication

from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.contract_writes import ContractCall, ContractWrite
from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    IpnftError,
    ProblemKind,
    UserError,
    ValidationFailed,
)
from ipnft_desktop.domain.events import BlockArrived, EnvironmentChanged, LocalChainChanged
from ipnft_desktop.domain.local_chain import ChainSnapshot, LocalChainState, Mining, MiningMode, RevertPreview
from ipnft_desktop.domain.people import Permission, Role
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.commands.registry import commands_of
from ipnft_desktop.ui.local_chain.card import LocalChainCard
from ipnft_desktop.ui.local_chain.presenter import LocalChainPresenter
from ipnft_desktop.ui.theme.tokens import Tone
from tests.gui.support.nft_examples import MINED, OTHER_WALLET, T0, TX_HASH, WALLET
from tests.gui.support.waiting import turns
from tests.support import samples

SNAPSHOT = ChainSnapshot(4, "Before", BlockRef(140, "0x8c", 0), T0, "ada")
STATE = LocalChainState(BlockRef(152, "0x98", 1_784_116_800), Mining(), (SNAPSHOT,), WALLET, 10**22)


@dataclass
class ScriptedChain:
    state_now: LocalChainState = STATE
    fault: IpnftError | None = None
    asked: list[tuple[object, ...]] = field(default_factory=list[tuple[object, ...]])
    goes_on: list[bool] = field(default_factory=list[bool])
    between: Callable[[], None] | None = None

    def note(self, *what: object) -> None:
        if self.fault:
            raise self.fault
        self.asked.append(what)

    async def state(self) -> LocalChainState:
        return self.state_now

    async def mine(self, blocks: int, on_progress: Callable[[int], bool] = lambda _done: True) -> int:
        self.note("mine", blocks)
        self.goes_on.append(on_progress(0))
        if self.between:
            self.between()
        self.goes_on.append(on_progress(1))
        return blocks

    async def set_mining(self, mining: Mining) -> None:
        self.note("mining", mining)

    async def set_next_time(self, at: datetime) -> None:
        self.note("time", at)

    async def set_impersonation(self, *, allowed: bool) -> None:
        self.note("impersonation", allowed)
        self.state_now = replace(self.state_now, impersonates=allowed)

    async def snapshot(self, name: str) -> ChainSnapshot:
        self.note("snapshot", name)
        return replace(SNAPSHOT, name=name)

    async def preview_revert(self, snapshot_id: int) -> RevertPreview:
        self.note("preview", snapshot_id)
        return RevertPreview(SNAPSHOT, 12, 3, 1, 2)

    async def revert(self, snapshot_id: int) -> RevertPreview:
        self.note("revert", snapshot_id)
        return RevertPreview(SNAPSHOT, 12, 3, 1, 2)

    async def fund(self, address: str, amount_wei: int) -> ContractWrite:
        self.note("fund", address, amount_wei)
        call = ContractCall(address, "", (), amount_wei)
        return ContractWrite(1, call, TX_HASH, WALLET, 1, 21_000, T0, "ada", mined=MINED, mined_at=T0, succeeded=True)


@dataclass
class Stage:
    card: LocalChainCard
    chain: ScriptedChain
    hub: EventHub
    access: Access
    notices: list[tuple[str, Tone]] = field(default_factory=list[tuple[str, Tone]])


@pytest.fixture
async def stage(qapp: QApplication) -> AsyncIterator[Stage]:
    card, chain, hub, events = LocalChainCard(), ScriptedChain(), EventHub(), AppEvents()
    events.attach(hub)
    presenter = LocalChainPresenter(card, chain, events)
    built = Stage(card, chain, hub, Access(card))
    built.access.guard(card, Permission.MANAGE_CHAIN, card.refuse)
    presenter.notice.connect(lambda text, tone: built.notices.append((text, tone)))
    card.show()
    hub.publish(EnvironmentChanged(is_ready=True))
    await turns(5)
    yield built
    await presenter.close()
    events.detach()
    events.deleteLater()
    card.close()
    card.deleteLater()


async def test_how_the_chain_stands_is_shown_while_it_is_there(stage: Stage) -> None:
    assert [fact.value for fact in stage.card.facts.facts][:2] == ["#152", "each transaction at once"]
    stage.chain.state_now = replace(STATE, mining=Mining(MiningMode.INTERVAL, 5))
    stage.hub.publish(LocalChainChanged())
    await turns(5)
    assert stage.card.facts.facts[1].value == "a block every 5 seconds"
    stage.hub.publish(EnvironmentChanged(is_ready=False))
    await turns(5)
    assert not stage.card.mine_button.isVisible()
    assert stage.card.revert_buttons == ()


async def test_the_palette_can_do_what_the_card_can(stage: Stage) -> None:
    commands = {command.key.removeprefix("local chain."): command for command in commands_of(stage.card)}
    assert [each.key for each in commands.values() if each.keys] == [], "a slip would be mined"
    assert {each.refusal() for each in commands.values()} == {""}
    for name in ("mine blocks", "mining interval mode", "revert snapshot"):
        commands[name].run()
        await turns(8)
    assert stage.chain.asked == [("mine", 1), ("mining", Mining(MiningMode.AT_ONCE)), ("preview", SNAPSHOT.snapshot_id)]
    stage.card.activateWindow()
    await turns(3)
    for name, editor in (
        ("set time", stage.card.time_field),
        ("fund account pay", stage.card.address_field),
        ("snapshot", stage.card.name_field),
    ):
        commands[name].run()
        await turns(8)
        assert stage.card.focusWidget() is editor, "what it needs is typed first"
    assert len(stage.chain.asked) == 3
    stage.card.name_field.setText("Mine")
    commands["snapshot"].run()
    await turns(8)
    assert stage.chain.asked[3:] == [("snapshot", "Mine")]

    stage.access.follow(samples.user(Role.VIEWER))
    assert all("Administrator" in each.refusal() for each in commands.values())
    stage.access.follow(samples.user(Role.ADMIN))
    stage.chain.state_now = replace(STATE, snapshots=())
    stage.hub.publish(LocalChainChanged())
    await turns(5)
    assert commands["revert snapshot"].refusal() == "No snapshot was taken."
    stage.hub.publish(EnvironmentChanged(is_ready=False))
    await turns(5)
    assert {each.refusal() for each in commands.values()} == {"No local chain is running."}


async def test_each_control_asks_for_what_was_typed(stage: Stage) -> None:
    card = stage.card
    card.blocks_field.setText("12")
    card.mode_select.choose(MiningMode.INTERVAL)
    card.interval_field.setText("7")
    card.time_field.setText("2027-01-02 03:04:05")
    card.address_field.setText(OTHER_WALLET)
    card.amount_field.setText("1.5")
    card.name_field.setText("Mine")
    for button in card.action_buttons:
        button.click()
        await turns(8)
    assert stage.chain.asked == [
        ("mine", 12),
        ("mining", Mining(MiningMode.INTERVAL, 7)),
        ("time", datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("fund", OTHER_WALLET, 15 * 10**17),
        ("snapshot", "Mine"),
    ]
    assert [tone for _, tone in stage.notices] == [Tone.OK] * 5


async def test_impersonation_is_off_and_the_box_says_what_is_in_force(stage: Stage) -> None:
    box = stage.card.impersonation_box
    assert not box.isChecked()
    box.click()
    await turns(8)
    assert box.isChecked()
    stage.chain.fault = UserError(ErrorCode.PERMISSION_DENIED)
    box.click()
    await turns(8)
    assert box.isChecked(), "it was refused"
    stage.chain.fault = None
    box.click()
    await turns(8)
    assert not box.isChecked()
    assert stage.chain.asked == [("impersonation", True), ("impersonation", False)]
    assert [tone for _, tone in stage.notices] == [Tone.WARN, Tone.OK]


@pytest.mark.parametrize(
    ("field_name", "typed", "button"),
    [
        ("blocks", "x", "mine"),
        ("blocks", "9" * 5_000, "mine"),
        ("at", "yesterday", "time"),
        ("amount", "much", "fund"),
        ("amount", "1e-19", "fund"),
        ("amount", "1e999999999", "fund"),
        ("amount", "9" * 5_000, "fund"),
    ],
)
async def test_what_cannot_be_read_is_refused_beside_its_field(
    stage: Stage, field_name: str, typed: str, button: str
) -> None:
    stage.card.fields[field_name].editor.setText(typed)  # type: ignore[attr-defined]
    getattr(stage.card, f"{button}_button").click()
    await turns(5)
    assert stage.card.fields[field_name].error
    assert stage.chain.asked == []


@pytest.mark.parametrize(
    ("fault", "field_name"),
    [
        (ValidationFailed((FieldProblem("at", ProblemKind.OUT_OF_RANGE, "later"),)), "at"),
        (UserError(ErrorCode.RECIPIENT_INVALID, "not 0x", field="address"), "address"),
        (EnvironmentFault(ErrorCode.INSUFFICIENT_FUNDS, "0 wei < 1 wei"), ""),
    ],
)
async def test_a_refusal_stands_where_it_belongs(stage: Stage, fault: IpnftError, field_name: str) -> None:
    stage.chain.fault = fault
    stage.card.time_field.setText("2027-01-02")
    (stage.card.time_button if field_name == "at" else stage.card.fund_button).click()
    await turns(5)
    assert bool(stage.card.error_panel.isVisible()) is not bool(field_name)
    if field_name:
        assert stage.card.fields[field_name].error


async def test_mining_many_can_be_cancelled(stage: Stage) -> None:
    stage.chain.between = stage.card.stop_button.click
    stage.card.mine_button.click()
    await turns(8)
    assert stage.chain.goes_on == [True, False]
    assert not stage.card.progress.isVisible()


async def test_going_back_is_asked_first_with_what_it_undoes(stage: Stage) -> None:
    (button,) = stage.card.revert_buttons
    button.click()
    await turns(5)
    assert stage.chain.asked == [("preview", 4)]
    said = stage.card.question.accessibleName()
    assert all(words in said for words in ("12 blocks", "3 mints", "1 other call", "2 later snapshots"))
    stage.card.question.confirm_button.click()
    await turns(5)
    assert stage.chain.asked[-1] == ("revert", 4)
    assert "140" in stage.notices[-1][0]


async def test_the_question_tells_what_would_go_now(stage: Stage) -> None:
    stage.card.revert_buttons[0].click()
    await turns(5)
    stage.hub.publish(BlockArrived(BlockRef(153, "0x99", 0), 1))
    await turns(8)
    assert stage.chain.asked == [("preview", 4)] * 2
    stage.card.question.decline_button.click()
    stage.hub.publish(BlockArrived(BlockRef(154, "0x9a", 0), 1))
    await turns(8)
    assert len(stage.chain.asked) == 2


async def test_whoever_may_not_is_told_why(stage: Stage) -> None:
    stage.access.follow(samples.user(role=Role.OPERATOR))
    assert all(button.refusal for button in (*stage.card.action_buttons, *stage.card.revert_buttons))
