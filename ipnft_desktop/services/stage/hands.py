"""Does what a step says, with the same services that the other pages use, and waits for what the step waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.minting import MintJob, MintStage
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.scenes import Doing, Goal, StageFault, Step
from ipnft_desktop.services.environment import EnvironmentService
from ipnft_desktop.services.environment_state import EnvironmentPhase
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.mint_desk import MintDesk, MintRequest
from ipnft_desktop.services.register import RegisterService
from ipnft_desktop.services.stage.cast import Cast, CastingDesk
from ipnft_desktop.services.stage.faults import StageFaults
from ipnft_desktop.services.stage.ports import TokenOracle
from ipnft_desktop.services.verification import VerificationService

_BREAKS_WITH_A_MINT = frozenset({StageFault.CUT, StageFault.KILL_NODE})
_MINTING = frozenset({Doing.MINT, Doing.MINT_TOGETHER, Doing.RETRY})


class Hands:
    """Every step may be done again: what is there already is not made twice."""

    def __init__(
        self,
        register: RegisterService,
        casting: CastingDesk,
        desk: MintDesk,
        verification: VerificationService,
        environment: EnvironmentService,
        faults: StageFaults,
        oracle: TokenOracle,
        events: EventHub,
    ) -> None:
        self._register = register
        self._casting = casting
        self._desk = desk
        self._verification = verification
        self._environment = environment
        self._faults = faults
        self._oracle = oracle
        self._events = events

    async def perform(self, step: Step, cast: Cast, remark: str) -> IpnftError | None:
        """Do it and wait for its goal; returns what stands in the way where that is the goal.

        Raises what the services raise, EnvironmentFault NODE_UNREACHABLE where the environment goes meanwhile, and
        UserError VALIDATION_FAILED where the goal is out of reach.
        """
        if step.heals:
            await self._faults.heal()
        if step.fault is not None:
            with_mint = step.doing in _MINTING and step.fault in _BREAKS_WITH_A_MINT
            await self._faults.begin(step.fault, with_next_transaction=with_mint)
        await self._do(step, cast, remark)
        trouble = await self._until(step, cast.subjects.get(step.subject, ()))
        if step.fault is StageFault.KILL_NODE and step.goal is Goal.IN_TROUBLE:
            await self._faults.struck()  # the cut alone is trouble already
        return trouble

    async def jobs_of(self, asset_ids: Sequence[UUID]) -> list[MintJob]:
        """The latest job of each asset, each job once."""
        jobs = [await self._desk.job_of(asset_id) for asset_id in asset_ids]
        return list({job.job_id: job for job in jobs if job is not None}.values())

    async def mints_of(self, asset_ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
        """Transactions that made tokens of each asset, as the node itself tells. Raises NODE_UNREACHABLE."""
        ready = self._environment.ready
        if ready is None:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "the environment does not stand")
        ids = {token_id_of(asset_id): asset_id for asset_id in asset_ids}
        found = await self._oracle.mints_of(ready.identity.contract_address, tuple(ids))
        return {ids[token_id]: made for token_id, made in found.items()}

    async def verified(self, asset_ids: Sequence[UUID]) -> tuple[int, int]:
        """How many facts agree, of how many."""
        facts = [fact for asset_id in asset_ids for fact in await self._verification.verify(asset_id)]
        return sum(fact.matches for fact in facts), len(facts)

    # --- doing ------------------------------------------------------------------------------------------------

    async def _do(self, step: Step, cast: Cast, remark: str) -> None:
        match step.doing:
            case Doing.CREATE if step.subject not in cast.subjects:
                cast.subjects[step.subject] = await self._casting.new_works(step.count, remark)
            case Doing.MINT | Doing.MINT_TOGETHER | Doing.RETRY:
                cast.tries[step.subject] = cast.tries.get(step.subject, 0) + 1
                await self._mint(cast.subjects[step.subject], together=step.doing is Doing.MINT_TOGETHER)
            case Doing.START:
                await self._faults.stand()
            case _:
                pass

    async def _mint(self, asset_ids: Sequence[UUID], *, together: bool) -> None:
        """Ask for what is not minted; what is open is looked at again, with the bytes that are signed."""
        to_ask: list[MintRequest] = []
        for asset_id in asset_ids:
            job = await self._desk.job_of(asset_id)
            if job is None or job.stage in (MintStage.FAILED, MintStage.CANCELLED):
                to_ask.append(MintRequest(asset_id, await self._recipient(asset_id)))
            elif job.is_open:
                await self._desk.retry(asset_id)
        for requests in [to_ask] if together else [[each] for each in to_ask]:
            if requests:
                await self._desk.request(requests)

    async def _recipient(self, asset_id: UUID) -> str:
        ready = self._environment.ready
        if StageFault.REFUSE_RECIPIENT in self._faults.active and ready is not None:
            return ready.identity.contract_address  # our own contract takes no tokens: nothing has to be deployed
        return (await self._register.asset(asset_id)).enterprise.wallet_address

    # --- waiting ----------------------------------------------------------------------------------------------

    async def _until(self, step: Step, asset_ids: Sequence[UUID]) -> IpnftError | None:
        news = asyncio.Event()
        end = self._events.subscribe(lambda _event: news.set())
        try:
            while True:
                news.clear()
                is_reached, trouble = await self._look(step, asset_ids)
                if is_reached:
                    return trouble
                await news.wait()
        finally:
            end()

    async def _look(self, step: Step, asset_ids: Sequence[UUID]) -> tuple[bool, IpnftError | None]:
        match step.goal:
            case Goal.NOTHING | Goal.CREATED:
                return True, None
            case Goal.READY:
                return self._environment.ready is not None, None
            case Goal.VERIFIED | Goal.ONE_TOKEN_EACH:
                self._require_standing()
                if any(job.is_open for job in await self.jobs_of(asset_ids)):
                    return False, None  # a step before was passed over, and what it asked for is on its way
                if step.goal is Goal.VERIFIED:
                    await self._require_agreement(asset_ids)
                else:
                    await self._require_one_token_each(asset_ids)
                return True, None
            case Goal.SIGNED | Goal.IN_TROUBLE | Goal.MINTED | Goal.FAILED:
                return await self._look_at_mints(step.goal, asset_ids)

    async def _require_agreement(self, asset_ids: Sequence[UUID]) -> None:
        agreeing, total = await self.verified(asset_ids)
        if agreeing < total:
            told = phrase("{agreeing} of {total} facts agree", agreeing=agreeing, total=total)
            raise UserError(ErrorCode.VALIDATION_FAILED, told)

    async def _require_one_token_each(self, asset_ids: Sequence[UUID]) -> None:
        counts = [len(made) for made in (await self.mints_of(asset_ids)).values()]
        if counts != [1] * len(asset_ids):
            told = phrase("{count} tokens of {works} works on the chain", count=sum(counts), works=len(asset_ids))
            raise UserError(ErrorCode.VALIDATION_FAILED, told)

    def _require_standing(self) -> None:
        if self._environment.ready is None and not self._is_starting:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "the environment does not stand")

    async def _look_at_mints(self, goal: Goal, asset_ids: Sequence[UUID]) -> tuple[bool, IpnftError | None]:
        jobs = await self.jobs_of(asset_ids)
        trouble = self._trouble_of(jobs)
        is_minted = bool(jobs) and all(job.stage is MintStage.COMPLETED for job in jobs)
        if is_minted and goal in (Goal.IN_TROUBLE, Goal.FAILED):
            raise UserError(ErrorCode.MINT_INVALID_STATE, "it was minted before anything could go wrong")
        if goal is Goal.IN_TROUBLE:
            return trouble is not None, trouble
        if goal is Goal.SIGNED:
            return bool(jobs) and all(job.transactions for job in jobs), None
        failed = next((job.failure for job in jobs if job.stage is MintStage.FAILED), None)
        error = IpnftError(failed.code, failed.detail) if failed is not None else None
        if goal is Goal.FAILED:
            return error is not None, error
        if is_minted:
            return True, None
        if error is not None:
            raise error
        self._require_standing()
        return False, None

    @property
    def _is_starting(self) -> bool:
        return self._environment.state.phase in (EnvironmentPhase.STARTING, EnvironmentPhase.STOPPING)

    def _trouble_of(self, jobs: Sequence[MintJob]) -> IpnftError | None:
        """What keeps open mints from going on, or why one ended without a token."""
        for job in jobs:
            if job.stage is MintStage.FAILED and job.failure is not None:
                return IpnftError(job.failure.code, job.failure.detail)
            if job.is_open and (code := self._desk.troubles.get(job.job_id)) is not None:
                return EnvironmentFault(code)
        if any(job.is_open for job in jobs) and self._environment.ready is None:
            return EnvironmentFault(ErrorCode.NODE_UNREACHABLE)
        return None
