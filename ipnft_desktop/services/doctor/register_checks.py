"""The register's file, its backups, and whether the clock fits its records."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.backup_keeper import BackupFile, Backups
from ipnft_desktop.services.doctor.amounts import size
from ipnft_desktop.services.doctor.aside import aside
from ipnft_desktop.services.doctor.findings import Check, CheckKey, Finding, Level, Remedy
from ipnft_desktop.services.doctor.ports import Computer, RegisterFacts, RegisterFile
from ipnft_desktop.services.ports import Clock

OLD_BACKUP = timedelta(days=7)
CLOCK_TOLERANCE = timedelta(minutes=5)
NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock that says less was reset: the program is younger."""
NOT_AFTER = datetime(2100, 1, 1, tzinfo=UTC)

_REGISTER_LIMIT_S = 15.0


class RegisterChecks:
    """`register` and `backups` are None where the register is on a server; `back_up` makes a backup by hand, None where
    that cannot be done from here; `backup_error` says why the latest could not be made."""

    def __init__(
        self,
        register: RegisterFile | None,
        backups: Backups | None,
        computer: Computer,
        clock: Clock,
        back_up: Callable[[], Awaitable[object]] | None,
        backup_error: Callable[[], IpnftError | None],
    ) -> None:
        self._register = register
        self._backups = backups
        self._computer = computer
        self._clock = clock
        self._back_up = back_up
        self._backup_error = backup_error

    def all(self) -> Sequence[Check]:
        """Every check of the register."""
        return (
            Check(CheckKey.REGISTER, phrase("Register"), self._file, _REGISTER_LIMIT_S),
            Check(CheckKey.BACKUPS, phrase("Backups"), self._newest_backup),
            Check(CheckKey.CLOCK, phrase("Clock"), self._time, _REGISTER_LIMIT_S),
        )

    async def _file(self) -> Finding:
        if self._register is None:
            return Finding(Level.OK, phrase("The register is on a server."))
        facts = await aside(self._register.facts)
        if not facts.exists:
            return Finding(Level.OK, phrase("There is no register yet; the first start makes it."))
        damage = await aside(self._register.damage)
        if damage:
            return Finding(
                Level.FAIL,
                phrase("The register is damaged: {damage}", damage=damage),
                phrase(
                    "Restart everything: the newest backup that verifies takes its place, the damaged file is kept."
                ),
            )
        return self._revision(facts, was_looked_at=damage is not None)

    def _revision(self, facts: RegisterFacts, *, was_looked_at: bool) -> Finding:
        values = {"revision": facts.revision or "–", "known": facts.newest_revision, "size": size(facts.size_bytes)}
        if facts.revision > facts.newest_revision:
            return Finding(
                Level.FAIL,
                phrase("The register is of revision {revision}; this program knows {known}.", **values),
                phrase("Open it with the newer version of the program that wrote it."),
            )
        if facts.revision < facts.newest_revision:
            return Finding(
                Level.OK, phrase("Revision {revision}, {size}; the next start brings it to {known}.", **values)
            )
        if not was_looked_at:
            return Finding(
                Level.OK, phrase("Revision {revision}, {size}; too large to look at every page in passing.", **values)
            )
        return Finding(Level.OK, phrase("Revision {revision}, {size}, every page looked at.", **values))

    async def _newest_backup(self) -> Finding:
        if self._backups is None:
            return Finding(Level.OK, phrase("The server's administrator keeps them."))
        backups = await aside(self._backups.list)
        failed = self._backup_error()
        if failed is not None:
            return self._with_backup(
                phrase("The latest backup could not be made: {code}, {why}", code=failed.code, why=failed.reason)
            )
        if backups:
            return self._of_age(backups[0])
        if self._register is None or not (await aside(self._register.facts)).exists:
            return Finding(Level.OK, phrase("There is nothing to back up yet."))
        return self._with_backup(phrase("There is no backup of this register."))

    def _of_age(self, newest: BackupFile) -> Finding:
        passed = self._clock.now() - newest.at
        told = size(newest.size_bytes)
        if passed >= OLD_BACKUP:
            return self._with_backup(phrase("The newest is {days} days old, {size}.", days=passed.days, size=told))
        hours = max(0, round(passed / timedelta(hours=1)))
        return Finding(Level.OK, phrase("The newest is {hours} h old, {size}.", hours=hours, size=told))

    def _with_backup(self, text: Phrase) -> Finding:
        return Finding(
            Level.WARN,
            text,
            phrase("Make one now; it is also made by itself while you work."),
            remedies=() if self._back_up is None else (self._making(self._back_up),),
        )

    def _making(self, back_up: Callable[[], Awaitable[object]]) -> Remedy:
        async def make() -> Phrase:
            await back_up()
            return phrase("The backup was made and checked.")

        return Remedy(
            phrase("Back up now"),
            phrase("Copies the register into the folder backups and reads the copy through."),
            apply=make,
            permission=Permission.BACK_UP,
        )

    async def _time(self) -> Finding:
        now = self._clock.now()
        zone = await aside(self._computer.zone)
        values = {"now": f"{now.astimezone():%Y-%m-%d %H:%M}", "zone": zone}
        advice = phrase("Set the clock of this computer, or let it be set over the network.")
        if not NOT_BEFORE <= now <= NOT_AFTER:
            return Finding(Level.FAIL, phrase("The clock says {now}, which cannot be.", **values), advice)
        newest = None if self._register is None else (await aside(self._register.facts)).last_change
        if newest is not None and newest > now + CLOCK_TOLERANCE:
            return Finding(
                Level.WARN,
                phrase(
                    "The clock says {now}, but the register has a record of {newest}.",
                    newest=f"{newest.astimezone():%Y-%m-%d %H:%M}",
                    **values,
                ),
                advice,
            )
        return Finding(Level.OK, phrase("{now}, {zone}; no record is later.", **values))
