"""Rows 72, 73 and 75: wrong passwords, actions without the role, and passwords that must be nowhere."""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
import logging
import sqlite3
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ipnft_desktop.adapters.passwords import Argon2Passwords
from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.bootstrap.evidence_parts import evidence_service
from ipnft_desktop.domain.address_import import AddressImport
from ipnft_desktop.domain.assets import Asset, AssetDraft, AssetQuery, Attachment, Enterprise
from ipnft_desktop.domain.audit import AuditQuery
from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.chain_events import EventFilter, EventPage
from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.gas_laboratory import Experiment
from ipnft_desktop.domain.local_chain import Mining
from ipnft_desktop.domain.mint_activity import JobQuery
from ipnft_desktop.domain.minting import MintJob
from ipnft_desktop.domain.people import LOCKED_FOR, MAX_FAILED_SIGN_INS, AddressBookEntry, Role
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.domain.workspaces import HOME, Workspace
from ipnft_desktop.services.audit_anchors import AuditAnchors
from ipnft_desktop.services.audit_log import AuditLog
from ipnft_desktop.services.backup_keeper import BackupKeeper
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.evidence import EvidenceService
from ipnft_desktop.services.key_custody import KeyCustody, Keystores
from ipnft_desktop.services.people import PeopleService
from ipnft_desktop.services.publishing import Publishing
from ipnft_desktop.services.recorded_calls import CallFilter
from ipnft_desktop.services.register_backups import RegisterBackups
from ipnft_verify.report import Report
from tests.support import samples
from tests.support.core_factory import MemoryCore, request, when_indexed
from tests.support.office import PASSWORD, WRONG, Office, open_office

CANARY = "kanarienvogel-4712-im-schacht"


@contextmanager
def refused(code: ErrorCode) -> Iterator[None]:
    with pytest.raises(UserError) as caught:
        yield
    assert caught.value.code is code


# --- 72: wrong passwords --------------------------------------------------------------------------------------------


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        await opened.first_admin()
        yield opened


async def test_72_a_wrong_password_five_times_locks_the_account_for_a_while(office: Office) -> None:
    await office.people.sign_out()
    for _ in range(MAX_FAILED_SIGN_INS - 1):
        with refused(ErrorCode.SIGN_IN_REFUSED):
            await office.people.sign_in("Ada", WRONG)
    until = (samples.NOW + LOCKED_FOR).isoformat()
    for password in (WRONG, PASSWORD):  # the fifth, and then even the right one
        with pytest.raises(UserError) as caught:
            await office.people.sign_in("Ada", password)
        assert (caught.value.code, caught.value.facts["until"]) == (ErrorCode.SIGN_IN_LOCKED, until)
    assert len(office.passwords.asked) == MAX_FAILED_SIGN_INS, "a locked account is not even looked at"
    with refused(ErrorCode.SIGN_IN_LOCKED):
        await office.another_program().sign_in("Ada", PASSWORD)  # it is the register that remembers

    office.clock.moment += LOCKED_FOR - timedelta(seconds=1)
    with refused(ErrorCode.SIGN_IN_LOCKED):
        await office.people.sign_in("Ada", PASSWORD)
    office.clock.moment += timedelta(seconds=1)
    with refused(ErrorCode.SIGN_IN_REFUSED):
        await office.people.sign_in("Ada", WRONG)  # five tries again, not one
    signed_in = await office.people.sign_in("Ada", PASSWORD)
    assert (signed_in.failed_sign_ins, signed_in.locked_until) == (0, None)
    assert [line[1] for line in office.audit()].count("user.locked") == 1


async def test_72_many_tries_at_once_are_no_more_than_five(office: Office) -> None:
    await office.people.sign_out()
    tries = [office.people.sign_in("Ada", WRONG) for _ in range(20)]
    codes = [error.code for error in await asyncio.gather(*tries, return_exceptions=True)]
    assert len(office.passwords.asked) == MAX_FAILED_SIGN_INS
    assert codes.count(ErrorCode.SIGN_IN_REFUSED) <= MAX_FAILED_SIGN_INS - 1
    with refused(ErrorCode.SIGN_IN_LOCKED):
        await office.people.sign_in("Ada", PASSWORD)


async def test_72_wrong_passwords_count_only_in_a_row(office: Office) -> None:
    for _ in range(3):
        for _ in range(MAX_FAILED_SIGN_INS - 1):
            with refused(ErrorCode.SIGN_IN_REFUSED):
                await office.people.sign_in("Ada", WRONG)
        await office.people.sign_in("Ada", PASSWORD)


async def test_72_the_count_is_on_record_before_the_answer(office: Office) -> None:
    """A program that is killed while it compares has counted the try."""
    verifying, go_on = asyncio.Event(), asyncio.Event()
    verify = office.passwords.verify

    async def slow(*arguments: Any) -> bool:
        verifying.set()
        await go_on.wait()
        return await verify(*arguments)

    office.passwords.verify = slow  # type: ignore[method-assign]
    trying = asyncio.ensure_future(office.people.sign_in("Ada", WRONG))
    await verifying.wait()
    assert (await office.user("Ada")).failed_sign_ins == 1
    trying.cancel()
    await asyncio.gather(trying, return_exceptions=True)
    assert (await office.user("Ada")).failed_sign_ins == 1


# --- 73: actions without the role -----------------------------------------------------------------------------------


@dataclass
class House:
    """A program with two enterprises; the asset and its mint belong to the first."""

    core: Core
    owner: Enterprise
    other: Enterprise
    asset: Asset
    draft: Asset
    job: MintJob
    gone: Asset
    """Among the deleted ones."""
    touched: list[str]
    """What a refused action must not reach: keys and backups."""

    nothing: Any = None

    @property
    def publishing(self) -> Publishing:
        """This and the next ones: what not every program has."""
        assert self.core.publishing is not None
        return self.core.publishing

    @property
    def anchors(self) -> AuditAnchors:
        assert self.core.anchors is not None
        return self.core.anchors

    @property
    def evidence(self) -> EvidenceService:
        assert self.core.evidence is not None
        return self.core.evidence

    @property
    def audit(self) -> AuditLog:
        assert self.core.audit is not None
        return self.core.audit

    @property
    def backups(self) -> RegisterBackups:
        assert self.core.backups is not None
        return self.core.backups

    @property
    def custody(self) -> KeyCustody:
        assert self.core.custody is not None
        return self.core.custody

    @property
    def keystores(self) -> Keystores:
        assert self.core.keystores is not None
        return self.core.keystores

    @property
    def secret(self) -> Attachment:
        return samples.attachment(confidential=True)

    @property
    def public(self) -> Attachment:
        return samples.attachment()

    @property
    def rows(self) -> Any:
        """As rows of a file that was checked by somebody else."""
        return SimpleNamespace(enterprise_ids={self.owner.enterprise_id})

    @property
    def typed(self) -> AssetDraft:
        return AssetDraft(
            name="Name",
            asset_type=self.draft.asset_type,
            description="",
            creator_name="Creator",
            creation_date="2024-01-01",
            legal_status=self.draft.legal_status,
            enterprise_id=self.owner.enterprise_id,
        )


class Untouchable:
    """Stands for a key, a shelf or a folder of backups."""

    folder = Path()
    is_locked = True

    def __init__(self, touched: list[str]) -> None:
        self._touched = touched

    def hear_signatures(self, listener: object) -> None:
        """Asked for by the one who watches the key."""

    def __getattr__(self, name: str) -> Callable[..., Awaitable[None]]:
        async def touch(*arguments: object) -> None:
            self._touched.append(name)

        return touch


Action = Callable[[House], Awaitable[object]]
WORKSPACE = Workspace("mine-012345", "Mine")
ADDRESS = AddressBookEntry(samples.SIGNER, "Archive")

OF_AN_ENTERPRISE: dict[str, Action] = {
    "register.create_asset": lambda house: house.core.register.create_asset(house.typed),
    "register.create_from": lambda house: house.core.register.create_from(house.draft, house.typed, ()),
    "register.prepare_asset": lambda house: house.core.register.prepare_asset(house.typed, house.owner, ()),
    "register.add_assets": lambda house: house.core.register.add_assets([samples.asset(house.owner)]),
    "register.edit_asset": lambda house: house.core.register.edit_asset(house.draft, house.typed, ()),
    "deleted.delete": lambda house: house.core.deleted.delete([house.draft.asset_id]),
    "deleted.restore": lambda house: house.core.deleted.restore([house.gone.asset_id]),
    "imports.apply": lambda house: house.core.imports.apply(house.rows, house.nothing),
    "desk.mint": lambda house: house.core.desk.mint([request(house.draft)]),
    "desk.request": lambda house: house.core.desk.request([request(house.draft)]),
    "desk.retry": lambda house: house.core.desk.retry(house.asset.asset_id),
    "desk.cancel": lambda house: house.core.desk.cancel(house.job.job_id),
    "desk.speed_up": lambda house: house.core.desk.speed_up(house.job.job_id),
    "desk.allow_fee": lambda house: house.core.desk.allow_fee(house.job.job_id, 1),
}
"""What an operator may do for the enterprises they act for."""

OF_AN_OPERATOR: dict[str, Action] = {
    "deleted.recent": lambda house: house.core.deleted.recent(),
    "imports.open": lambda house: house.core.imports.open(Path(), house.nothing),
    "imports.check": lambda house: house.core.imports.check(house.nothing, (), house.nothing),
    "publishing.publish": lambda house: house.publishing.publish([house.asset.asset_id]),
    "publishing.publish_all": lambda house: house.publishing.publish_all(),
    "evidence.export": lambda house: house.evidence.export(house.asset.asset_id, Path("x")),
    "evidence.export_many": lambda house: house.evidence.export_many([house.asset.asset_id], Path("x")),
    "publishing.check": lambda house: house.publishing.check(),
    "publishing.check_asset": lambda house: house.publishing.check_asset(house.asset.asset_id),
    "address_book.add": lambda house: house.core.address_book.add(samples.RECIPIENT, "Notary"),
    "address_book.change": lambda house: house.core.address_book.change(ADDRESS, "Vault", ""),
    "address_exchange.preview": lambda house: house.core.address_exchange.preview(Path()),
    "address_exchange.apply": lambda house: house.core.address_exchange.apply(AddressImport("list.csv", ())),
    "address_book.remove": lambda house: house.core.address_book.remove(ADDRESS),
    "activity.retry_all": lambda house: house.core.activity.retry_all([house.asset.asset_id], lambda _done: True),
    "planner.plan": lambda house: house.core.planner.plan([house.draft.asset_id]),
    "planner.mintable": lambda house: house.core.planner.mintable(AssetQuery()),
    "planner.simulate": lambda house: house.core.planner.simulate(house.nothing),
    "runs.commit": lambda house: house.core.runs.commit(house.nothing),
    "automatic.request": lambda house: house.core.automatic.request([house.draft.asset_id], "0x12"),
    "automatic.withdraw": lambda house: house.core.automatic.withdraw([samples.uuid()]),
    "automatic.send_now": lambda house: house.core.automatic.send_now([samples.uuid()]),
    "runs.cancel_rest": lambda house: house.core.runs.cancel_rest(samples.uuid()),
    "runs.retry_failed": lambda house: house.core.runs.retry_failed(samples.uuid()),
    "backups.back_up_now": lambda house: house.backups.back_up_now(),
    "custody.unlock": lambda house: house.custody.unlock(PASSWORD),
    "abis.import_abi": lambda house: house.core.abis.import_abi(samples.RECIPIENT, "Notary", "[]"),
    "abis.import_file": lambda house: house.core.abis.import_file(samples.RECIPIENT, "Notary", Path("x")),
    "abis.remove": lambda house: house.core.abis.remove(samples.RECIPIENT),
    "laboratory.run": lambda house: house.core.laboratory.run(Experiment()),
    "laboratory.cancel": lambda house: house.core.laboratory.cancel(),
    "laboratory.delete": lambda house: house.core.laboratory.delete("0" * 32),
}
OF_AN_ADMIN: dict[str, Action] = {
    "anchors.anchor": lambda house: house.anchors.anchor(),
    "writes.simulate": lambda house: house.core.writes.simulate(house.nothing),
    "writes.withdraw": lambda house: house.core.writes.withdraw(1),
    "writes.send": lambda house: house.core.writes.send(house.nothing),
    "local_chain.mine": lambda house: house.core.local_chain.mine(1),
    "local_chain.set_mining": lambda house: house.core.local_chain.set_mining(Mining()),
    "local_chain.set_impersonation": lambda house: house.core.local_chain.set_impersonation(allowed=True),
    "local_chain.set_next_time": lambda house: house.core.local_chain.set_next_time(samples.NOW),
    "local_chain.snapshot": lambda house: house.core.local_chain.snapshot("Mine"),
    "local_chain.preview_revert": lambda house: house.core.local_chain.preview_revert(1),
    "local_chain.revert": lambda house: house.core.local_chain.revert(1),
    "local_chain.fund": lambda house: house.core.local_chain.fund(samples.RECIPIENT, 1),
    "certificates.change": lambda house: house.core.certificates.change(
        house.asset.asset_id, Validity.REVOKED, "Because.", "VALID"
    ),
    "certificates.change_many": lambda house: house.core.certificates.change_many(
        [house.asset.asset_id], Validity.REVOKED, "Because.", lambda _done: True
    ),
    "deleted.delete_for_good": lambda house: house.core.deleted.delete_for_good([house.gone.asset_id]),
    "desk.reset": lambda house: house.core.desk.reset(house.asset.asset_id, "Because."),
    "environment.start_new_chain": lambda house: house.core.environment.start_new_chain(lambda _report: None),
    "environment.crash_node": lambda house: house.core.environment.crash_node(),
    "setting_desk.change": lambda house: house.core.setting_desk.change({"node_port": 20_000}),
    "people.create_user": lambda house: house.core.people.create_user("Eve", "Eve", Role.ADMIN, (), PASSWORD),
    "people.change_user": lambda house: house.core.people.change_user(
        samples.user(Role.VIEWER), "Eve", Role.ADMIN, (), is_active=True
    ),
    "people.set_password": lambda house: house.core.people.set_password(samples.uuid(), PASSWORD),
    "people.unlock": lambda house: house.core.people.unlock(samples.uuid()),
    "enterprises.create": lambda house: house.core.enterprises.create("Mine", samples.RECIPIENT, "Vault"),
    "enterprises.change": lambda house: house.core.enterprises.change(house.owner, "Mine", samples.SIGNER, "Vault"),
    "enterprises.change_members": lambda house: house.core.enterprises.change_members(
        house.owner.enterprise_id, added=[samples.uuid()]
    ),
    "keystores.create": lambda house: house.keystores.create(PASSWORD),
    "keystores.import_file": lambda house: house.keystores.import_file(Path()),
    "backups.preview": lambda house: house.backups.preview("a backup"),
    "backups.restore": lambda house: house.backups.restore("a backup"),
    "workspaces.create": lambda house: house.core.workspaces.create("Mine", with_demo_data=False),
    "workspaces.duplicate": lambda house: house.core.workspaces.duplicate(WORKSPACE, "Mine", house.nothing),
    "workspaces.rename": lambda house: house.core.workspaces.rename(WORKSPACE, "Mine"),
    "workspaces.set_aside": lambda house: house.core.workspaces.set_aside(WORKSPACE),
    "workspaces.bring_back": lambda house: house.core.workspaces.bring_back(".deleted-mine-01234567"),
    "checkpoints.make": lambda house: house.core.checkpoints.make("Mine", house.nothing),
    "checkpoints.rename": lambda house: house.core.checkpoints.rename(house.nothing, "Mine"),
    "checkpoints.delete": lambda house: house.core.checkpoints.delete(house.nothing),
    "checkpoints.preview": lambda house: house.core.checkpoints.preview(house.nothing),
    "checkpoints.return_to": lambda house: house.core.checkpoints.return_to(house.nothing, house.nothing),
    "reconciliation.reconcile": lambda house: house.core.reconciliation.reconcile(house.nothing),
    "repairs.preview": lambda house: house.core.repairs.preview(house.nothing),
    "repairs.repair": lambda house: house.core.repairs.repair(house.nothing),
    "repairs.undo": lambda house: house.core.repairs.undo(house.nothing),
    "indexing.rebuild": lambda house: house.core.indexing.rebuild(),
}
OF_A_PERSON: dict[str, Action] = {
    "saved_filters.save": lambda house: house.core.saved_filters.save("Mine", AssetQuery()),
    "saved_filters.rename": lambda house: house.core.saved_filters.rename(samples.uuid(), "Mine"),
    "saved_filters.delete": lambda house: house.core.saved_filters.delete(samples.uuid()),
    "saved_filters.list": lambda house: house.core.saved_filters.list(),
    "evidence.origin": lambda house: house.evidence.origin(Report(())),
    "register.page": lambda house: house.core.register.page(AssetQuery()),
    "register.count": lambda house: house.core.register.count(AssetQuery()),
    "register.asset": lambda house: house.core.register.asset(house.asset.asset_id),
    "register.row": lambda house: house.core.register.row(house.asset.asset_id),
    "register.enterprises": lambda house: house.core.register.enterprises(),
    "register.content_bytes": lambda house: house.core.register.content_bytes(house.public.cid),
    "register.export_content": lambda house: house.core.register.export_content(house.public.cid, Path("x")),
    "register.file_head": lambda house: house.core.register.file_head(house.public, 1),
    "register.export_file": lambda house: house.core.register.export_file(house.secret, Path()),
    "desk.estimate": lambda house: house.core.desk.estimate([request(house.draft)]),
    "desk.outcome": lambda house: house.core.desk.outcome(house.job.job_id),
    "desk.job_of": lambda house: house.core.desk.job_of(house.asset.asset_id),
    "desk.latest_single_mint_gas": lambda house: house.core.desk.latest_single_mint_gas(),
    "activity.page": lambda house: house.core.activity.page(JobQuery()),
    "activity.counts": lambda house: house.core.activity.counts(JobQuery()),
    "activity.rows_of": lambda house: house.core.activity.rows_of([house.asset.asset_id]),
    "activity.detail": lambda house: house.core.activity.detail(house.job.job_id),
    "activity.retryable": lambda house: house.core.activity.retryable(JobQuery()),
    "runs.outcome": lambda house: house.core.runs.outcome(samples.uuid()),
    "runs.run": lambda house: house.core.runs.run(samples.uuid()),
    "runs.items": lambda house: house.core.runs.items(samples.uuid()),
    "run_item_exports.export": lambda house: house.core.run_item_exports.export(
        samples.uuid(), SheetFormat.CSV, Path(), house.nothing
    ),
    "automatic.waiting": lambda house: house.core.automatic.waiting(),
    "automatic.waiting_rows": lambda house: house.core.automatic.waiting_rows(),
    "automatic.congestion": lambda house: house.core.automatic.congestion(),
    "figures.dashboard": lambda house: house.core.figures.dashboard(),
    "figures.series": lambda house: house.core.figures.series(),
    "runs.recent": lambda house: house.core.runs.recent(),
    "run_exports.export": lambda house: house.core.run_exports.export(SheetFormat.CSV, Path("x"), house.nothing),
    "exports.export": lambda house: house.core.exports.export(house.nothing, Path("x"), house.nothing),
    "setting_desk.export": lambda house: house.core.setting_desk.export(Path("x")),
    "metadata.preview": lambda house: house.core.metadata.preview([house.asset.asset_id]),
    "verification.token": lambda house: house.core.verification.token(house.asset.asset_id),
    "verification.verify": lambda house: house.core.verification.verify(house.asset.asset_id),
    "bulk.verify_listed": lambda house: house.core.bulk.verify_listed(AssetQuery(), house.nothing),
    "comparisons.verdicts": lambda house: house.core.comparisons.verdicts((), SheetFormat.CSV, Path(), house.nothing),
    "comparisons.findings": lambda house: house.core.comparisons.findings((), SheetFormat.CSV, Path(), house.nothing),
    "bulk.verify": lambda house: house.core.bulk.verify([house.asset.asset_id], house.nothing),
    "reconciliation.latest": lambda house: house.core.reconciliation.latest(),
    "index.status": lambda house: house.core.index.status(),
    "index.events": lambda house: house.core.index.events(EventFilter()),
    "index.count": lambda house: house.core.index.count(EventFilter()),
    "index.kinds": lambda house: house.core.index.kinds(),
    "index.events_of_token": lambda house: house.core.index.events_of_token(1),
    "index.events_of_transaction": lambda house: house.core.index.events_of_transaction("0x" + "00" * 32),
    "index.history_of": lambda house: house.core.index.history_of(ADDRESS.address),
    "index.tokens_of": lambda house: house.core.index.tokens_of(ADDRESS.address),
    "index.tokens": lambda house: house.core.index.tokens([1]),
    "index.token_count": lambda house: house.core.index.token_count(),
    "index.contract": lambda house: house.core.index.contract(),
    "index.blocks": lambda house: house.core.index.blocks(),
    "publishing.overview": lambda house: house.publishing.overview(),
    "publishing.roots": lambda house: house.publishing.roots(house.asset.asset_id),
    "publishing.export_car": lambda house: house.publishing.export_car(house.asset.asset_id, Path("x")),
    "people.users": lambda house: house.core.people.users(),
    "enterprises.list": lambda house: house.core.enterprises.list(),
    "address_book.list": lambda house: house.core.address_book.list(),
    "address_exchange.export": lambda house: house.core.address_exchange.export(Path("x"), SheetFormat.CSV),
    "alerts.open_alerts": lambda house: house.core.alerts.open_alerts(),
    "alerts.recent": lambda house: house.core.alerts.recent(),
    "audit.page": lambda house: house.audit.page(AuditQuery()),
    "audit.verify": lambda house: house.audit.verify(),
    "audit_exports.export": lambda house: house.core.audit_exports.export(
        AuditQuery(), SheetFormat.CSV, Path("x"), house.nothing
    ),
    "activity_exports.export": lambda house: house.core.activity_exports.export(
        JobQuery(), SheetFormat.CSV, Path("x"), house.nothing
    ),
    "writes.writes": lambda house: house.core.writes.writes(),
    "writes.write": lambda house: house.core.writes.write(1),
    "calls.page": lambda house: house.core.calls.page(CallFilter()),
    "calls.count": lambda house: house.core.calls.count(CallFilter()),
    "calls.call": lambda house: house.core.calls.call(1),
    "calls.export": lambda house: house.core.calls.export(CallFilter(), SheetFormat.CSV, Path("x"), house.nothing),
    "local_chain.state": lambda house: house.core.local_chain.state(),
    "certificates.validities": lambda house: house.core.certificates.validities([house.asset.asset_id]),
    "certificates.standing": lambda house: house.core.certificates.standing(house.asset.asset_id),
    "certificates.history": lambda house: house.core.certificates.history(house.asset.asset_id),
    "certificates.state_at": lambda house: house.core.certificates.state_at(house.asset.asset_id, 1),
    "anchors.anchors": lambda house: house.anchors.anchors(),
    "anchors.verify": lambda house: house.anchors.verify("0x" + "00" * 32),
    "backups.list": lambda house: house.backups.list(),
    "workspaces.measure": lambda house: house.core.workspaces.measure(HOME),
    "checkpoints.list": lambda house: house.core.checkpoints.list(),
    "laboratory.list": lambda house: house.core.laboratory.list(),
    "laboratory.read": lambda house: house.core.laboratory.read("0" * 32),
    "laboratory.join": lambda house: house.core.laboratory.join(),
    "laboratory.compare": lambda house: house.core.laboratory.compare(["0" * 32]),
    "inspector.head": lambda house: house.core.inspector.head(),
    "inspector.blocks": lambda house: house.core.inspector.blocks(),
    "inspector.block": lambda house: house.core.inspector.block(0),
    "inspector.transactions": lambda house: house.core.inspector.transactions(),
    "inspector.transactions_of": lambda house: house.core.inspector.transactions_of(1),
    "inspector.transaction": lambda house: house.core.inspector.transaction("0x" + "00" * 32),
    "inspector.trace": lambda house: house.core.inspector.trace(house.nothing),
    "inspector.compare": lambda house: house.core.inspector.compare(0, 1),
    "chain_search.find": lambda house: house.core.chain_search.find("1"),
    "chain_search.mint_of": lambda house: house.core.chain_search.mint_of(house.asset.asset_id),
    "chain_events.status": lambda house: house.core.chain_events.status(),
    "chain_events.kinds": lambda house: house.core.chain_events.kinds(),
    "chain_events.count": lambda house: house.core.chain_events.count(EventFilter()),
    "chain_events.page": lambda house: house.core.chain_events.page(EventFilter()),
    "chain_events.lines": lambda house: house.core.chain_events.lines(EventPage(())),
    "event_exports.export": lambda house: house.core.event_exports.export(
        EventFilter(), SheetFormat.CSV, Path("x"), house.nothing
    ),
    "contracts.contracts": lambda house: house.core.contracts.contracts(),
    "contracts.contract": lambda house: house.core.contracts.contract(samples.RECIPIENT),
    "contract_asking.ask": lambda house: house.core.contract_asking.ask(samples.RECIPIENT, house.nothing, ()),
    "contract_asking.ask_raw": lambda house: house.core.contract_asking.ask_raw(samples.RECIPIENT, "0x"),
    "contract_asking.plain_storage": lambda house: house.core.contract_asking.plain_storage(samples.RECIPIENT),
    "contract_asking.keyed_storage": lambda house: house.core.contract_asking.keyed_storage(samples.RECIPIENT, "1"),
    "contract_asking.slot": lambda house: house.core.contract_asking.slot(samples.RECIPIENT, "1"),
    "accounts.accounts": lambda house: house.core.accounts.accounts(),
    "accounts.account": lambda house: house.core.accounts.account(samples.RECIPIENT),
    "accounts.tokens": lambda house: house.core.accounts.tokens(samples.RECIPIENT),
    "accounts.history": lambda house: house.core.accounts.history(samples.RECIPIENT),
    "abis.imported": lambda house: house.core.abis.imported(),
    "abis.own_contract": lambda house: house.core.abis.own_contract(),
    "abis.abis_of": lambda house: house.core.abis.abis_of([samples.RECIPIENT]),
    "chain_exports.blocks": lambda house: house.core.chain_exports.blocks(
        None, SheetFormat.CSV, Path("x"), house.nothing
    ),
    "chain_exports.transactions": lambda house: house.core.chain_exports.transactions(
        None, SheetFormat.CSV, Path("x"), house.nothing
    ),
    "chain_exports.transaction": lambda house: house.core.chain_exports.transaction(
        house.nothing, None, SheetFormat.CSV, Path("x"), house.nothing
    ),
    "laboratory.export": lambda house: house.core.laboratory.export("0" * 32, Path("x")),
}
"""What everybody may do who is signed in: read, with what is theirs or the whole register's."""

FREE = {
    "desk": "open_up suspend look_again look_again_above",
    "imports": "write_problems",
    "audit": "stop",
    "removal": "stop done",
    "anchors": "stop",
    "certificates": "settle",
    "writes": "carry_out begin outcome take_up look_again_above stop",
    "publishing": "stop node",
    "environment": "start stop close while_closed node_status node_figures",
    "runs": "settle",
    "automatic": "stop",
    "runner": "start settle close node_status node_figures",
    "doctor": "examine apply close",
    "evidence": "verify",
    "people": "welcome stop needs_first_admin create_first_admin sign_in offers_demo sign_in_demo sign_out"
    " change_password stay_signed_in",
    "address_book": "load",
    "alerts": "stop",
    "call_alerts": "stop",
    "indexing": "stop",
    "bulk": "verdicts",
    "reconciliation": "stop look_again",
    "stage_pace": "close",
    "setting_desk": "states keep read_file settle",
    "backups": "stop",
    "workspaces": "list folder require_free remove_for_good note_opened close",
    "laboratory": "close",
}
"""What needs nobody's leave: signing in, how chain and IPFS node stand, and what only the program itself calls.

`setting_desk` shows everybody how the program is set; `keep` writes down what a control of the window did already.
`workspaces` tells names, and not what they hold; another workspace has accounts of its own.
`evidence.verify` judges a file, and reads nothing of the register.
`doctor.apply` asks for what each remedy takes, see `tests/unit/services/test_doctor.py`.
`imports.write_problems` writes what a person's own file is to blame for, and reads nothing of the register."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    memory = await MemoryCore(tmp_path).start()
    core = memory.core
    owner, other = samples.enterprise(), samples.enterprise(name="Borealis")
    asset, draft, gone = (samples.asset(owner, name=name) for name in ("Minted", "Draft", "Gone"))
    await core.register.add_assets([asset, draft, gone], (owner, other))
    await core.deleted.delete([gone.asset_id])
    await core.address_book.add(ADDRESS.address, ADDRESS.label)
    job = await core.desk.mint([request(asset)])
    await when_indexed(core)
    touched: list[str] = []
    untouchable: Any = Untouchable(touched)
    keeper, clock = BackupKeeper(untouchable, core.events), core.adapters.clock
    parts = core.adapters
    core = replace(
        core,
        evidence=evidence_service(
            replace(parts, proofs=untouchable, bundles=untouchable),
            IdentityCheck(parts.database, parts.chain),
            core.session,
        ),
        custody=KeyCustody(untouchable, 900, core.session),
        keystores=Keystores(untouchable, core.session),
        backups=RegisterBackups(keeper, untouchable, core.environment, core.session, clock, None, untouchable),
    )
    yield House(core, owner, other, asset, draft, job, gone, touched)
    await memory.core.close()


def written(core: Core) -> str:
    """All that the register holds, past the program."""
    with closing(sqlite3.connect(core.profile / DATABASE_FILE)) as connection:
        return "\n".join(connection.iterdump())


@pytest.mark.parametrize(
    ("role", "code", "actions"),
    [
        (
            None,
            ErrorCode.SIGN_IN_REQUIRED,
            {**OF_A_PERSON, **OF_AN_ENTERPRISE, **OF_AN_OPERATOR, **OF_AN_ADMIN},
        ),
        (Role.VIEWER, ErrorCode.PERMISSION_DENIED, {**OF_AN_ENTERPRISE, **OF_AN_OPERATOR, **OF_AN_ADMIN}),
        (Role.OPERATOR, ErrorCode.PERMISSION_DENIED, {**OF_AN_ENTERPRISE, **OF_AN_ADMIN}),
    ],
)
async def test_73_an_action_without_the_role(
    house: House, role: Role | None, code: ErrorCode, actions: dict[str, Action]
) -> None:
    """Nobody, a viewer of the enterprise, an operator of another one."""
    if role is None:
        house.core.session.end()
    else:
        house.core.session.begin(samples.user(role, house.owner if role is Role.VIEWER else house.other))
    before, blocks = written(house.core), await house.core.adapters.content.stats()
    done: dict[str, ErrorCode | None] = {}
    for name, action in actions.items():
        try:
            await action(house)
            done[name] = None
        except IpnftError as error:
            done[name] = error.code
    assert done == dict.fromkeys(actions, code)
    assert written(house.core) == before
    assert await house.core.adapters.content.stats() == blocks
    assert house.touched == []
    assert house.core.environment.ready is not None


async def test_73_nobody_reads_anything_and_a_viewer_reads_everything(house: House) -> None:
    """The same questions, before and after somebody signed in."""
    core = house.core
    reads: dict[str, Action] = {
        name: OF_A_PERSON[name]
        for name in (
            *("register.page", "register.count", "register.asset", "register.row", "register.enterprises"),
            *("desk.job_of", "metadata.preview", "verification.token", "publishing.overview", "publishing.roots"),
            *("people.users", "enterprises.list", "address_book.list", "saved_filters.list", "alerts.recent"),
            *("audit.page", "anchors.anchors", "activity.page", "activity.counts", "activity.rows_of"),
            *("activity.detail", "activity.retryable", "runs.items", "runs.recent"),
            *("inspector.blocks", "inspector.transactions", "chain_search.find", "abis.imported", "abis.abis_of"),
            *("chain_events.page", "calls.page", "contracts.contracts", "contract_asking.slot", "accounts.accounts"),
        )
    }
    core.session.end()
    for read in reads.values():
        with refused(ErrorCode.SIGN_IN_REQUIRED):
            await read(house)
    core.session.begin(samples.user(Role.VIEWER))
    page = await core.register.page(AssetQuery())
    assert {row.name for row in page.rows} == {"Minted", "Draft"}
    for read in reads.values():
        await read(house)


async def test_73_what_was_begun_goes_on_after_signing_out(house: House) -> None:
    """The door is asked when somebody comes, not while their work is done."""
    core = house.core
    read = core.adapters.database.read

    async def sign_out_first(work: Any) -> Any:
        core.session.end()
        return await read(work)

    minting = asyncio.ensure_future(core.desk.mint([request(house.draft)]))
    await asyncio.sleep(0)
    core.session.end()
    assert (await minting).stage == "COMPLETED"

    core.session.begin(samples.user())
    created = await core.register.create_asset(house.typed)
    core.adapters.database.read = sign_out_first  # type: ignore[method-assign]
    assert (await core.register.edit_asset(created, replace(house.typed, name="Edited"), ())).name == "Edited"
    assert core.session.user is None


async def test_73_an_operator_works_for_their_own_enterprise_only(house: House) -> None:
    core, operator = house.core, samples.user(Role.OPERATOR, house.other)
    mine = samples.asset(house.other)
    core.session.begin(operator)
    await core.register.add_assets([mine])
    with refused(ErrorCode.PERMISSION_DENIED):
        await core.register.edit_asset(mine, house.typed, ())  # given away to the other enterprise
    with refused(ErrorCode.PERMISSION_DENIED):
        forged = replace(house.draft, enterprise=house.other)
        await core.register.edit_asset(forged, replace(house.typed, enterprise_id=house.other.enterprise_id), ())
    with refused(ErrorCode.PERMISSION_DENIED):
        await core.desk.request([request(mine), request(house.draft)])  # a batch is refused whole
    assert (await core.register.asset(mine.asset_id)).state == "DRAFT"
    assert (await core.desk.mint([request(mine)])).stage == "COMPLETED"
    with closing(sqlite3.connect(core.profile / DATABASE_FILE)) as connection:
        asked = connection.execute("SELECT actor FROM audit_log WHERE action = 'mint.requested' ORDER BY audit_id")
        assert asked.fetchall()[-1] == (operator.name,)


def test_73_every_public_action_of_a_service_was_thought_of(house: House) -> None:
    """A new one belongs into a table above: what asks for a role, or what is free to all."""
    services = {field.name: getattr(house.core, field.name) for field in dataclasses.fields(house.core)}
    public = {
        f"{name}.{method}"
        for name, service in services.items()
        if type(service).__module__.startswith("ipnft_desktop.services.")
        for method, function in inspect.getmembers(type(service), inspect.iscoroutinefunction)
        if not method.startswith("_")
    }
    free = {f"{name}.{method}" for name, methods in FREE.items() for method in methods.split()}
    missing = public - {*OF_A_PERSON, *OF_AN_ENTERPRISE, *OF_AN_OPERATOR, *OF_AN_ADMIN, *free}
    assert not missing, "say above who may do these"


# --- 75: passwords are nowhere --------------------------------------------------------------------------------------


async def test_75_a_password_of_a_person_is_nowhere(
    office: Office, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Chosen, right, wrong, refused and replaced, with the real hash at its smallest: not in the register, not in a
    traceback with its locals, not in what an event loop in debug mode says."""
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    passwords = Argon2Passwords(operations=1, memory_bytes=8192)
    people = PeopleService(office.database, office.session, office.clock, passwords, is_demonstration=False)
    eve = await people.create_user("Eve", "Eve", Role.ADMIN, (), CANARY)
    await people.sign_in("Eve", CANARY)
    longer = CANARY + "x"
    told = [
        await _error_of(people.sign_in("Eve", longer)),
        await _error_of(people.sign_in("Nobody", CANARY)),
        await _error_of(people.change_password(longer, longer)),
        await _error_of(people.create_user("Eve", "Eve", Role.ADMIN, (), CANARY)),
        await _error_of(people.create_user("", "", Role.ADMIN, (), CANARY)),
        await _error_of(people.set_password(samples.uuid(), CANARY)),
    ]
    await people.set_password(eve.user_id, longer)
    office.session.end()
    told.append(await _error_of(people.create_user("Bob", "Bob", Role.ADMIN, (), CANARY)))
    told.append(await _error_of(people.create_first_admin("Bob", "Bob", CANARY)))
    await office.database.close()
    for error in told:
        logging.getLogger("ipnft").error("told", exc_info=error)
    said = [_with_locals(error) for error in told] + [caplog.text, *capfd.readouterr(), repr(vars(people))]
    said += [file.read_bytes().decode(errors="replace") for file in office.file.parent.rglob("*") if file.is_file()]
    assert len(told) == 8
    assert "$argon2id$" in "".join(said), "the hash did arrive"
    assert not any(CANARY in text for text in said)


async def _error_of(work: Awaitable[object]) -> IpnftError:
    with pytest.raises(IpnftError) as caught:
        await work
    return caught.value


def _with_locals(error: IpnftError) -> str:
    """Its frames inside the program, with everything they hold."""
    summary = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "".join(f"{frame.name} {frame.locals}\n" for frame in summary.stack if "ipnft_desktop" in frame.filename)
