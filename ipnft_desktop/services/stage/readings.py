"""What the tiles under a step show, read from register and chain after it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.gas_savings import saving_percent
from ipnft_desktop.domain.minting import MintJob
from ipnft_desktop.domain.scenes import Fact, FactReading, FactValue, Step
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.stage.cast import Cast
from ipnft_desktop.services.stage.hands import Hands


class Readings:
    """Reads the facts of a step; what cannot be known now is None, and nothing is raised."""

    def __init__(self, hands: Hands, desk: MintDesk) -> None:
        self._hands = hands
        self._desk = desk

    async def of(self, step: Step, cast: Cast, seconds: float) -> tuple[FactReading, ...]:
        """In the order that the scene names them."""
        asset_ids = cast.subjects.get(step.subject, ())
        jobs = await self._hands.jobs_of(asset_ids)
        before = cast.tx_hashes.get(step.subject)
        now = cast.tx_hashes[step.subject] = hashes_of(jobs)
        found: list[FactReading] = []
        for fact in step.facts:
            of: int | None = None
            value: FactValue | None
            match fact:
                case Fact.ATTEMPTS:
                    value = cast.tries.get(step.subject, 0)
                case Fact.TOKENS_ON_CHAIN:
                    value, of = await self._tokens(asset_ids), len(asset_ids)
                case Fact.TRANSACTION:
                    value = now[0] if now else None
                case Fact.SAME_TRANSACTION:
                    value = now == before if now and before else None
                case Fact.TOKEN:
                    value = str(asset_ids[0]) if asset_ids else None
                case Fact.BLOCK:
                    value = jobs[0].mined.block_number if jobs and jobs[0].mined else None
                case Fact.GAS:
                    value = _gas(jobs)
                case Fact.GAS_EACH:
                    value = _gas_each(jobs, asset_ids)
                case Fact.GAS_SAVED:
                    value = await self._saved(jobs, asset_ids)
                case Fact.ASSETS:
                    value = len(asset_ids)
                case Fact.AGREEING:
                    value, of = await self._agreeing(asset_ids)
                case Fact.DURATION:
                    value = seconds
            found.append(FactReading(fact, value, of))
        return tuple(found)

    async def _tokens(self, asset_ids: Sequence[UUID]) -> int | None:
        try:
            return sum(len(made) for made in (await self._hands.mints_of(asset_ids)).values())
        except IpnftError:
            return None

    async def _saved(self, jobs: Sequence[MintJob], asset_ids: Sequence[UUID]) -> float | None:
        each, single = _gas_each(jobs, asset_ids), await self._desk.latest_single_mint_gas()
        return saving_percent(each, single) if each and single else None

    async def _agreeing(self, asset_ids: Sequence[UUID]) -> tuple[int | None, int | None]:
        try:
            return await self._hands.verified(asset_ids)
        except IpnftError:
            return None, None


def hashes_of(jobs: Sequence[MintJob]) -> tuple[str, ...]:
    """The transaction that counts of each job, of those that have one."""
    return tuple(job.transaction.tx_hash for job in jobs if job.transaction)


def _gas(jobs: Sequence[MintJob]) -> int | None:
    mined = [job.mined.gas_used for job in jobs if job.mined]
    return sum(mined) if mined else None


def _gas_each(jobs: Sequence[MintJob], asset_ids: Sequence[UUID]) -> float | None:
    gas = _gas(jobs)
    return gas / len(asset_ids) if gas is not None and asset_ids else None
