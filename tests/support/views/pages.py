"""Every page, filled as a person would meet it, without a core behind it. The caller shows, closes and deletes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.assets import AssetPage, AssetQuery, AssetType
from ipnft_desktop.domain.batch_plan import BatchPlan, Omission, PlannedItem, PlannedTransaction
from ipnft_desktop.domain.batch_runs import Batch, BatchRun, BatchStrategy, ItemOutcome, RunItem
from ipnft_desktop.domain.certificates import PastState, StateSource, TimelineEntry, TimelineKind
from ipnft_desktop.domain.chain import BlockRef, NodeFigures, NodeStatus, TokenFacts
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.gas_laboratory import Contract, Experiment, Recipients, RunEnding
from ipnft_desktop.domain.local_chain import ChainSnapshot, LocalChainState, Mining, MiningMode, RevertPreview
from ipnft_desktop.domain.mint_activity import JobCounts, JobGroup, JobPage, JobQuery
from ipnft_desktop.domain.mint_figures import Dashboard, MintFigures, MintSeries
from ipnft_desktop.domain.mint_gas import mint_gas
from ipnft_desktop.domain.minting import AssetState, MintStage, RecipientType
from ipnft_desktop.domain.people import AddressBookEntry, EnterpriseStanding, KnownAddress
from ipnft_desktop.domain.reconciliation import Cause, Finding, ReconciliationRun
from ipnft_desktop.domain.setting_specs import Group, SettingState, Source
from ipnft_desktop.services.environment_state import StageKey
from ipnft_desktop.services.gas_laboratory import LaboratoryState
from ipnft_desktop.services.verified_facts import VerifiedFact, VerifiedField, Witness
from ipnft_desktop.settings import SPECS
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.activity.view import ActivityView
from ipnft_desktop.ui.admin.addresses_tab import AddressesTab
from ipnft_desktop.ui.admin.enterprises_tab import EnterprisesTab
from ipnft_desktop.ui.admin.findings_tab import FindingsTab
from ipnft_desktop.ui.admin.people_tab import PeopleTab, Person
from ipnft_desktop.ui.admin.view import AdminView, Face
from ipnft_desktop.ui.batch.efficiency import efficiency_chart
from ipnft_desktop.ui.batch.run_tables import lines_of
from ipnft_desktop.ui.batch.view import BatchView
from ipnft_desktop.ui.batch.waiting_card import WaitingCard
from ipnft_desktop.ui.charts.library import chart_library
from ipnft_desktop.ui.environment.view import EnvironmentView, RunState
from ipnft_desktop.ui.figures.period_bar import Period
from ipnft_desktop.ui.figures.view import FiguresTab
from ipnft_desktop.ui.gallery.view import GalleryView
from ipnft_desktop.ui.gas.result_panel import Part
from ipnft_desktop.ui.gas.view import GasView
from ipnft_desktop.ui.local_chain.card import LocalChainCard
from ipnft_desktop.ui.register.view import RegisterView
from ipnft_desktop.ui.settings.row import RowState
from ipnft_desktop.ui.settings.view import SettingsView
from ipnft_desktop.ui.widgets.page import Page
from ipnft_desktop.ui.widgets.stage_list import StageItem, StageState
from tests.gui.register_doubles import ENTERPRISES, asset_of, row
from tests.gui.support.figures import DASHBOARD, batch_runs, mint_series
from tests.gui.support.jobs import FAILURE, NOW, job_row
from tests.gui.support.nft_examples import CID, OTHER_WALLET, T0, WALLET, a_minted_asset, row_of
from tests.support.gas_results import gas_result
from tests.support.views.chain import CHAIN_PAGES
from tests.support.views.chain_tabs import TAB_PAGES
from tests.support.views.dialogs import PERSON
from tests.support.views.no_pictures import no_pictures
from tests.support.views.stage import STAGE_PAGES

NODE = NodeFigures(
    NodeStatus("http://127.0.0.1:18545", 41822, 20, 188_000_000, "3.18.0", None, 10**22), 152, mines_at_once=True
)


HISTORY = (
    TimelineEntry(TimelineKind.MINTED, "0x" + "9c" * 32, 149, T0, WALLET, recipient=WALLET),
    TimelineEntry(
        TimelineKind.VALIDITY,
        "0x" + "4b" * 32,
        152,
        T0,
        WALLET,
        validity="SUSPENDED",
        reason="Opposition pending before the office; decision expected in autumn.",
        by="ada",
    ),
    TimelineEntry(
        TimelineKind.VALIDITY,
        "0x" + "5e" * 32,
        160,
        T0,
        WALLET,
        validity="REVOKED",
        reason_hash="0x" + "77" * 32,
        is_known=False,
    ),
)
LOCAL_CHAIN = LocalChainState(
    BlockRef(152, "0x98", 1_784_116_800),
    Mining(MiningMode.INTERVAL, 5),
    (
        ChainSnapshot(1, "Before the demonstration", BlockRef(140, "0x8c", 0), T0, "ada"),
        ChainSnapshot(2, "发布之前", BlockRef(149, "0x95", 0), T0, "ada"),
    ),
    WALLET,
    10**22,
)


def _stages(done: int, failed: bool = False) -> tuple[StageItem, ...]:
    states = [StageState.DONE] * done + [StageState.FAILED if failed else StageState.WAITING] * (len(StageKey) - done)
    if failed:
        states[done + 1 :] = [StageState.WAITING] * (len(StageKey) - done - 1)
    took = {StageState.DONE: "0.31 s"}
    return tuple(
        StageItem(
            key,
            key.capitalize().replace("_", " "),
            "What it found",
            state,
            took.get(state, ""),
        )
        for key, state in zip(StageKey, states, strict=True)
    )


def environment_idle() -> EnvironmentView:
    view = EnvironmentView()
    view.set_stages(_stages(0))
    view.set_run_state(RunState.IDLE, "Nothing is running", "One click starts everything.")
    return view


def environment_ready() -> EnvironmentView:
    view = EnvironmentView()
    view.set_stages(_stages(len(StageKey)))
    view.set_run_state(RunState.READY, "Environment ready", "Took 3.4 s")
    view.show_node(NODE)
    return view


def environment_failed() -> EnvironmentView:
    view = EnvironmentView()
    view.set_stages(_stages(3, failed=True))
    view.set_run_state(RunState.FAILED, "Chain node did not succeed", "What to do stands under the stage.")
    view.show_error(StageKey.NODE, EnvironmentFault(ErrorCode.NODE_START_FAILED, "exit code 1"))
    return view


def register() -> RegisterView:
    view = RegisterView()
    states = (AssetState.DRAFT, AssetState.MINTED, AssetState.MINT_FAILED, AssetState.MINT_PENDING)
    kinds = tuple(AssetType)
    rows = tuple(
        row(n, name=f"Asset {n}", state=states[n % len(states)], asset_type=kinds[n % len(kinds)])
        for n in range(12, 0, -1)
    )
    view.panel.use_pictures(no_pictures())
    view.show_list(AssetQuery(), len(rows), AssetPage(rows, None))
    view.table.select_asset(rows[0].asset_id)
    view.panel.show_asset(asset_of(rows[0]))
    return view


def register_empty() -> RegisterView:
    view = RegisterView()
    view.show_list(AssetQuery(), 0, AssetPage((), None))
    return view


def register_signed_out() -> RegisterView:
    view = RegisterView()
    view.show_signed_out()
    return view


def activity() -> ActivityView:
    view = ActivityView(lambda: NOW)
    hashed = {"tx_hash": f"0x{'9c' * 32}", "nonce": 41}
    mined = {**hashed, "block_number": 149, "gas_used": 98_765, "gas_price_wei": 1_500_000_000}
    held_up = job_row(90, MintStage.PREPARING, asset_name="青花缠枝纹花瓶图案", trouble=ErrorCode.KEYSTORE_LOCKED)
    rows = (
        job_row(98, MintStage.REQUESTED, asset_name="Perovskite tandem cell process"),
        job_row(94, MintStage.CONFIRMING, item_count=5, confirmations=3, required_confirmations=6, **hashed),
        held_up,
        job_row(80, MintStage.FAILED, asset_name="Wearable ECG patch", failure=FAILURE, **mined),
        job_row(70, MintStage.CANCELLED, requested_by=""),
        job_row(60, MintStage.FAILED, failure=FAILURE, is_current=False),
        *(job_row(number, **mined) for number in (50, 40, 30)),
    )
    view.show_list(JobQuery(), JobPage(rows, None))
    view.show_counts(JobCounts({group: sum(row.is_in(group) for row in rows) for group in JobGroup}, 1))
    view.table.choose(3)
    view.panel.show_row(rows[3])
    return view


def activity_empty() -> ActivityView:
    view = ActivityView(lambda: NOW)
    view.show_list(JobQuery(), JobPage((), None))
    return view


def _access_of(view: Page) -> Access:
    access = Access()
    access.setParent(view)
    return access


def _batch_of(count: int) -> BatchView:
    chart_library().load_now()
    view = BatchView()
    view.hold_waiting(WaitingCard(_access_of(view)))
    kinds = tuple(AssetType)
    rows = tuple(row(n, name=f"Asset {n}", asset_type=kinds[n % len(kinds)]) for n in range(count, 0, -1))
    view.show_list(view.query, len(rows), AssetPage(rows, None))
    view.table.select_asset(rows[0].asset_id)
    return view


def batch_plan() -> BatchView:
    """Thirty drafts ticked, one of them left out of the plan."""
    view = _batch_of(34)
    view.ticks.add(row(n).asset_id for n in range(34, 4, -1))
    items = tuple(
        PlannedItem(row(n).asset_id, f"Asset {n}", 1, WALLET, RecipientType.ENTERPRISE) for n in range(34, 5, -1)
    )
    left_out = Omission(row(5).asset_id, "Asset 5", ErrorCode.RECIPIENT_REFUSED)
    plan = BatchPlan((PlannedTransaction(items, mint_gas([WALLET] * 29, {WALLET})),), (left_out,), 81_909, True, 10**9)
    view.plan.show_plan(plan)
    view.plan.show_tried("Tried on the chain: what is planned would be minted.")
    view.plan.chart.set_chart(efficiency_chart(plan, None))
    view.show_mintable(plan.item_count)
    return view


def batch_result() -> BatchView:
    """A batch in two transactions: one minted, one failed; an asset was left out."""
    view = _batch_of(9)
    jobs = (UUID(int=901), UUID(int=902))
    used = mint_gas([WALLET] * 10, {WALLET})
    run = BatchRun(
        UUID(int=900),
        BatchStrategy.MANUAL,
        None,
        NOW,
        "admin",
        (
            Batch(jobs[0], 0, 10, MintStage.COMPLETED, used, 81_909, used - 90, 10**9, f"0x{'9c' * 32}"),
            Batch(jobs[1], 1, 4, MintStage.FAILED, 156_000, 81_909, 61_204, 10**9, f"0x{'4e' * 32}"),
        ),
        1,
    )
    items = (
        *(
            RunItem(
                row(n).asset_id, f"Asset {n}", ItemOutcome.FAILED, jobs[1], code=ErrorCode.TX_REVERTED, may_retry=True
            )
            for n in range(4, 0, -1)
        ),
        RunItem(row(5).asset_id, "Asset 5", ItemOutcome.NOT_ATTEMPTED, code=ErrorCode.RECIPIENT_REFUSED),
        *(
            RunItem(row(n).asset_id, f"Asset {n}", ItemOutcome.MINTED, jobs[0], token_id=row(n).asset_id.int)
            for n in range(15, 5, -1)
        ),
    )
    view.result.show_run(run, lines_of(items))
    view.show_result(True)
    view.plan.chart.set_chart(efficiency_chart(None, run))
    return view


def batch_empty() -> BatchView:
    chart_library().load_now()
    view = BatchView()
    view.hold_waiting(WaitingCard(_access_of(view)))
    view.show_list(view.query, 0, AssetPage((), None))
    view.plan.chart.set_chart(efficiency_chart(None, None))
    return view


def gallery() -> GalleryView:
    view = GalleryView()
    view.use_store(no_pictures())
    assets = [a_minted_asset(n, f"Minted asset {n}") for n in range(1, 8)]
    view.show_list(view.query, len(assets), AssetPage(tuple(map(row_of, assets)), None))
    shown = assets[0]
    view.panel.show_asset(shown)
    assert shown.mint is not None
    assert shown.mint.token_id is not None
    uri = f"ipfs://{CID}/a.json"
    facts = (
        VerifiedFact(VerifiedField.OWNER, WALLET, Witness.CHAIN, WALLET),
        VerifiedFact(VerifiedField.TOKEN_URI, uri, Witness.CHAIN, uri),
        VerifiedFact(VerifiedField.BLOCK, "#149 0x9c", Witness.CHAIN, "#150 0x9c", cause=Cause.OTHER_BLOCK),
        VerifiedFact(VerifiedField.ATTACHMENT, "4b" * 32, Witness.CONTENT, "4b" * 32, subject="score.pdf"),
    )
    view.panel.show_verified(facts, TokenFacts(shown.mint.token_id, WALLET, uri, "VALID", 500), T0)
    view.grid.select(shown.asset_id)
    return view


def gallery_certificate() -> GalleryView:
    """A card with all that can be told of its certificate."""
    view = gallery()
    panel = view.panel
    assert panel.asset is not None
    panel.table.show_facts(())
    panel.certificate.show_standing("SUSPENDED")
    panel.certificate.show_history(HISTORY[1:2])
    panel.certificate.block_field.setText("149")
    panel.certificate.show_past(PastState(149, "0x9c", T0, True, WALLET, "VALID", StateSource.CONTRACT))
    return view


def environment_local_chain() -> EnvironmentView:
    view = environment_ready()
    view.set_stages(_stages(1)[:1])  # so that the card is in view
    card = LocalChainCard()
    view.add_card(card)
    card.show_state(LOCAL_CHAIN)
    card.ask_revert(RevertPreview(LOCAL_CHAIN.snapshots[0], 12, 3, 1, 1))
    return view


def gallery_empty() -> GalleryView:
    view = GalleryView()
    view.show_list(view.query, 0, AssetPage((), None))
    return view


_RECONCILED = ReconciliationRun(
    T0,
    is_scheduled=True,
    asset_count=1_204,
    token_count=1_206,
    findings=(
        Finding(Cause.OWNER_MOVED, WALLET, OTHER_WALLET, UUID(int=6), "青花缠枝纹花瓶图案", 6),
        Finding(Cause.METADATA_DAMAGED, "4b" * 32, "CONTENT_MISMATCH", UUID(int=7), "Induction motor", 7),
        Finding(Cause.FILE_MISSING, "4b" * 32, "", UUID(int=7), "Induction motor", 7, "score.pdf"),
        Finding(Cause.STRANGE_TOKEN, "", OTHER_WALLET, token_id=2**100 + 5),
    ),
)


def _admin(shown: int) -> AdminView:
    view, access = AdminView(), Access()
    access.setParent(view)
    people, enterprises, addresses = PeopleTab(access), EnterprisesTab(access), AddressesTab(access)
    findings = FindingsTab(access)
    findings.show_run(_RECONCILED)
    ada = replace(PERSON, user_id=UUID(int=72), name="ada", display_name="Ada Lovelace")
    people.show_records(tuple(Person(user, ("Helios Labs",)) for user in (PERSON, ada)))
    enterprises.show_records(tuple(EnterpriseStanding(one, 12, (PERSON,)) for one in ENTERPRISES))
    addresses.show_records(
        tuple(KnownAddress(AddressBookEntry(one.wallet_address, one.name), one) for one in ENTERPRISES)
    )
    for title, tab in (
        (view.tr("People"), people),
        (view.tr("Enterprises"), enterprises),
        (view.tr("Addresses"), addresses),
        (QCoreApplication.translate("ComparingInWindow", "Reconcile"), findings),
    ):
        view.add_tab(title, tab)
    view.show_face(Face.TABS)
    view.bar.setCurrentIndex(shown)
    return view


def _beside_the_laboratory(tab: FiguresTab) -> GasView:
    view = GasView()
    view.add_tab(QCoreApplication.translate("FiguresInWindow", "This register"), tab)
    view.show_tab(tab)
    return view


def figures() -> GasView:
    chart_library().load_now()
    tab = FiguresTab()
    tab.show_period(Period.ALL_TIME)
    tab.show_figures(DASHBOARD, mint_series(), batch_runs(), is_whole=True)
    for _piece in tab.show_series(mint_series()):
        pass
    return _beside_the_laboratory(tab)


def figures_empty() -> GasView:
    tab = FiguresTab()
    nothing = Dashboard(MintFigures(), MintFigures())
    tab.show_figures(nothing, MintSeries(1, 1), (), is_whole=True)
    return _beside_the_laboratory(tab)


def figures_signed_out() -> GasView:
    tab = FiguresTab()
    tab.show_signed_out()
    return _beside_the_laboratory(tab)


def settings() -> SettingsView:
    view = SettingsView()
    for group in Group:
        specs = tuple(spec for spec in SPECS.values() if spec.group is group and not spec.is_internal)
        if specs:
            for _ in view.add_group(group, specs):  # a row a step
                pass
    for name, line in view.rows.items():
        value, source = (20_000, Source.FILE) if name == "node_port" else (SPECS[name].default, Source.DEFAULT)
        line.show_state(RowState(SettingState(value, source, value if source is Source.FILE else None)))
    view.narrow()
    return view


def gas_empty() -> GasView:
    return GasView()


def gas(part: Part, compared: int = 0) -> GasView:
    """The charts are drawn at once, not when their library is loaded."""
    chart_library().load_now()
    view = GasView()
    laboratory = view.laboratory
    results = (
        gas_result(3, ending=RunEnding.FAILED, failure=ErrorCode.NODE_UNREACHABLE, measured=12),
        gas_result(2, Experiment(recipients=Recipients.NEW_HOLDERS), code="0xcd"),
        gas_result(1),
    )
    laboratory.panel.show_part_of_result(part)
    laboratory.list.show_results(results, ticked=[each.result_id for each in results[3 - compared :]])
    laboratory.show_results(results, results[2].result_id)
    return view


def gas_running() -> GasView:
    view = gas(Part.SAVINGS)
    form, list_ = view.laboratory.form, view.laboratory.list
    form.show_state(LaboratoryState(Experiment(), 14, Experiment().steps, Contract.BASELINE_A, 10))
    view.laboratory.show_results(list_.kept.results, list_.kept.results[0].result_id)
    return view


PAGES: dict[str, Callable[[], Page]] = {
    "environment-idle": environment_idle,
    "environment-local-chain": environment_local_chain,
    "environment-ready": environment_ready,
    "environment-failed": environment_failed,
    "register": register,
    "register-empty": register_empty,
    "register-signed-out": register_signed_out,
    "activity": activity,
    "activity-empty": activity_empty,
    "batch-plan": batch_plan,
    "batch-result": batch_result,
    "batch-empty": batch_empty,
    "gallery": gallery,
    "gallery-certificate": gallery_certificate,
    "gallery-empty": gallery_empty,
    "gas-empty": gas_empty,
    "gas-savings": lambda: gas(Part.SAVINGS),
    "gas-per-token": lambda: gas(Part.GAS),
    "gas-parts": lambda: gas(Part.PARTS),
    "gas-measurements": lambda: gas(Part.TABLE),
    "gas-compared": lambda: gas(Part.GAS, 2),
    "gas-running": gas_running,
    **CHAIN_PAGES,
    **TAB_PAGES,
    **STAGE_PAGES,
    "settings": settings,
    "figures": figures,
    "figures-empty": figures_empty,
    "figures-signed-out": figures_signed_out,
    "admin-people": lambda: _admin(0),
    "admin-enterprises": lambda: _admin(1),
    "admin-addresses": lambda: _admin(2),
    "admin-reconcile": lambda: _admin(3),
}
