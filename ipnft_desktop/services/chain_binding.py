"""Keeps the register and its chain together: identity, restore, deployment, and following new blocks."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable

from ipnft_desktop.domain.chain import (
    BlockRef,
    ChainIdentity,
    DeploymentRecord,
    IdentityVerdict,
    Receipt,
    compare_identity,
    parse_address,
    short_hash,
)
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.events import BlockArrived, DomainEvent
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.chain_ports import Chain, Signer
from ipnft_desktop.services.chain_watcher import ChainWatcher
from ipnft_desktop.services.environment_state import Tell
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.session import Session

DEPLOYMENT_GAS_LIMIT = 6_000_000
DEPLOYMENT_TIMEOUT_S = 15.0
NETWORK_TIMEOUT_S = 180.0
"""Blocks of a public network come every few seconds, and the first ones may be full."""

log = logging.getLogger("ipnft")


class RegisterChainBinding:
    """Verifies that the node serves the chain this register belongs to, restores it where it lost its state, and
    deploys the contract where there is none yet."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        signer: Signer,
        watcher: ChainWatcher,
        journal: ChainJournal,
        events: EventHub,
        clock: Clock,
        session: Session,
        identity: IdentityCheck,
        *,
        contract_address: str = "",
        may_deploy: Callable[[], bool] = lambda: True,
    ) -> None:
        """`contract_address` names a contract that stands already; `may_deploy` says whether one of our own may be
        paid for where none is bound."""
        self._database = database
        self._chain = chain
        self._signer = signer
        self._watcher = watcher
        self._journal = journal
        self._events = events
        self._clock = clock
        self._session = session
        self._identity = identity
        self._contract_address = contract_address
        self._may_deploy = may_deploy
        self._recorder: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._new_head = asyncio.Event()
        self._head: BlockRef | None = None

    async def restore_or_verify(self, tell: Tell) -> Phrase:
        """Stage IDENTITY. Raises EnvironmentFault CHAIN_RESET or CHAIN_MISMATCH where sending must stay blocked."""
        await self._signer.prepare()
        self._identity.forget()
        self._journal.forget()
        expected = await self._database.read(lambda tx: tx.chain_identity())
        if expected is None:
            self._chain.use_contract(None)
            return phrase("New chain; the contract comes next")
        self._chain.use_contract(expected.contract_address)
        verdict = await self._verdict(expected)
        if verdict is IdentityVerdict.RESET and not self._journal.is_kept:
            raise EnvironmentFault(ErrorCode.CHAIN_RESET, "the contract is gone, and this chain is not ours to restore")
        if verdict is IdentityVerdict.RESET:
            blocks, transactions = await self._journal.replay(tell)
            if await self._verdict(expected) is not IdentityVerdict.SAME:
                raise EnvironmentFault(ErrorCode.CHAIN_RESET, "the journal does not lead back to the recorded chain")
            return phrase(
                "Instance {instance} restored: {blocks} blocks, {transactions} transactions, hashes equal",
                instance=short_hash(expected.instance_id),
                blocks=blocks,
                transactions=transactions,
            )
        if verdict is IdentityVerdict.FOREIGN:
            raise EnvironmentFault(ErrorCode.CHAIN_MISMATCH, "chain id, code or instance differs from the register")
        if not self._journal.is_kept:
            return phrase("Instance {instance} unchanged", instance=short_hash(expected.instance_id))
        # A node that outlived a crash of the program may still lack the last blocks of an interrupted restore.
        await self._journal.replay(tell)
        return phrase("Instance {instance} unchanged", instance=short_hash(expected.instance_id))

    async def ensure_contract(self, tell: Tell) -> ChainIdentity:
        """Stage CONTRACT: the bound contract, or a new deployment that is then recorded."""
        bound = await self._database.read(lambda tx: tx.chain_identity())
        if bound is not None:
            return bound
        if self._contract_address:
            address = parse_address(self._contract_address, "contract_address")
            return await self._bind(await self._chain.identity_at(address))
        if not self._may_deploy():
            raise EnvironmentFault(
                ErrorCode.CONTRACT_MISSING, "set contract_address, or allow_deployment to deploy one on this network"
            )
        tell(phrase("Deploying IPAssetNFT"))
        return await self._bind(await self._chain.identity_of(await self._deploy()))

    async def _bind(self, identity: ChainIdentity) -> ChainIdentity:
        blocks = await self._journal.read(1, identity.deployment_block) if self._journal.is_kept else []
        now = self._clock.now()

        def work(tx: Transaction) -> None:
            # Binding and journal in one commit: a chain without its first blocks could never be restored. The first
            # block replaces whatever an earlier, never bound chain left in the journal.
            tx.append_blocks(blocks)
            tx.bind_chain(identity, now)
            tx.append_audit(self._session.actor, "chain.bind", identity.instance_id, {}, now)

        await self._database.write(work)
        self._identity.forget()
        self._journal.forget()
        self._chain.use_contract(identity.contract_address)
        return identity

    @property
    def is_kept_by_others(self) -> bool:
        """Whether the chain lives without us; then `require_lost` is asked before it is given up."""
        return not self._journal.is_kept

    async def require_lost(self) -> None:
        """Raise UserError MINT_INVALID_STATE where the contract stands on its chain: its tokens are there, and what
        was sent may still be mined."""
        expected = await self._database.read(lambda tx: tx.chain_identity())
        if expected is None:
            return
        if await self._verdict(expected) in (IdentityVerdict.SAME, IdentityVerdict.REORGANISED):
            raise UserError(ErrorCode.MINT_INVALID_STATE, "the contract of this register stands on its chain")

    async def retire(self) -> None:
        """Release the register from its chain. The next start deploys a contract of its own."""
        now = self._clock.now()

        def work(tx: Transaction) -> None:
            if tx.others_alive():
                raise UserError(ErrorCode.MINT_INVALID_STATE, "another program works on this register")
            retired = tx.chain_identity()
            if retired is not None:
                tx.retire_chain(now)
                tx.append_audit(self._session.actor, "chain.retire", retired.instance_id, {}, now)

        await self._database.write(work)
        self._identity.forget()
        self._journal.forget()
        self._chain.use_contract(None)

    async def start_following(self) -> None:
        """Watch the chain and journal every new block."""
        if self._recorder is None:
            self._unsubscribe = self._events.subscribe(self._on_event)
            self._recorder = asyncio.create_task(self._record(), name="chain-journal.recorder")
        self._watcher.start()

    async def stop_following(self) -> None:
        """End watching and journalling."""
        await self._watcher.stop()
        if self._unsubscribe:
            self._unsubscribe()
            self._unsubscribe = None
        if self._recorder:
            recorder, self._recorder = self._recorder, None
            recorder.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await recorder

    async def _verdict(self, expected: ChainIdentity) -> IdentityVerdict:
        return compare_identity(
            expected, await self._chain.observe(expected.contract_address, expected.deployment_block)
        )

    async def _deploy(self) -> Receipt:
        """Write ahead here too: a deployment whose answer was lost is found again instead of paid for twice."""
        deployment = await self._database.read(lambda tx: tx.open_deployment())
        if deployment is None or not await self._may_still_be_mined(deployment):
            deployment = await self._sign_deployment()
        tx_hash = deployment.tx_hash
        self._watcher.start()
        reply = await self._chain.send_raw(deployment.raw)
        try:
            async with asyncio.timeout(DEPLOYMENT_TIMEOUT_S if self._journal.is_kept else NETWORK_TIMEOUT_S):
                async with contextlib.aclosing(self._watcher.sightings((tx_hash,), idle_s=1.0)) as sightings:
                    async for sighting in sightings:
                        if sighting and sighting.receipt and sighting.receipt.succeeded:
                            return sighting.receipt
                        if sighting and sighting.receipt:
                            break
        except TimeoutError:
            pass  # Told below, with the node's own words.
        what = phrase(
            "the deployment {tx_hash} is signed and not mined yet; the next start goes on with it", tx_hash=tx_hash
        )
        told = phrase("{what}: {message}", what=what, message=reply.message) if reply.message else what
        raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, told)

    async def _sign_deployment(self) -> DeploymentRecord:
        fees = await self._chain.fees()
        sender = self._signer.address
        chain_id = (await self._chain.observe(sender, 0)).chain_id
        data = await self._chain.deployment_data(secrets.token_bytes(32), sender, sender)
        nonce = await self._chain.nonce_of(sender)
        raw, tx_hash = self._signer.sign_deployment(chain_id, nonce, data, DEPLOYMENT_GAS_LIMIT, fees)
        deployment = DeploymentRecord(tx_hash, raw, chain_id, sender, nonce)
        now = self._clock.now()
        await self._database.write(lambda tx: tx.record_deployment(deployment, now))
        return deployment

    async def _may_still_be_mined(self, deployment: DeploymentRecord) -> bool:
        """Mined already, or still the next of its account on this chain; a local node that restarted knows neither."""
        # The nonce first: what is mined between two questions then shows in the receipt.
        nonce = await self._chain.nonce_of(deployment.signer)
        receipt = (await self._chain.receipts([deployment.tx_hash]))[deployment.tx_hash]
        if receipt is not None:
            return receipt.succeeded
        seen = await self._chain.observe(deployment.signer, 0)
        is_ours = deployment.signer == self._signer.address and deployment.chain_id == seen.chain_id
        return is_ours and deployment.nonce >= nonce

    def _on_event(self, event: DomainEvent) -> None:
        if isinstance(event, BlockArrived):
            self._head = event.block
            self._new_head.set()

    async def _record(self) -> None:
        while True:
            await self._new_head.wait()
            self._new_head.clear()
            assert self._head is not None
            try:
                await self._journal.record_up_to(self._head)
            except EnvironmentFault:
                pass  # The node is gone, or blocks were replaced; a later head brings the missing blocks too.
            except IpnftError:
                log.exception("journal up to block %d", self._head.number)
