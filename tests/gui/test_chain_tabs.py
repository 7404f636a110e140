"""Events, contracts and accounts of the chain in the window, over doubles that tell what the samples say."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from ipnft_desktop.domain.chain_events import EventAnchor, EventFilter, EventKind, IndexStatus
from ipnft_desktop.domain.chain_view import ChainToken
from ipnft_desktop.domain.contract_writes import CallEstimate, ContractCall, ContractWrite
from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    IpnftError,
    ProblemKind,
    UserError,
    ValidationFailed,
)
from ipnft_desktop.domain.inspection.contracts import AbiEntry, AccountState, ImportedAbi
from ipnft_desktop.domain.inspection.directory import (
    AccountLine,
    AccountList,
    ContractDetail,
    ContractLine,
    ReadAnswer,
    ReadRefusal,
)
from ipnft_desktop.domain.inspection.finding import Found, FoundKind
from ipnft_desktop.domain.inspection.tracing import StateChange
from ipnft_desktop.domain.people import AddressBookEntry, KnownAddress, Permission, Role
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.inspector.event_reading import EVENTS_PAGE, EventLine, EventLinePage
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.accounts.fund_dialog import FundDialog
from ipnft_desktop.ui.accounts.presenter import AccountsPresenter
from ipnft_desktop.ui.accounts.view import AccountsTab
from ipnft_desktop.ui.admin.address_form import AddressForm
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.chain_events.presenter import EventsPresenter
from ipnft_desktop.ui.chain_events.view import EventsTab
from ipnft_desktop.ui.contracts.presenter import ContractsPresenter
from ipnft_desktop.ui.contracts.view import ContractsTab
from ipnft_desktop.ui.contracts.write_presenter import WritePresenter
from ipnft_desktop.ui.inspection import reader
from ipnft_desktop.ui.widgets.list_faces import Face
from tests.gui.support import chain_tabs as sample
from tests.gui.support.waiting import settled
from tests.support import samples

AWAY = EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "connection refused")


@dataclass
class Told:
    """What the services tell, and what they were asked."""

    lines: list[EventLine] = field(default_factory=lambda: [sample.event_line(number) for number in range(600, 0, -1)])
    error: IpnftError | None = None
    found: tuple[Found, ...] = ()
    asked: list[object] = field(default_factory=list[object])
    answer: ReadAnswer | ReadRefusal = sample.ANSWER
    refusal: IpnftError | None = None
    calls: tuple[ContractWrite, ...] = ()
    is_offered: bool = True
    known: AccountList = sample.ACCOUNTS
    kept: list[frozenset[str]] = field(default_factory=list[frozenset[str]])

    # events

    async def status(self) -> IndexStatus:
        return sample.STATUS

    async def kinds(self) -> Mapping[EventKind, int]:
        return {EventKind.MINTED: len(self.lines)}

    async def count(self, wanted: EventFilter) -> int:
        return len(self.lines)

    async def page(
        self, wanted: EventFilter, after: EventAnchor | None = None, limit: int = EVENTS_PAGE
    ) -> EventLinePage:
        if self.error is not None:
            raise self.error
        self.asked.append(wanted)
        first = 0 if after is None else 1 + next(n for n, line in enumerate(self.lines) if line.event.anchor == after)
        page = self.lines[first : first + limit] if wanted.tx_hash != "0x" else []
        return sample.event_page(*page, is_last=first + limit >= len(self.lines)) if page else sample.event_page()

    async def find(self, text: str) -> tuple[Found, ...]:
        return self.found

    async def export(self, wanted: EventFilter, sheet_format: SheetFormat, target: Path, work: LongWork) -> int:
        self.asked.append((sheet_format, target.name))
        return len(self.lines)

    async def rebuild(self) -> None:
        self.asked.append("rebuild")

    # contracts

    async def contracts(self) -> tuple[ContractLine, ...]:
        if self.error is not None:
            raise self.error
        return (sample.OURS, sample.OTHER, sample.GONE)

    async def contract(self, address: str) -> ContractDetail:
        line = next(each for each in (sample.OURS, sample.OTHER, sample.GONE) if each.address == address)
        return sample.DETAIL if line is sample.OURS else ContractDetail(line, "", "", (), None)

    async def ask(
        self, address: str, entry: AbiEntry, texts: Sequence[str], at: int | None = None
    ) -> ReadAnswer | ReadRefusal:
        self.asked.append((entry.name, tuple(texts), at))
        if self.refusal is not None:
            raise self.refusal
        return self.answer

    async def ask_raw(self, address: str, data: str, at: int | None = None) -> ReadAnswer | ReadRefusal:
        self.asked.append((data, at))
        return self.answer

    async def plain_storage(self, address: str, at: int | None = None) -> tuple[StateChange, ...]:
        return sample.WORDS

    async def keyed_storage(self, address: str, key: str, at: int | None = None) -> tuple[StateChange, ...]:
        raise ValidationFailed((FieldProblem("key", ProblemKind.NOT_OF_TYPE, "uint256"),))

    async def slot(self, address: str, slot: str, at: int | None = None) -> StateChange:
        return sample.WORDS[0]

    async def imported(self) -> tuple[ImportedAbi, ...]:
        return (sample.ABI,)

    async def import_abi(self, address: str, name: str, content: str) -> ImportedAbi:
        if content == "{":
            raise ValidationFailed((FieldProblem("content", ProblemKind.NOT_JSON, "1:2"),))
        self.asked.append((address, name, content))
        return sample.ABI

    async def import_file(self, address: str, name: str, file: Path) -> ImportedAbi:
        self.asked.append((address, name, file.name))
        return sample.ABI

    async def remove(self, address: str) -> None:
        self.asked.append(("remove", address))

    # writes

    def encoded(self, entry: AbiEntry, texts: Sequence[str]) -> bytes:
        if "wrong" in texts:
            raise ValidationFailed(
                (FieldProblem(f"argument.{texts.index('wrong')}", ProblemKind.NOT_OF_TYPE, "uint8"),)
            )
        return b""

    impersonates = False
    paid: bool | None = True

    def holds_key(self, account: str) -> bool:
        return False

    async def simulate(self, call: ContractCall, sender: str | None = None) -> CallEstimate:
        self.asked.append(call)
        self.asked.append(("as", sender))
        if self.refusal is not None:
            raise self.refusal
        return sample.ESTIMATE

    async def send(self, call: ContractCall, reason: str = "", sender: str | None = None) -> ContractWrite:
        self.asked.append(reason)
        self.asked.append(("from", sender))
        self.calls = (sample.WRITTEN,)
        return sample.WRITTEN

    async def writes(self, before: int | None = None) -> tuple[ContractWrite, ...]:
        return self.calls

    # accounts

    async def accounts(self, kept: Mapping[str, AccountState] | None = None) -> AccountList:
        self.kept.append(frozenset(kept or ()))
        if self.error is not None:
            raise self.error
        return self.known

    async def account(self, address: str) -> AccountLine:
        return AccountLine(sample.AccountState(address, 0, 0, 0, ""), frozenset({sample.AccountSource.SOUGHT}), 0)

    async def tokens(self, address: str, after: int | None = None) -> tuple[tuple[ChainToken, str], ...]:
        return sample.TOKENS if address == sample.HOLDER else ()

    async def history(self, address: str, after: EventAnchor | None = None) -> EventLinePage:
        return await self.page(EventFilter(address=address), after, 100)

    async def list(self) -> tuple[KnownAddress, ...]:
        return ()

    async def add(self, address: str, label: str, note: str = "") -> AddressBookEntry:
        self.asked.append((address, label))
        return AddressBookEntry(address, label, note)

    async def change(self, original: AddressBookEntry, label: str, note: str) -> AddressBookEntry:
        raise AssertionError(original)

    async def fund(self, address: str, amount_wei: int) -> ContractWrite:
        self.asked.append((address, amount_wei))
        return replace(sample.WRITTEN, call=ContractCall(address, "", (), amount_wei), succeeded=self.paid)


@dataclass
class Stage:
    """The three tabs over the double."""

    told: Told
    access: Access
    app: AppEvents
    events: EventsTab
    contracts: ContractsTab
    accounts: AccountsTab
    run_events: EventsPresenter
    run_contracts: ContractsPresenter
    run_writes: WritePresenter
    run_accounts: AccountsPresenter
    notices: list[str] = field(default_factory=list[str])

    async def open(self, tab: QWidget) -> None:
        """Show one of them, with somebody signed in."""
        for view in (self.events, self.contracts, self.accounts):
            view.setVisible(view is tab)
        tab.activateWindow()
        await settled(tab.isActiveWindow)
        for presenter in (self.run_events, self.run_contracts, self.run_accounts):
            presenter.reload()
        await self.quiet()

    async def quiet(self) -> None:
        presenters = (self.run_events, self.run_contracts, self.run_accounts)
        await settled(
            lambda: (
                not any(each._tasks._running for each in (*presenters, self.run_writes))
                and not any(each.is_reading for each in presenters)
            )
        )


@asynccontextmanager
async def open_stage() -> AsyncGenerator[Stage]:
    told, access, app = Told(), Access(), AppEvents()
    events, contracts, accounts = EventsTab(), ContractsTab(), AccountsTab()
    for tab in (events, accounts):
        tab.use_labels(sample.label_of)
    contracts.use_labels(sample.label_of, sample.LABELS)
    stage = Stage(
        told,
        access,
        app,
        events,
        contracts,
        accounts,
        EventsPresenter(events, told, told, told, told, access, app),
        ContractsPresenter(contracts, told, told, told, access, app),
        WritePresenter(contracts, told, told, access, app),
        AccountsPresenter(accounts, told, told, told, access, app),
    )
    presenters = (stage.run_events, stage.run_contracts, stage.run_writes, stage.run_accounts)
    for presenter in presenters:
        presenter.notice.connect(lambda text, _tone: stage.notices.append(text))
    for tab in (events, contracts, accounts):
        tab.resize(1200, 640)
    try:
        yield stage
    finally:
        for presenter in presenters:
            await presenter.close()
        for tab in (events, contracts, accounts):
            tab.close()
            tab.deleteLater()
        app.deleteLater()
        access.deleteLater()


def staged(test: Callable[[Stage], Awaitable[None]]) -> Callable[[QApplication], Awaitable[None]]:
    """A test of the tabs. No fixture: between fixture and test Qt goes on while no asyncio loop runs."""

    async def run(qapp: QApplication) -> None:
        async with open_stage() as stage:
            await test(stage)

    run.__name__ = test.__name__
    return run


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is gathered for a moment goes out at once."""
    monkeypatch.setattr(reader, "_PAUSE_MS", 0)


# --- events ---------------------------------------------------------------------------------------------------------


@staged
async def test_events_come_page_by_page_and_new_ones_leave_the_focus_alone(stage: Stage) -> None:
    await stage.open(stage.events)
    table = stage.events.table
    assert (stage.events.face, table.paged.rowCount()) == (Face.LIST, EVENTS_PAGE)
    assert "Solar tracker" in table.paged.text_at(0, 3)
    assert (stage.events.count.text(), stage.events.reach.text()) == ("600 events", "indexed up to block 151 of 152")
    table.scrollToBottom()
    await stage.quiet()
    assert table.paged.rowCount() == 2 * EVENTS_PAGE
    table.select(stage.told.lines[5].event.anchor)
    stage.told.lines.insert(0, sample.event_line(601))
    stage.run_events.changed()
    await stage.quiet()
    current = table.current
    assert current is not None
    assert (current.event.block.number, table.currentIndex().row()) == (595, 6)
    assert table.paged.rowCount() == 2 * EVENTS_PAGE + 1
    stage.told.lines = stage.told.lines[3:]  # a reorganisation
    stage.run_events.changed()
    await stage.quiet()
    assert table.paged.text_at(0, 0) == "598"


@staged
async def test_events_are_narrowed_by_kind_by_height_and_by_what_a_text_stands_for(stage: Stage) -> None:
    await stage.open(stage.events)
    view = stage.events
    view.kind.choose(EventKind.MINTED)
    view.first_block.setText("7")
    view.first_block.editingFinished.emit()
    await stage.quiet()
    assert stage.told.asked[-1] == EventFilter(kinds=frozenset({EventKind.MINTED}), first_block=7)
    stage.told.found = (Found(FoundKind.ADDRESS, "Helios: vault", address=sample.HOLDER),)
    view.search.setText("helios")
    view.search.returnPressed.emit()
    await stage.quiet()
    last = stage.told.asked[-1]
    assert isinstance(last, EventFilter)
    assert last.address == sample.HOLDER
    stage.told.found = ()
    view.search.setText("nobody")
    view.search.returnPressed.emit()
    await stage.quiet()
    assert view.face is Face.NO_MATCH
    view.faces.no_match.action_requested.emit()
    await stage.quiet()
    assert (view.face, stage.told.asked[-1]) == (Face.LIST, EventFilter())
    stage.run_events.show_found(Found(FoundKind.TOKEN, "Solar tracker", asset_id=sample.ASSET))
    await stage.quiet()
    assert stage.told.asked[-1] == EventFilter(token_id=sample.ASSET.int)


@staged
async def test_a_log_that_nobody_can_read_is_shown_raw_with_the_reason(stage: Stage) -> None:
    stage.told.lines.insert(0, sample.event_line(700, 0, EventKind.FOREIGN))
    await stage.open(stage.events)
    panel = stage.events.panel
    assert panel.raw.facts
    assert panel.data.value == f"0x{bytes(range(64)).hex()}"
    assert "ABI" in stage.events.table.paged.text_at(0, 3)
    stage.events.table.select(stage.told.lines[1].event.anchor)
    assert (panel.raw.facts, [fact.key for fact in panel.arguments.facts]) == ((), ["from", "to", "id"])
    panel.raw_button.click()
    assert panel.raw.facts


@staged
async def test_events_are_exported_and_the_index_is_rebuilt_by_an_administrator(stage: Stage) -> None:
    await stage.open(stage.events)
    stage.run_events.write(SheetFormat.JSON, Path("events.json"))
    await stage.quiet()
    assert stage.told.asked[-1] == (SheetFormat.JSON, "events.json")
    assert stage.notices == ["600 events were written to events.json"]
    stage.access.follow(samples.user(Role.OPERATOR))
    assert not stage.events.rebuild_button.isEnabled()
    assert "role" in stage.events.rebuild_button.refusal
    stage.access.follow(samples.user(Role.ADMIN))
    stage.events.rebuild_button.click()
    stage.events.question.confirm_button.click()
    await stage.quiet()
    assert "rebuild" in stage.told.asked


@staged
async def test_lines_stay_where_the_node_is_gone(stage: Stage) -> None:
    await stage.open(stage.events)
    stage.told.error = AWAY
    stage.run_events.changed()
    await stage.quiet()
    assert (stage.events.error_panel.code, stage.events.table.paged.rowCount()) == (AWAY.code, EVENTS_PAGE)
    stage.told.error = None
    stage.events.retry_button.click()
    await stage.quiet()
    assert stage.events.error_panel.isHidden()
    stage.run_events.show_closed(Face.SIGNED_OUT)
    assert (stage.events.face, stage.events.table.paged.rowCount(), stage.events.panel.line) == (
        Face.SIGNED_OUT,
        0,
        None,
    )


# --- contracts ------------------------------------------------------------------------------------------------------


@staged
async def test_a_function_is_a_form_that_says_what_is_wrong_and_what_was_answered(stage: Stage) -> None:
    await stage.open(stage.contracts)
    part = stage.contracts.panel.read
    assert [fact.key for fact in stage.contracts.panel.overview.own_facts.facts][:3] == [
        "Instance id",
        "Recorded code",
        "Owner",
    ]
    stage.contracts.panel.show_part(part)
    part.form.choose("balanceOf")
    part.form.arguments[0].editor.setText(sample.HOLDER)  # type: ignore[attr-defined]
    part.block.line.setText("12")
    part.read_button.click()
    await stage.quiet()
    assert stage.told.asked[-1] == ("balanceOf", (sample.HOLDER,), 12)
    assert (part.told.text(), part.answers.facts[0].value) == ("Answer at block 152", "4")
    stage.told.refusal = ValidationFailed((FieldProblem("argument.0", ProblemKind.NOT_AN_ADDRESS),))
    part.read_button.click()
    await stage.quiet()
    assert part.form.arguments[0].error
    assert not part.answers.facts


@staged
async def test_a_contract_without_an_abi_takes_raw_call_data(stage: Stage) -> None:
    await stage.open(stage.contracts)
    stage.contracts.table.select(sample.STRANGER)
    await stage.quiet()
    part = stage.contracts.panel.read
    stage.contracts.panel.show_part(part)
    assert (part.form.isHidden(), part.data_field.isHidden(), part.import_button.isHidden()) == (True, False, False)
    part.data.setText("0x01020304")
    part.read_button.click()
    await stage.quiet()
    assert stage.told.asked[-1] == ("0x01020304", None)
    assert not stage.contracts.panel.write.no_function.isHidden()
    stage.contracts.table.select(sample.GONE.address)
    await stage.quiet()
    assert not stage.contracts.panel.overview.no_code.isHidden()


@staged
async def test_storage_is_read_when_it_comes_into_view_and_by_what_is_typed(stage: Stage) -> None:
    await stage.open(stage.contracts)
    part = stage.contracts.panel.storage
    stage.contracts.panel.show_part(part)
    await stage.quiet()
    assert [stored.value for stored in part.table.records.records] == ["true", "Signing account"]
    part.key.setText("the first")
    part.look_button.click()
    await stage.quiet()
    assert part.key_field.error
    part.slot.setText("0")
    part.slot.textEdited.emit("0")
    part.look_button.click()
    await stage.quiet()
    assert (part.key.text(), part.table.records.count, part.key_field.error) == ("", 1, "")


@staged
async def test_a_call_is_simulated_confirmed_with_a_reason_and_listed(stage: Stage) -> None:
    await stage.open(stage.contracts)
    stage.access.follow(samples.user(Role.ADMIN))
    part = stage.contracts.panel.write
    stage.contracts.panel.show_part(part)
    part.form.choose("setValidity")
    for argument, text in zip(part.form.arguments, (str(sample.ASSET), "wrong", "0x" + "00" * 32), strict=True):
        argument.editor.setText(text)  # type: ignore[attr-defined]
    part.simulate_button.click()
    await stage.quiet()
    assert [bool(argument.error) for argument in part.form.arguments] == [False, True, False]
    part.form.arguments[1].editor.setText("1")  # type: ignore[attr-defined]
    stage.told.refusal = UserError(ErrorCode.PERMISSION_DENIED, "Unauthorized")
    part.simulate_button.click()
    await stage.quiet()
    assert part.error_panel.code == ErrorCode.PERMISSION_DENIED
    assert stage.run_writes.dialog is None, "nothing to confirm where the contract refuses"
    stage.told.refusal = None
    part.simulate_button.click()
    await stage.quiet()
    dialog = stage.run_writes.dialog
    assert dialog is not None
    assert dialog.call.arguments[0] == ("tokenId", str(sample.ASSET.int))
    assert ("Gas limit", "51,000") in {(fact.key, fact.value) for fact in dialog.facts.facts}
    dialog.reason.setText("Audit of the keys")
    dialog.submit_button.click()
    await stage.quiet()
    assert "Audit of the keys" in stage.told.asked
    assert ("from", None) in stage.told.asked
    assert stage.notices == ["pause is done in block 151"]
    assert [call.write_id for call in part.calls.records.records] == [3]


@staged
async def test_a_call_of_another_account_can_always_be_tried_and_sent_only_while_that_is_on(stage: Stage) -> None:
    await stage.open(stage.contracts)
    stage.access.follow(samples.user(Role.ADMIN))
    part = stage.contracts.panel.write
    stage.contracts.panel.show_part(part)
    part.form.choose("pause")
    part.account.line.setText("0x12")
    part.simulate_button.click()
    await stage.quiet()
    assert part.account.field.error
    part.account.line.setText(sample.HOLDER.lower())
    part.simulate_button.click()
    await stage.quiet()
    assert ("as", sample.HOLDER) in stage.told.asked
    dialog = stage.run_writes.dialog
    assert dialog is not None
    assert not dialog.submit_button.isEnabled()
    assert dialog.error_panel.code == ErrorCode.IMPERSONATION_OFF
    dialog.leave()
    await stage.quiet()

    stage.told.impersonates = True
    part.simulate_button.click()
    await stage.quiet()
    dialog = stage.run_writes.dialog
    assert dialog is not None
    assert "signs nothing" in {fact.note for fact in dialog.facts.facts}
    dialog.submit_button.click()
    await stage.quiet()
    assert ("from", sample.HOLDER) in stage.told.asked


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_only_an_administrator_writes(qapp: QApplication, role: Role) -> None:
    access, tab = Access(), ContractsTab()
    button = tab.panel.write.simulate_button
    access.guard(button, Permission.WRITE_CONTRACTS, button.refuse)
    access.follow(samples.user(role))
    assert not button.isEnabled()
    assert button.refusal
    tab.deleteLater()
    access.deleteLater()


@staged
async def test_an_abi_is_imported_refused_beside_its_field_and_removed(stage: Stage) -> None:
    await stage.open(stage.contracts)
    stage.contracts.table.select(sample.STRANGER)
    await stage.quiet()
    stage.contracts.abis_button.click()
    await stage.quiet()
    dialog = stage.run_contracts.dialog
    assert dialog is not None
    assert (dialog.address.text, dialog.imported.records.records) == (sample.STRANGER, (sample.ABI,))
    dialog.name.setText("Market")
    dialog.content.setPlainText("{")
    dialog.submit_button.click()
    await stage.quiet()
    assert dialog.fields["content"].error
    dialog.imported.select(sample.STRANGER)
    dialog.remove_button.click()
    await stage.quiet()
    assert ("remove", sample.STRANGER) in stage.told.asked
    dialog.use_file(Path("Market.json"))
    dialog.submit_button.click()
    await stage.quiet()
    assert (sample.STRANGER, "Market", "Market.json") in stage.told.asked
    assert stage.run_contracts.dialog is None
    assert stage.notices == ["The ABI “Market” was imported"]


# --- accounts -------------------------------------------------------------------------------------------------------


@staged
async def test_an_account_shows_what_it_holds_and_its_address_as_a_code(stage: Stage) -> None:
    await stage.open(stage.accounts)
    panel = stage.accounts.panel
    stage.accounts.table.select(sample.HOLDER)
    await stage.quiet()
    assert {fact.key: fact.value for fact in panel.facts.facts}["Balance"] == "9,999.123456 ETH"
    assert (panel.qr.text, len({len(row) for row in panel.qr.squares})) == (sample.HOLDER, 1)
    opened: list[object] = []
    stage.accounts.asset_requested.connect(opened.append)
    panel.tokens.select(sample.ASSET.int)
    panel.tokens.opened.emit()
    assert opened == [sample.ASSET]
    panel.parts.bar.setCurrentIndex(2)
    assert panel.history.paged.rowCount() == 100
    stage.accounts.table.select(sample.SIGNER)
    await stage.quiet()
    assert (panel.tokens.isHidden(), panel.no_tokens.isHidden()) == (True, False)


@staged
async def test_an_account_gets_a_label_and_funds(stage: Stage) -> None:
    await stage.open(stage.accounts)
    stage.access.follow(samples.user(Role.ADMIN))
    stage.accounts.table.select(sample.HOLDER)
    await stage.quiet()
    panel = stage.accounts.panel
    panel.label_button.click()
    await stage.quiet()
    form = stage.run_accounts.dialog
    assert isinstance(form, AddressForm)
    assert form.address.text == sample.HOLDER
    form.label.setText("Vault")
    form.submit_button.click()
    await stage.quiet()
    assert (sample.HOLDER, "Vault") in stage.told.asked
    panel.fund_button.click()
    dialog = stage.run_accounts.dialog
    assert isinstance(dialog, FundDialog)
    dialog.amount.setText("much")
    dialog.submit_button.click()
    await stage.quiet()
    assert dialog.fields["amount"].error
    dialog.amount.setText("0.5")
    dialog.submit_button.click()
    await stage.quiet()
    assert (sample.HOLDER, 5 * 10**17) in stage.told.asked
    assert "was paid" in stage.notices[-1]
    for paid, told in ((None, "no block shows it yet"), (False, "was not paid")):
        stage.told.paid = paid
        panel.fund_button.click()
        assert isinstance(stage.run_accounts.dialog, FundDialog)
        stage.run_accounts.dialog.amount.setText("1")
        stage.run_accounts.dialog.submit_button.click()
        await stage.quiet()
        assert told in stage.notices[-1]
    stage.told.is_offered = False
    stage.run_accounts.read_now()
    await stage.quiet()
    assert panel.fund_button.isHidden()


@staged
async def test_an_address_that_is_not_listed_is_found_all_the_same(stage: Stage) -> None:
    await stage.open(stage.accounts)
    stranger = "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"
    stage.accounts.search.setText(stranger.lower())
    stage.accounts.search.returnPressed.emit()
    await stage.quiet()
    assert stage.accounts.panel.shown_address == stranger
    stage.run_accounts.read_now()
    await stage.quiet()
    assert stage.accounts.panel.shown_address == stranger, "it stays while the list is read again"
