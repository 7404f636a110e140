"""Plans the mint of many assets: read together, planned aside from the event loop, and tried on the chain where wanted.

Nothing is recorded by it: `services/batch_runs.py` commits a plan.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.batch_plan import (
    MAX_PLANNED_ITEMS,
    BatchPlan,
    PlannedTransaction,
    plan_batches,
    with_estimates,
    without,
)
from ipnft_desktop.domain.chain import ChainIdentity, MintCall, Preflight, parse_address
from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    IpnftError,
    ProblemKind,
    UserError,
    ValidationFailed,
)
from ipnft_desktop.domain.minting import MAX_BATCH_ITEMS, MINTABLE_STATES, MintItem
from ipnft_desktop.domain.people import Permission, Role, User
from ipnft_desktop.services.batch_refusals import OF_ONE_ITEM, call_of, refused_items
from ipnft_desktop.services.chain_ports import Chain, Signer
from ipnft_desktop.services.ports import Database, Transaction
from ipnft_desktop.services.session import Session

Selection = Sequence[UUID] | AssetQuery
"""Assets by their ids, or all that a list shows."""

NOBODY_YET = UUID(int=0)
"""Stands for the intent of an item that is only tried."""


class BatchPlanner:
    """Everything here raises UserError SIGN_IN_REQUIRED or PERMISSION_DENIED for whoever may not mint at all; what the
    person may not mint of a selection is left out of the plan."""

    def __init__(self, database: Database, chain: Chain, signer: Signer, session: Session) -> None:
        self._database = database
        self._chain = chain
        self._signer = signer
        self._session = session

    async def plan(
        self, selection: Selection, recipient: str | None = None, *, most_items: int = MAX_BATCH_ITEMS
    ) -> BatchPlan:
        """Plan for one address as typed or, without it, each asset for the wallet of its enterprise, at most so many in
        a transaction. Where nothing can be minted the plan has no transaction, and tells why of each.

        Raises UserError BATCH_EMPTY where nothing is selected, RECIPIENT_INVALID, ValidationFailed for more than
        `MAX_PLANNED_ITEMS`.
        """
        user = self._session.require(Permission.MINT)
        to = None if recipient is None else parse_address(recipient)
        if not isinstance(selection, AssetQuery):
            _require_some(len(selection))
        price_wei, plan = await asyncio.gather(
            self._gas_price_wei(),
            self._database.read(lambda tx: _planned(tx, selection, user, to, most_items)),
        )
        return with_estimates(plan, (), price_wei)

    async def mintable(self, query: AssetQuery) -> tuple[UUID, ...]:
        """The ids of what a list shows and this person may mint, in its order. Of more than `MAX_PLANNED_ITEMS` these
        and one more are told."""
        user = self._session.require(Permission.MINT)
        states = query.states & MINTABLE_STATES if query.states else MINTABLE_STATES
        owners = query.enterprise_ids
        if user.role is not Role.ADMIN:
            owners = owners & user.enterprise_ids if owners else user.enterprise_ids
            if not owners:
                return ()
        if not states:
            return ()
        wanted = replace(query, states=states, enterprise_ids=owners)
        return await self._database.read(lambda tx: tx.asset_ids(wanted, MAX_PLANNED_ITEMS + 1))

    async def simulate(self, plan: BatchPlan, goes_on: Callable[[int], bool] = lambda _done: True) -> BatchPlan:
        """Try the transactions of a plan on the chain, without sending any: what would be refused is left out with its
        reason, and the others have the gas that the node estimates. `goes_on` hears after each how many were tried, and
        answers whether to go on; what was not tried stays as it was planned.

        Raises EnvironmentFault NODE_UNREACHABLE while there is no chain, and what meets every mint alike
        (CONTRACT_PAUSED, CONTRACT_ROLE_MISSING).
        """
        self._session.require(Permission.MINT)
        identity = await self._database.read(lambda tx: tx.chain_identity())
        if identity is None:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "the environment is not started")
        refused: dict[UUID, IpnftError] = {}
        estimates: list[int | None] = []
        for done, transaction in enumerate(plan.transactions, 1):
            found, gas = await self._tried(transaction, identity)
            refused |= found
            estimates.append(gas)
            if not goes_on(done):
                break
        estimated = with_estimates(plan, estimates, plan.gas_price_wei)
        return without(estimated, refused)

    async def _tried(
        self, transaction: PlannedTransaction, identity: ChainIdentity
    ) -> tuple[dict[UUID, IpnftError], int | None]:
        """What is refused of a transaction, and the gas of all of it if nothing is."""
        items = [MintItem(NOBODY_YET, one.asset_id, one.recipient, one.recipient_type) for one in transaction.items]
        digest = uuid4().bytes * 2  # any directory that is new costs the same

        async def ask(calls: Sequence[MintCall]) -> Sequence[Preflight | IpnftError]:
            return await self._chain.preflights(calls, identity, self._signer.address)

        (outcome,) = await ask([call_of(items, digest)])
        if isinstance(outcome, Preflight):
            return {}, outcome.gas
        try:
            if outcome.code not in OF_ONE_ITEM:
                raise outcome
            return ({items[0].asset_id: outcome} if len(items) == 1 else await refused_items(items, digest, ask)), None
        except IpnftError as error:
            if error.code is not ErrorCode.DUPLICATE_ASSET:
                raise
            # A token that exists is taken into the register when the mint comes to it, and what else is refused is
            # left out then.
            return {}, None

    async def _gas_price_wei(self) -> int | None:
        """None while no node can be asked."""
        try:
            return (await self._chain.fees()).gas_price_wei
        except EnvironmentFault:
            return None


def _planned(tx: Transaction, selection: Selection, user: User, to: str | None, most_items: int) -> BatchPlan:
    """Read and plan in one go, in the thread of the reader."""
    if isinstance(selection, AssetQuery):
        selection = tx.asset_ids(selection, MAX_PLANNED_ITEMS + 1)
        _require_some(len(selection))
    candidates = tx.mint_candidates(selection)
    recipients = {to} if to is not None else {candidate.wallet_address for candidate in candidates}
    return plan_batches(
        selection,
        candidates,
        user,
        to,
        most_items=most_items,
        holders=tx.token_holders(recipients),
        single_gas=tx.latest_single_mint_gas(),
    )


def _require_some(count: int) -> None:
    if not count:
        raise UserError(ErrorCode.BATCH_EMPTY, "nothing is selected")
    if count > MAX_PLANNED_ITEMS:
        raise ValidationFailed((FieldProblem("assets", ProblemKind.TOO_MANY, str(MAX_PLANNED_ITEMS)),))
