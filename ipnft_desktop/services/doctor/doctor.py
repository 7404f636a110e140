"""Runs the checks side by side, each with its own time limit, and applies remedies."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Sequence

from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.doctor.findings import Check, CheckKey, Examined, Finding, Level, Remedy
from ipnft_desktop.services.session import Session

log = logging.getLogger("ipnft")

OnExamined = Callable[[Examined], None]


class Doctor:
    """Works before the environment has started and where it cannot start."""

    def __init__(self, checks: Sequence[Check], session: Session, is_unattended: Callable[[], bool]) -> None:
        """`is_unattended` answers whether nobody is signed in because nobody can: then remedies ask nobody."""
        self._checks = checks
        self._session = session
        self._looking: dict[CheckKey, asyncio.Task[Finding]] = {}
        self._is_unattended = is_unattended

    @property
    def check_count(self) -> int:
        """How much will be looked at."""
        return len(self._checks)

    async def examine(
        self, on_examined: OnExamined = lambda _: None, keys: Collection[CheckKey] = frozenset(CheckKey)
    ) -> tuple[Examined, ...]:
        """Look at everything, or at some things; each is told as soon as it is known. The answer is in order."""

        async def look(check: Check) -> Examined:
            started = time.perf_counter()
            finding = await self._finding(check)
            examined = Examined(check.key, check.title, finding, time.perf_counter() - started)
            on_examined(examined)
            return examined

        return tuple(await asyncio.gather(*(look(check) for check in self._checks if check.key in keys)))

    async def apply(self, remedy: Remedy) -> Phrase:
        """Do it and say what was done.

        Raises UserError SIGN_IN_REQUIRED or PERMISSION_DENIED, whatever the remedy raises as IpnftError, and
        EnvironmentFault REMEDY_FAILED for what the operating system refused; Defect for anything else.
        """
        assert remedy.apply is not None
        if remedy.permission is not None and not self._is_unattended():
            self._session.require(remedy.permission)
        try:
            done = await remedy.apply()
        except OSError as error:
            raise EnvironmentFault(ErrorCode.REMEDY_FAILED, error.strerror or str(error)) from error
        except IpnftError:
            raise
        except Exception as error:
            raise Defect(f"{type(error).__name__}: {error}") from error
        log.info("doctor.remedy %s", done)
        return done

    async def close(self) -> None:
        """Look at nothing any more; threads that hang in a look are left to end with the process."""
        looking = tuple(self._looking.values())
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)

    async def _finding(self, check: Check) -> Finding:
        """A look that did not return last time is waited for again rather than taken twice."""
        task = self._looking.get(check.key)
        if task is None:
            task = asyncio.ensure_future(check.look())
            self._looking[check.key] = task
        await asyncio.wait({task}, timeout=check.limit_s)
        if not task.done():
            return Finding(Level.UNKNOWN, phrase("No answer within {seconds} s.", seconds=f"{check.limit_s:g}"))
        self._looking.pop(check.key, None)
        try:
            return task.result()
        except Exception as error:
            log.warning("doctor.%s", check.key.lower(), exc_info=error)
            why = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
            return Finding(Level.UNKNOWN, phrase("It could not be looked at: {why}", why=why))
