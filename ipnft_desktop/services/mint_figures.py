"""What the mints of the register came to, as figures and over time. The database adds them up."""

from __future__ import annotations

from datetime import datetime

from ipnft_desktop.domain.mint_figures import (
    DAY,
    MAX_STEPS,
    STEPS_S,
    Dashboard,
    MintSeries,
    queue_steps,
    step_begin,
    step_s_of,
)
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.session import Session


class RegisterFigures:
    """Every method raises UserError SIGN_IN_REQUIRED for whoever is not signed in."""

    def __init__(self, database: Database, clock: Clock, session: Session) -> None:
        self._database = database
        self._clock = clock
        self._session = session

    async def dashboard(self) -> Dashboard:
        """The figures of the last 24 hours and of all time."""
        self._session.require_reader()
        since = self._clock.now() - DAY
        return await self._database.read(lambda tx: Dashboard(tx.mint_figures(since), tx.mint_figures(None)))

    async def series(self, since: datetime | None = None) -> MintSeries:
        """How gas, ends and queue went since then, or since the first mint if that was later: at most `MAX_STEPS`
        points each."""
        self._session.require_reader()
        now = self._clock.now()

        def work(tx: Transaction) -> MintSeries:
            first = tx.first_request()
            if first is None:
                return MintSeries(STEPS_S[0], STEPS_S[0])
            first = min(first, now)
            begin = first if since is None else max(first, since)
            step_s = step_s_of(begin, now)
            begin = step_begin(begin, step_s)
            gas_step_s = STEPS_S[0] if tx.mined_count(begin) <= MAX_STEPS else step_s
            return MintSeries(
                step_s,
                gas_step_s,
                tx.gas_steps(begin, gas_step_s),
                tx.ended_steps(begin, step_s),
                queue_steps(tx.queue_changes(begin, step_s), tx.open_job_count(), begin, now, step_s),
            )

        return await self._database.read(work)
