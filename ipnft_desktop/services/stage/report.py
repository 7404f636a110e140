"""What became of a scene, for a sheet of paper: times, tokens, transactions and gas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.gas_savings import saving_percent
from ipnft_desktop.domain.scenes import Show
from ipnft_desktop.services.environment import EnvironmentService
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.ports import Clock
from ipnft_desktop.services.stage.cast import Cast
from ipnft_desktop.services.stage.hands import Hands


@dataclass(frozen=True, slots=True)
class MintOfScene:
    """One transaction of a scene."""

    tx_hash: str
    block_number: int | None
    """None while it is in no block."""
    tokens: int
    gas_used: int | None


@dataclass(frozen=True, slots=True)
class SceneReport:
    """A scene as it was played."""

    show: Show
    number: int
    """Which one of the show it is, from 1."""
    made_at: datetime
    works: int
    tokens_on_chain: int | None
    """As the node itself told; None where it could not be asked."""
    mints: tuple[MintOfScene, ...]
    gas_used: int | None
    gas_saved_percent: float | None
    """Of all tokens that were minted together, against the newest mint of one; None where nothing can be compared."""
    chain_id: int | None
    contract_address: str


class SceneReports:
    """Reads from register and chain."""

    def __init__(self, hands: Hands, desk: MintDesk, environment: EnvironmentService, clock: Clock) -> None:
        self._hands = hands
        self._desk = desk
        self._environment = environment
        self._clock = clock

    async def of(self, show: Show, number: int, cast: Cast) -> SceneReport:
        """What there is to tell now. Raises UserError SIGN_IN_REQUIRED."""
        asset_ids = cast.asset_ids
        jobs = await self._hands.jobs_of(asset_ids)
        mints = tuple(
            MintOfScene(
                job.transaction.tx_hash,
                job.mined.block_number if job.mined else None,
                len(job.items),
                job.mined.gas_used if job.mined else None,
            )
            for job in jobs
            if job.transaction is not None
        )
        try:
            tokens = sum(len(made) for made in (await self._hands.mints_of(asset_ids)).values())
        except IpnftError:
            tokens = None
        ready = self._environment.ready
        known = [mint.gas_used for mint in mints if mint.gas_used is not None]
        return SceneReport(
            show,
            number,
            self._clock.now(),
            len(asset_ids),
            tokens,
            mints,
            sum(known) if known else None,
            await self._saved(mints),
            ready.identity.chain_id if ready else None,
            ready.identity.contract_address if ready else "",
        )

    async def _saved(self, mints: tuple[MintOfScene, ...]) -> float | None:
        together = [mint for mint in mints if mint.tokens > 1 and mint.gas_used is not None]
        tokens = sum(mint.tokens for mint in together)
        single = await self._desk.latest_single_mint_gas()
        if not tokens or not single:
            return None
        return saving_percent(sum(mint.gas_used or 0 for mint in together) / tokens, single)
