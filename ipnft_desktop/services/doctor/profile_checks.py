"""The profile folder: may it be written, who holds it, its settings, its keys, the space on its volume."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.backup_keeper import Backups
from ipnft_desktop.services.doctor.amounts import size
from ipnft_desktop.services.doctor.aside import aside
from ipnft_desktop.services.doctor.findings import Check, CheckKey, Finding, Level, Remedy
from ipnft_desktop.services.doctor.ports import Leftover, LockState, Processes, ProfileFolder
from ipnft_desktop.services.node_ports import NodeHost
from ipnft_desktop.services.preflight import MINIMUM_FREE_BYTES

REGISTERS_NEEDED = 2
"""A backup is a whole copy, and a migration may write the register anew."""

_SHOWN = 6
_SIZES_LIMIT_S = 10.0


class ProfileChecks:
    """`backups` is None where the register is on a server."""

    def __init__(self, profile: ProfileFolder, processes: Processes, node: NodeHost, backups: Backups | None) -> None:
        self._profile = profile
        self._processes = processes
        self._node = node
        self._backups = backups

    def all(self) -> Sequence[Check]:
        """Every check of the folder."""
        return (
            Check(CheckKey.PROFILE, phrase("Profile folder"), self._folder),
            Check(CheckKey.LOCK, phrase("Holder of the profile"), self._lock),
            Check(CheckKey.SETTINGS, phrase("Settings"), self._settings),
            Check(CheckKey.PERMISSIONS, phrase("Keys"), self._permissions),
            Check(CheckKey.DISK, phrase("Disk space"), self._disk, _SIZES_LIMIT_S),
            Check(CheckKey.LEFTOVERS, phrase("Leftovers"), self._leftovers),
        )

    async def _folder(self) -> Finding:
        problem = await aside(self._profile.write_problem)
        where = str(self._profile.folder)
        if not problem:
            return Finding(Level.OK, phrase("{folder} can be written.", folder=where), remedies=(self._opening(),))
        return Finding(
            Level.FAIL,
            phrase("{folder} cannot be written: {problem}", folder=where, problem=problem),
            phrase("Give yourself the right to write there, or open another profile with --profile."),
        )

    async def _lock(self) -> Finding:
        state = await aside(self._profile.lock_state)
        if state is LockState.OURS:
            return Finding(Level.OK, phrase("This program holds the profile."))
        if state is LockState.FREE:
            return Finding(Level.OK, phrase("No program holds the profile."))
        holders = await aside(lambda: self._processes.holders_of(self._profile.lock_file))
        if not holders:
            text = phrase("Another program holds the profile; the system does not name it.")
        else:
            holder = holders[0]
            text = phrase(
                "{name}, PID {pid}, user {user}, holds the profile.",
                name=holder.name,
                pid=str(holder.pid),
                user=holder.user or "?",
            )
        return Finding(
            Level.WARN, text, phrase("Work in its window, or close it there; one program at a time writes a register.")
        )

    async def _settings(self) -> Finding:
        problem = await aside(self._profile.settings_problem)
        if not problem:
            return Finding(Level.OK, phrase("The settings can be read and used."))
        return Finding(
            Level.FAIL,
            phrase("The settings cannot be used: {problem}", problem=problem),
            phrase("Mend the value, or go on with the defaults."),
            remedies=(
                Remedy(
                    phrase("Use the defaults"),
                    phrase("Gives settings.json another name; the next start uses the defaults."),
                    apply=self._reset_settings,
                    permission=Permission.CHANGE_SETTINGS,
                ),
            ),
        )

    async def _reset_settings(self) -> Phrase:
        name = await aside(self._profile.set_settings_aside)
        return phrase("The old settings are kept as {name}; start the program again.", name=name)

    async def _permissions(self) -> Finding:
        paths = await aside(self._profile.open_secrets)
        if not paths:
            return Finding(Level.OK, phrase("Only their owner can read the keys."))
        return Finding(
            Level.WARN,
            phrase("Keys that others on this computer may read: {count}", count=len(paths)),
            phrase("Take the right from them."),
            tuple(phrase("{file}", file=path) for path in paths[:_SHOWN]),
            (
                Remedy(
                    phrase("Close them to others"),
                    phrase("Lets only their owner read these; files and folders: {count}", count=len(paths)),
                    apply=partial(self._close, paths),
                    permission=Permission.MANAGE_KEYS,
                ),
            ),
        )

    async def _close(self, paths: Sequence[object]) -> Phrase:
        await aside(lambda: self._profile.close_secrets(paths))  # type: ignore[arg-type]
        return phrase("Only their owner can read the keys now.")

    async def _disk(self) -> Finding:
        sizes = await aside(self._profile.sizes)
        needed = REGISTERS_NEEDED * sizes.register_bytes + MINIMUM_FREE_BYTES
        parts = phrase(
            "Register {register}, content {content}, backups {backups}, log {logs}.",
            register=size(sizes.register_bytes),
            content=size(sizes.content_bytes) if sizes.is_complete else f"> {size(sizes.content_bytes)}",
            backups=size(sizes.backups_bytes),
            logs=size(sizes.logs_bytes),
        )
        free, total = size(sizes.free_bytes), size(sizes.total_bytes)
        if sizes.free_bytes >= needed:
            return Finding(Level.OK, phrase("{free} of {total} are free.", free=free, total=total), more=(parts,))
        return Finding(
            Level.FAIL if sizes.free_bytes < MINIMUM_FREE_BYTES else Level.WARN,
            phrase(
                "{free} of {total} are free; a backup and an update of this register need {needed}.",
                free=free,
                total=total,
                needed=size(needed),
            ),
            phrase("Free some space on this volume."),
            (parts,),
            (*await self._thinning(), self._opening()),
        )

    async def _thinning(self) -> tuple[Remedy, ...]:
        if self._backups is None:
            return ()
        surplus = [backup for backup in await aside(self._backups.list) if backup.kept_because is None]
        if not surplus:
            return ()
        return (
            Remedy(
                phrase("Thin the backups"),
                phrase(
                    "Remove old backups, {count} of {size} together? The last of each day and week stay.",
                    count=len(surplus),
                    size=size(sum(backup.size_bytes for backup in surplus)),
                ),
                apply=self._thin,
                permission=Permission.BACK_UP,
                must_ask=True,
            ),
        )

    async def _thin(self) -> Phrase:
        assert self._backups is not None
        freed = await aside(self._backups.thin)
        return phrase("Old backups removed, {size} freed.", size=size(freed))

    async def _leftovers(self) -> Finding:
        is_at_work = await self._is_at_work_elsewhere()
        unfinished = await self._unfinished(is_at_work=is_at_work)
        damaged = await aside(self._profile.damaged_copies)
        if not unfinished and not damaged:
            return Finding(Level.OK, phrase("Nothing is left over from earlier runs."))
        remedies = [self._removing(phrase("Remove leftovers"), unfinished)] if unfinished else []
        if damaged:
            remedies.append(self._removing(phrase("Remove damaged copies"), damaged))
        everything = (*unfinished, *damaged)
        return Finding(
            Level.WARN if damaged else Level.OK,
            phrase(
                "Files and folders left over: {count}, {size}",
                count=len(everything),
                size=size(sum(each.size_bytes for each in everything)),
            ),
            phrase("Copies of a damaged register are kept until somebody has looked at them.") if damaged else None,
            tuple(
                phrase("{file}, {size}", file=each.path.name, size=size(each.size_bytes))
                for each in everything[:_SHOWN]
            ),
            () if is_at_work else tuple(remedies),
        )

    async def _is_at_work_elsewhere(self) -> bool:
        """Whether another program works in the profile: then its node's home is in use, and what it writes is its."""
        return await aside(self._profile.lock_state) is LockState.TAKEN

    async def _unfinished(self, *, is_at_work: bool) -> Sequence[Leftover]:
        node_runs = is_at_work or await self._node.status() is not None
        return await aside(lambda: self._profile.leftovers(node_runs=node_runs))

    def _removing(self, button: Phrase, leftovers: Sequence[Leftover]) -> Remedy:
        return Remedy(
            button,
            phrase(
                "Remove for good, {size}? {names}",
                size=size(sum(each.size_bytes for each in leftovers)),
                names=", ".join(each.path.name for each in leftovers[:_SHOWN]),
            ),
            apply=partial(self._remove, leftovers),
            permission=Permission.RESTORE_REGISTER,
            must_ask=True,
        )

    async def _remove(self, leftovers: Sequence[Leftover]) -> Phrase:
        if await self._is_at_work_elsewhere():
            raise UserError(ErrorCode.ALREADY_RUNNING)
        # Since the look a node may have started in its home.
        left = (*await self._unfinished(is_at_work=False), *await aside(self._profile.damaged_copies))
        paths = {each.path for each in left}
        freed = await aside(lambda: self._profile.remove([each for each in leftovers if each.path in paths]))
        return phrase("Removed, {size} freed.", size=size(freed))

    def _opening(self) -> Remedy:
        return Remedy(phrase("Open folder"), phrase("Shows the profile folder."), opens=self._profile.folder)
