"""Backups of an SQLite register: made while it is in use, verified before they count, restored in one step.

They lie in `backups/` beside the register, `<register>-<UTC time>-<revision>-<reason>.db`. A file under such a name is
whole, on the disk and was read through; one still being made is called `<register>.partial`.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock

from sqlalchemy import make_url

from ipnft_desktop.adapters.database import migrations
from ipnft_desktop.adapters.database.backup_files import (
    COMPANIONS,
    Contents,
    DamagedDatabase,
    backup_at,
    contents,
    faults,
    flush_file,
    flush_folder,
    name_of,
    open_existing,
    removed_on_failure,
    time_in_name,
    verified,
)
from ipnft_desktop.adapters.database.backup_preview import compare
from ipnft_desktop.adapters.database.backup_thinning import kept, why_kept
from ipnft_desktop.adapters.database.engines import LOCK_TIMEOUT_S
from ipnft_desktop.adapters.database.register_copies import copy_pages, size_of
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.restore_preview import RestorePreview
from ipnft_desktop.services.backup_keeper import BackupFile, BackupReason

log = logging.getLogger("ipnft")

FOLDER = "backups"
SPARE_BYTES = 32 * 1024 * 1024
"""Space a backup leaves to the register itself."""

_CHECK_WANTED = "check-wanted"
_ONE_NAME = timedelta(milliseconds=1)


def backups_of(url: str) -> DatabaseBackups | None:
    """Backups for a register's URL; None for PostgreSQL, whose administrator keeps them on the server."""
    parsed = make_url(url)
    return DatabaseBackups(Path(parsed.database or "")) if parsed.get_backend_name() == "sqlite" else None


def _utc_now() -> datetime:
    return datetime.now(UTC)


class DatabaseBackups:
    """Implements the port `Backups` for an SQLite file."""

    def __init__(self, database_file: Path, now: Callable[[], datetime] = _utc_now) -> None:
        self._file = database_file
        self._folder = database_file.parent / FOLDER
        self._now = now
        self._lock = RLock()
        self._reader: sqlite3.Connection | None = None
        self._backed_up_version: int | None = None

    def has_changes(self) -> bool:
        """Whether anything was committed since the last backup this object made; True before its first."""
        with self._lock, faults(self._file.name):
            return self._backed_up_version is None or self._backed_up_version != _data_version(self._reading())

    def make(self, reason: BackupReason) -> BackupFile:
        """Copy the register as it is at this moment, read the copy through, then give it its name.

        Nobody is kept waiting: the copy is made from one snapshot, which neither blocks the writer nor starts anew
        when something is written.

        Raises:
            EnvironmentFault: DISK_FULL or DATABASE_UNAVAILABLE, as DamagedDatabase when the copy does not verify. Then
                nothing is left behind.
        """
        with self._lock, faults(phrase("the backup")):
            self._folder.mkdir(parents=True, exist_ok=True)
            partial = self._folder / f"{self._file.name}.partial"
            with removed_on_failure(partial):
                partial.unlink(missing_ok=True)
                self._require_space()
                original, version = self._copied_to(partial)
                flush_file(partial)
                backup = self._folder / name_of(self._file.stem, self._free_moment(), original.revision, reason)
                partial.rename(backup)
            flush_folder(self._folder)
            self._backed_up_version = version
            made = backup_at(backup, self._file.stem)
            assert made is not None
            self._thin()
            return made

    def _copied_to(self, partial: Path) -> tuple[Contents, int]:
        """What the verified copy holds, and the register's `data_version` it was made from."""
        try:
            with faults(self._file.name):
                original, version = self._copy_to(partial)
            if verified(partial) != original:
                raise DamagedDatabase(phrase("the copy differs from the register"))
        except DamagedDatabase:
            # The original may be as damaged as its copy: the next start looks at every page, whatever its size.
            self.want_check(wanted=True)
            raise
        return original, version

    def _copy_to(self, partial: Path) -> tuple[Contents, int]:
        """SQLite's online backup from one snapshot (https://sqlite.org/backup.html); what that snapshot held."""
        source = self._reading()
        source.execute("BEGIN")
        try:
            original = contents(source)
            version = _data_version(source)
            copy_pages(source, partial)
            return original, version
        finally:
            if source.in_transaction:  # a damaged page may have ended it already
                source.execute("ROLLBACK")

    def _require_space(self) -> None:
        size_bytes = size_of(self._file)
        free_bytes = shutil.disk_usage(self._folder).free
        if free_bytes < size_bytes + SPARE_BYTES:
            raise EnvironmentFault(
                ErrorCode.DISK_FULL,
                phrase(
                    "the backup needs {needed} MB, {free} MB are free",
                    needed=round(size_bytes / 1e6),
                    free=round(free_bytes / 1e6),
                ),
            )

    def _free_moment(self) -> datetime:
        """Now, but always after every other backup, so that the newest name is the newest backup even when the
        machine's clock is put back."""
        latest = max((backup.at for backup in self.list()), default=None)
        now = self._now().astimezone(UTC)
        return now if latest is None else max(now, latest + _ONE_NAME)

    def thin(self) -> int:
        """Remove the backups that no rule keeps; returns their bytes. Raises EnvironmentFault DATABASE_UNAVAILABLE."""
        with self._lock, faults(FOLDER):
            backups = self.list()
            stays = kept({backup.at: backup.reason for backup in backups})
            goes = [backup for backup in backups if backup.at not in stays]
            for backup in goes:
                (self._folder / backup.name).unlink()
            return sum(backup.size_bytes for backup in goes)

    def _thin(self) -> None:
        with contextlib.suppress(EnvironmentFault):  # the next backup thins again
            self.thin()

    def list(self) -> tuple[BackupFile, ...]:
        """All of them, newest first."""
        with faults(FOLDER):
            if not self._folder.is_dir():
                return ()
            found = [backup_at(file, self._file.stem) for file in self._folder.iterdir()]
            backups = [backup for backup in found if backup]
            why = why_kept({backup.at: backup.reason for backup in backups})
            told = [replace(backup, kept_because=why.get(backup.at)) for backup in backups]
            return tuple(sorted(told, key=lambda backup: backup.at, reverse=True))

    @property
    def is_check_wanted(self) -> bool:
        """Whether a copy of the register was found damaged, so that the register itself must be looked at."""
        return (self._folder / _CHECK_WANTED).exists()

    def want_check(self, *, wanted: bool) -> None:
        """Remember, beyond this run, that the register must be looked at; or that it was."""
        marker = self._folder / _CHECK_WANTED
        if wanted:
            marker.touch()
        else:
            marker.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the register's file."""
        with self._lock:
            reader, self._reader = self._reader, None
            self._backed_up_version = None
            if reader is not None:
                reader.close()

    def _reading(self) -> sqlite3.Connection:
        """One connection for all backups: only it can tell whether others wrote in between."""
        if self._reader is None:
            self._reader = open_existing(self._file, LOCK_TIMEOUT_S)
            self._reader.execute("PRAGMA query_only = ON")
        return self._reader

    def preview(self, name: str) -> RestorePreview:
        """What `restore` would change; reads both files and may be called while the register is in use.

        Raises as `restore`, and DATABASE_UNAVAILABLE where the register itself cannot be read.
        """
        backup = self._of_name(name)
        _require_known(backup)
        return compare(self._file, self._folder / backup.name)

    def restore(self, name: str) -> None:
        """Put a backup in the register's place, in one step. The register must be closed. What was there before is
        kept: as a backup, or aside if it is damaged.

        Raises:
            EnvironmentFault: DATABASE_UNAVAILABLE if the backup is missing or damaged, or the register is in use;
                DISK_FULL. Then the register is as it was.
            UserError: DATABASE_NEWER if a newer version of the program made the backup.
        """
        with self._lock, faults(name):
            self.close()
            fresh = self._verified_copy(self._of_name(name))
            with removed_on_failure(fresh):
                self._keep_present()
                self._put_in_place(fresh)

    def restore_newest(self) -> tuple[BackupFile, str] | None:
        """Put the newest backup that still verifies in the place of a damaged register, which must be closed.

        Returns the backup and the name under which the damaged file is kept; None if no backup can be used, and then
        nothing was changed. Raises as `restore`: a backup of a newer program is neither used nor passed over.
        """
        with self._lock, faults(self._file.name):
            self.close()
            for backup in self.list():
                try:
                    fresh = self._verified_copy(backup)
                except EnvironmentFault as error:
                    if error.code is ErrorCode.DISK_FULL:
                        raise
                    log.warning("backup.unusable name=%s %s", backup.name, error.detail)
                    continue
                with removed_on_failure(fresh):
                    aside = self._keep_damaged()
                    self._put_in_place(fresh)
                return backup, aside
            return None

    def _verified_copy(self, backup: BackupFile) -> Path:
        """The backup's bytes, read through, on the disk beside the register and ready to take its name."""
        _require_known(backup)
        fresh = self._file.with_name(f"{self._file.name}.restoring")
        with faults(backup.name), removed_on_failure(fresh):
            shutil.copyfile(self._folder / backup.name, fresh)
            if verified(fresh).revision != backup.revision:
                raise DamagedDatabase(phrase("{name} is of another revision than it says", name=backup.name))
            flush_file(fresh)
        return fresh

    def _of_name(self, name: str) -> BackupFile:
        backup = next((each for each in self.list() if each.name == name), None)
        if backup is None:
            raise EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE, phrase("there is no backup {name}", name=name))
        return backup

    def _keep_present(self) -> None:
        if not self._file.exists():
            self._move_companions(self._aside())
            return
        try:
            self._require_unused()
            self.make(BackupReason.BEFORE_RESTORE)
        except DamagedDatabase:
            self._keep_damaged()
        finally:
            self.close()

    def _require_unused(self) -> None:
        """Also folds the log into the file, so that none is left for another database to meet."""
        in_use = phrase("{file} is in use", file=self._file.name)
        with faults(in_use), closing(open_existing(self._file, timeout_s=0)) as connection:
            # Leaving WAL needs the file for oneself, which is the only sure way to hear of other connections.
            connection.execute("PRAGMA journal_mode = DELETE")

    def _keep_damaged(self) -> str:
        """Move the damaged register's files aside. Its own name goes on existing until another file takes it, for a
        missing register would be made anew, and empty, after a kill at this point."""
        aside = self._aside()
        try:
            os.link(self._file, aside)
        except OSError:  # a file system without links
            with removed_on_failure(aside):
                shutil.copyfile(self._file, aside)
        self._move_companions(aside)
        return aside.name

    def _aside(self) -> Path:
        return self._file.with_name(f"{self._file.stem}.damaged-{time_in_name(self._now())}{self._file.suffix}")

    def _move_companions(self, aside: Path) -> None:
        for ending in COMPANIONS:
            if (companion := self._companion(ending)).exists():
                companion.rename(aside.with_name(aside.name + ending))

    def _put_in_place(self, fresh: Path) -> None:
        fresh.replace(self._file)
        flush_folder(self._file.parent)
        self.want_check(wanted=False)

    def _companion(self, ending: str) -> Path:
        return self._file.with_name(self._file.name + ending)


def _require_known(backup: BackupFile) -> None:
    if backup.revision != migrations.HEAD and not migrations.knows(backup.revision):
        raise UserError(
            ErrorCode.DATABASE_NEWER,
            phrase(
                "backup of revision {revision}, this program knows {head}",
                revision=backup.revision,
                head=migrations.HEAD,
            ),
        )


def _data_version(connection: sqlite3.Connection) -> int:
    """A number that differs once another connection has committed (https://sqlite.org/pragma.html#pragma_data_version)."""
    return connection.execute("PRAGMA data_version").fetchone()[0]
