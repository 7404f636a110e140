"""The only place that builds parts and joins them.

`build_core` imports the database and chain libraries, which takes a second: run it in a thread once the window is on
screen. Tests pass fakes for any part.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ipnft_desktop.adapters.profile_lock import ProfileFileLock
from ipnft_desktop.adapters.workspaces import layout
from ipnft_desktop.bootstrap.adapters import Adapters, build_adapters
from ipnft_desktop.bootstrap.chain_work_parts import chain_work, local_chain
from ipnft_desktop.bootstrap.directory_parts import directories
from ipnft_desktop.bootstrap.doctor import build_doctor
from ipnft_desktop.bootstrap.evidence_parts import evidence_service
from ipnft_desktop.bootstrap.index_parts import chain_indexing, comparing
from ipnft_desktop.bootstrap.inspector_parts import inspector_parts
from ipnft_desktop.bootstrap.laboratory_parts import gas_laboratory
from ipnft_desktop.bootstrap.signing_lane import audit_anchors, mint_desk
from ipnft_desktop.bootstrap.stage_parts import Stage, stage_of
from ipnft_desktop.bootstrap.workspace_parts import (
    WorkspaceFiles,
    is_ours,
    nothing_to_keep,
    workspace_files,
    workspaces_over,
)
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.paths import DEMO_DATA
from ipnft_desktop.recent_log import RecentLog
from ipnft_desktop.services.activity_export import ActivityExport
from ipnft_desktop.services.address_book import AddressBook
from ipnft_desktop.services.address_exchange import AddressExchange
from ipnft_desktop.services.alerts import AlertService
from ipnft_desktop.services.asset_bin import AssetBin
from ipnft_desktop.services.asset_export import AssetExport
from ipnft_desktop.services.asset_import import AssetImport
from ipnft_desktop.services.audit_anchors import AuditAnchors
from ipnft_desktop.services.audit_export import AuditExport
from ipnft_desktop.services.audit_log import AuditLog
from ipnft_desktop.services.automatic_batches import AutomaticBatches
from ipnft_desktop.services.backup_keeper import BackupKeeper
from ipnft_desktop.services.batch_commit import BatchCommit
from ipnft_desktop.services.batch_planner import BatchPlanner
from ipnft_desktop.services.batch_runs import BatchRuns
from ipnft_desktop.services.bulk_verification import BulkVerification
from ipnft_desktop.services.call_alerts import CallAlerts
from ipnft_desktop.services.certificates import Certificates
from ipnft_desktop.services.chain_binding import RegisterChainBinding
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_index import ChainIndex
from ipnft_desktop.services.chain_indexing import ChainIndexing
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.chain_watcher import ChainWatcher
from ipnft_desktop.services.checkpoints import Checkpoints
from ipnft_desktop.services.comparison_export import ComparisonExport
from ipnft_desktop.services.content_removal import ContentRemoval
from ipnft_desktop.services.contract_writes import ContractWrites
from ipnft_desktop.services.demo_register import DemoRegister
from ipnft_desktop.services.doctor.doctor import Doctor
from ipnft_desktop.services.enterprises import EnterpriseService
from ipnft_desktop.services.environment import EnvironmentParts, EnvironmentService
from ipnft_desktop.services.environment_runner import EnvironmentRunner
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.evidence import EvidenceService
from ipnft_desktop.services.gas_laboratory import GasLaboratory
from ipnft_desktop.services.gathering_settings import hold_at_once, policy_of
from ipnft_desktop.services.inspector.abi_registry import AbiRegistry
from ipnft_desktop.services.inspector.account_directory import AccountDirectory
from ipnft_desktop.services.inspector.chain_export import ChainExport
from ipnft_desktop.services.inspector.chain_inspector import ChainInspector
from ipnft_desktop.services.inspector.chain_search import ChainSearch
from ipnft_desktop.services.inspector.contract_asking import ContractAsking
from ipnft_desktop.services.inspector.contract_directory import ContractDirectory
from ipnft_desktop.services.inspector.event_export import EventExport
from ipnft_desktop.services.inspector.event_reading import EventReading
from ipnft_desktop.services.key_custody import KeyCustody, Keystores
from ipnft_desktop.services.local_chain import LocalChain
from ipnft_desktop.services.metadata_preview import MetadataPreviews
from ipnft_desktop.services.mint_activity import MintActivity
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.mint_figures import RegisterFigures
from ipnft_desktop.services.mint_ledger import MintPolicy
from ipnft_desktop.services.nonce_gaps import NonceGaps
from ipnft_desktop.services.people import PeopleService
from ipnft_desktop.services.preflight import Preflight
from ipnft_desktop.services.publication_queue import PublicationQueue
from ipnft_desktop.services.publishing import Publishing
from ipnft_desktop.services.reconciliation import Reconciliation
from ipnft_desktop.services.reconciliation_repairs import ReconciliationRepairs
from ipnft_desktop.services.recorded_calls import RecordedCalls
from ipnft_desktop.services.recovery import Recovery
from ipnft_desktop.services.register import RegisterService
from ipnft_desktop.services.register_backups import RegisterBackups
from ipnft_desktop.services.reorganisations import Reorganisations
from ipnft_desktop.services.run_export import RunExport
from ipnft_desktop.services.run_item_export import RunItemExport
from ipnft_desktop.services.saved_filters import SavedFilters
from ipnft_desktop.services.session import Session, session_of_the_program
from ipnft_desktop.services.setting_desk import SettingDesk
from ipnft_desktop.services.stage_pace import StagePace
from ipnft_desktop.services.token_adoption import TokenAdoption
from ipnft_desktop.services.verification import VerificationService
from ipnft_desktop.services.workspaces import Workspaces
from ipnft_desktop.settings import Settings

SWITCH_INTERVAL_S = 0.0003

log = logging.getLogger("ipnft")
node_log = logging.getLogger("ipnft.node")


@dataclass(frozen=True, slots=True)
class Core:
    """The program without its window."""

    profile: Path
    workspace: WorkspaceFiles
    """Which register, chain and content this is."""
    workspaces: Workspaces
    checkpoints: Checkpoints
    settings: Settings
    events: EventHub
    register: RegisterService
    deleted: AssetBin
    saved_filters: SavedFilters
    metadata: MetadataPreviews
    imports: AssetImport
    exports: AssetExport
    removal: ContentRemoval
    desk: MintDesk
    activity: MintActivity
    figures: RegisterFigures
    planner: BatchPlanner
    runs: BatchRuns
    run_exports: RunExport
    automatic: AutomaticBatches
    run_item_exports: RunItemExport
    activity_exports: ActivityExport
    verification: VerificationService
    evidence: EvidenceService | None
    """None where the chain proves nothing."""
    environment: EnvironmentService
    runner: EnvironmentRunner
    adapters: Adapters
    session: Session
    people: PeopleService
    enterprises: EnterpriseService
    address_book: AddressBook
    address_exchange: AddressExchange
    stage_pace: StagePace
    alerts: AlertService
    call_alerts: CallAlerts
    audit: AuditLog | None
    """None where the log is not sealed, as `anchors`."""
    anchors: AuditAnchors | None
    writes: ContractWrites
    calls: RecordedCalls
    certificates: Certificates
    local_chain: LocalChain
    audit_exports: AuditExport
    custody: KeyCustody | None
    keystores: Keystores | None
    backups: RegisterBackups | None
    publishing: Publishing
    recent_log: RecentLog
    setting_desk: SettingDesk
    doctor: Doctor
    laboratory: GasLaboratory
    indexing: ChainIndexing
    """Follows the chain."""
    index: ChainIndex
    """Tells what it told."""
    abis: AbiRegistry
    inspector: ChainInspector
    chain_search: ChainSearch
    chain_exports: ChainExport
    chain_events: EventReading
    event_exports: EventExport
    contracts: ContractDirectory
    contract_asking: ContractAsking
    accounts: AccountDirectory
    bulk: BulkVerification
    reconciliation: Reconciliation
    repairs: ReconciliationRepairs
    comparisons: ComparisonExport
    stage: Stage | None
    """None where the chain is kept by others."""

    async def close(self) -> None:
        """End the node and close everything; safe to call in any state."""
        await self.laboratory.close()
        await self.doctor.close()
        if self.stage is not None:
            await self.stage.close()
        await self.runner.close()
        await self.automatic.stop()
        await self.runs.settle()
        await self.alerts.stop()
        await self.call_alerts.stop()
        await self.reconciliation.stop()
        await self.indexing.stop()
        if self.audit is not None:
            await self.audit.stop()
        await self.publishing.stop()
        await self.stage_pace.close()
        await self.people.stop()
        await self.removal.stop()
        if self.anchors is not None:
            await self.anchors.stop()
        await self.certificates.settle()
        await self.writes.stop()
        await self.environment.close()
        if self.backups is not None:
            await self.backups.stop()
        if self.custody is not None:
            self.custody.lock()
        await self.workspaces.close()
        lock = self.adapters.lock
        if isinstance(lock, ProfileFileLock):
            lock.release()
        self.recent_log.detach()


def build_core(profile: Path, settings: Settings, adapters: Adapters | None = None) -> Core:
    """Join adapters and services."""
    # The writer thread and the loop share one interpreter. With the default of 5 ms each answer of the node waits for
    # the writer to let go: 11 ms a transaction sent, against 2.5 so.
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    parts = adapters or build_adapters(profile, settings)
    files = workspace_files(profile, settings, parts.lock, parts.audit)
    events = EventHub()
    session = Session(events)
    recent_log = RecentLog()
    recent_log.attach()
    policy = MintPolicy(required_confirmations=settings.confirmations, max_fee_wei=int(settings.max_fee_eth * 10**18))
    watcher = ChainWatcher(parts.chain, events)
    journal = ChainJournal(parts.database, parts.chain, parts.controls, is_kept=not settings.rpc_url)
    identity = IdentityCheck(parts.database, parts.chain)
    lane = asyncio.Lock()
    # Its enterprises have the wallets of Hardhat's published accounts: never on a network or a register of others.
    is_demonstration = files.wants_demo_data(settings) and is_ours(settings)
    desk = mint_desk(parts, session, events, watcher, identity, journal, policy, lane)
    removal = ContentRemoval(parts.database, parts.content, events)
    removal.start()
    work = chain_work(parts, session, events, watcher, identity, journal, removal, policy, lane, desk)
    adoption = TokenAdoption(parts.database, parts.chain, journal, events, parts.clock, policy.required_confirmations)
    recovery = Recovery(
        parts.chain,
        journal,
        Reorganisations(
            parts.database,
            parts.chain,
            identity,
            journal,
            desk,
            settings.finality_blocks,
            [work.writes.look_again_above],
        ),
        adoption,
        NonceGaps(parts.database, parts.chain, parts.signer, parts.clock, lane),
        desk,
        events,
    )
    watcher.on_reorganised(recovery.noticed)
    register = RegisterService(parts.database, parts.content, removal, events, parts.clock, session)
    deleted = AssetBin(parts.database, removal, events, parts.clock, session)
    demo_loader = RegisterService(parts.database, parts.content, removal, events, parts.clock, session_of_the_program())
    people = PeopleService(parts.database, session, parts.clock, parts.passwords, is_demonstration=is_demonstration)
    address_book = AddressBook(parts.database, session, events, parts.clock)

    workspaces = workspaces_over(files, settings, parts.database, removal, session, parts.clock)

    async def on_register_open() -> None:
        await people.welcome()
        await address_book.load()
        await workspaces.note_opened()

    environment = EnvironmentService(
        EnvironmentParts(
            preflight=Preflight(files.folder, parts.lock, parts.node, files.store.settle).check,
            database=parts.database,
            content=parts.content,
            node=parts.node,
            chain=parts.chain,
            controls=parts.controls,
            binding=RegisterChainBinding(
                parts.database,
                parts.chain,
                parts.signer,
                watcher,
                journal,
                events,
                parts.clock,
                session,
                identity,
                contract_address=settings.contract_address,
                may_deploy=lambda: not settings.rpc_url or settings.allow_deployment or parts.chain.is_local,
            ),
            demo=DemoRegister(
                demo_loader, DEMO_DATA, parts.demo_address, wanted=is_demonstration, on_loaded=address_book.load
            ),
            recovery=recovery,
            on_node_log=node_log.info,
            clock=parts.clock,
            session=session,
            on_register_open=on_register_open,
            before_new_chain=(
                partial(files.keep_old_chain, removal) if parts.backups and is_ours(settings) else nothing_to_keep
            ),
        ),
        events,
        log.info,
    )
    alerts = AlertService(parts.database, events, parts.clock, session)
    alerts.start()
    call_alerts = CallAlerts(parts.database, events, parts.clock)
    call_alerts.start()
    audit = AuditLog(parts.database, parts.audit, events, parts.clock, session) if parts.audit else None
    if audit is not None:
        audit.start()
    publishing = _publishing(parts, session, events, settings)
    custody = KeyCustody(parts.key, settings.keystore_idle_minutes * 60, session) if parts.key else None
    if custody is not None:
        events.subscribe(custody.hear)
    keeper = BackupKeeper(parts.backups, events) if parts.backups else None
    backups = (
        RegisterBackups(keeper, parts.backups, environment, session, parts.clock, parts.audit, files.store.settle)
        if keeper and parts.backups
        else None
    )
    planner = BatchPlanner(parts.database, parts.chain, parts.signer, session)
    commit = BatchCommit(parts.database, events, parts.clock, policy, session)
    runs = BatchRuns(parts.database, commit, desk, events, session)
    automatic = AutomaticBatches(
        parts.database, parts.chain, planner, runs, events, parts.clock, session, policy_of(settings)
    )
    setting_desk = _setting_desk(profile, settings, session, environment, publishing, automatic)
    indexing = chain_indexing(
        parts, identity, events, session, lambda: bool(desk.working), is_ours=not settings.rpc_url
    )
    index = ChainIndex(parts.database, indexing, session)
    inspecting = inspector_parts(parts, session, address_book)
    known = directories(parts, session, inspecting.abis, index)
    compared = comparing(parts, indexing, adoption, desk, files.store, events, session, settings.reconcile_hours)
    runner = EnvironmentRunner(environment)
    verification = VerificationService(parts.database, parts.chain, parts.content, session)
    checkpoints = Checkpoints(
        files.store, keeper, environment, parts.database, removal, session, parts.clock, is_ours=is_ours(settings)
    )
    doctor = build_doctor(
        profile, settings, parts, session, lambda: setting_desk.is_unattended, setting_desk.keep, backups
    )
    return Core(
        profile=profile,
        workspace=files,
        workspaces=workspaces,
        checkpoints=checkpoints,
        settings=settings,
        events=events,
        register=register,
        deleted=deleted,
        saved_filters=SavedFilters(parts.database, session),
        metadata=MetadataPreviews(parts.database, parts.content, session),
        imports=AssetImport(parts.sheets, parts.database, events, parts.clock, session),
        audit_exports=AuditExport(parts.sheets, parts.database, session),
        exports=AssetExport(parts.sheets, parts.database, session),
        removal=removal,
        desk=desk,
        activity=MintActivity(parts.database, desk, session),
        figures=RegisterFigures(parts.database, parts.clock, session),
        planner=planner,
        runs=runs,
        run_exports=RunExport(parts.sheets, parts.database, session),
        automatic=automatic,
        run_item_exports=RunItemExport(parts.sheets, runs),
        activity_exports=ActivityExport(parts.sheets, parts.database, desk, session),
        verification=verification,
        evidence=evidence_service(parts, identity, session),
        environment=environment,
        runner=runner,
        adapters=parts,
        session=session,
        people=people,
        enterprises=EnterpriseService(parts.database, session, events, parts.clock, address_book),
        address_book=address_book,
        address_exchange=AddressExchange(parts.sheets, address_book, parts.database, session, parts.clock),
        stage_pace=StagePace(
            parts.controls, events, settings.stage_pace_ms / 1000, lambda: desk.is_open and not settings.rpc_url
        ),
        recent_log=recent_log,
        alerts=alerts,
        call_alerts=call_alerts,
        audit=audit,
        anchors=audit_anchors(parts, session, watcher, work.accounts.own, recovery),
        writes=work.writes,
        calls=RecordedCalls(parts.database, work.writes, session, parts.sheets),
        certificates=work.certificates,
        local_chain=local_chain(parts, session, events, work, lane, desk, recovery, is_ours=not settings.rpc_url),
        custody=custody,
        keystores=Keystores(parts.keystores, session) if parts.keystores else None,
        backups=backups,
        doctor=doctor,
        publishing=publishing,
        setting_desk=setting_desk,
        laboratory=gas_laboratory(
            files.folder, parts.sheets, session, parts.clock, lambda: not environment.is_register_open
        ),
        indexing=indexing,
        index=index,
        abis=inspecting.abis,
        inspector=inspecting.inspector,
        chain_search=inspecting.search,
        chain_exports=inspecting.exports,
        chain_events=known.events,
        event_exports=known.event_exports,
        contracts=known.contracts,
        contract_asking=known.asking,
        accounts=known.accounts,
        bulk=compared.bulk,
        reconciliation=compared.reconciliation,
        repairs=compared.repairs,
        comparisons=ComparisonExport(parts.sheets, session),
        stage=stage_of(
            parts,
            session,
            events,
            environment,
            runner,
            register,
            desk,
            verification,
            checkpoints,
            people,
            doctor,
            files.folder,
        ),
    )


def _setting_desk(
    profile: Path,
    settings: Settings,
    session: Session,
    environment: EnvironmentService,
    publishing: Publishing,
    automatic: AutomaticBatches,
) -> SettingDesk:
    register = layout.workspace_folder(profile, settings.workspace) / layout.REGISTER_FILE

    def cannot_sign_in() -> bool:
        state = environment.state
        if environment.is_register_open:
            return False
        if state.error is not None:
            return state.error.code is not ErrorCode.ALREADY_RUNNING  # another window has it, and people in it
        return not settings.database_url and not register.exists()

    desk = SettingDesk(profile, session, cannot_sign_in)
    desk.apply_with("kubo_api", publishing.use_node)
    desk.apply_with("kubo_publish_minted", publishing.publish_minted)
    hold_at_once(desk, automatic)
    return desk


def _publishing(parts: Adapters, session: Session, events: EventHub, settings: Settings) -> Publishing:
    publishing = Publishing(
        parts.database,
        parts.content,
        parts.peer,
        PublicationQueue(parts.database, parts.peer, events, parts.clock),
        events,
        parts.clock,
        session,
        publishes_minted=settings.kubo_publish_minted,
    )
    publishing.start()
    return publishing
