"""What a person may choose: read with where it comes from, changed as far as their role goes, taken elsewhere."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    IpnftError,
    ProblemKind,
    UserError,
    ValidationFailed,
)
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.setting_specs import (
    Effect,
    Group,
    Refusal,
    SettingRefused,
    SettingSpec,
    SettingState,
    SettingValue,
    Source,
    check_value,
)
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.setting_checks import (
    file_problem,
    holds_secret,
    problem_of,
    problem_of_refusal,
)
from ipnft_desktop.settings import SPECS, load_states, read_settings, save_settings, write_settings

Changes = Mapping[str, SettingValue | None]
"""Values by the names of settings; None where the default shall hold again."""

_OUT_OF_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class Export:
    """What an export wrote."""

    count: int
    left_out: tuple[str, ...]
    """Settings whose values hold a secret."""


def permission_for(spec: SettingSpec) -> Permission | None:
    """What changing a setting takes; None for what concerns nobody but the person at this window."""
    if spec.group is Group.KEY:
        return Permission.MANAGE_KEYS
    if spec.group is Group.PUBLISHING:
        return Permission.PUBLISH
    if spec.group is Group.BATCHES:
        return Permission.CHANGE_SETTINGS  # it decides about the mints of others, too
    return None if spec.effect is Effect.AT_ONCE else Permission.CHANGE_SETTINGS


class SettingDesk:
    """The settings of one profile. Whatever in the program keeps one does it here, so that listeners hear of it."""

    def __init__(
        self,
        profile: Path,
        session: Session,
        cannot_sign_in: Callable[[], bool],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`cannot_sign_in` answers whether nobody can, because there is no register that could be opened: its settings
        are then for whoever works at this computer to mend. `environment` stands for the process's variables."""
        self.profile = profile
        self._session = session
        self._cannot_sign_in = cannot_sign_in
        self._environment = environment
        self._appliers: dict[str, Callable[[Any], object]] = {}
        self._listeners: list[Callable[[], object]] = []
        self._turn = asyncio.Lock()

    @property
    def is_unattended(self) -> bool:
        """Whether nobody is signed in because nobody could be."""
        return self._session.user is None and self._cannot_sign_in()

    def apply_with(self, name: str, apply: Callable[[Any], object]) -> None:
        """Let a setting that holds at once be put in force by this; it may refuse the value with a UserError.

        Settings changed together are put in force in the order of these calls; what was in force before a refusal is
        taken back, so what cannot be taken back at once comes last.
        """
        self._appliers[name] = apply

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Hear that something was kept; returns the function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def states(self) -> Mapping[str, SettingState]:
        """Every setting by its name, as the next start would have it. Raises EnvironmentFault SETTINGS_UNUSABLE."""
        return await asyncio.to_thread(self._load)

    async def settle(self) -> None:
        """Wait until what was asked for so far is kept."""
        async with self._turn:
            pass

    async def keep(self, name: str, value: SettingValue) -> None:
        """Keep what was already decided and put in force elsewhere in the window. Raises as `states`, DISK_FULL."""
        async with self._turn:
            await asyncio.to_thread(self._save, {name: value})
        self._tell()

    async def change(self, changes: Changes) -> Changes:
        """Change settings, all or none; answers what the file held before, so that it can be undone.

        Raises ValidationFailed with the names of settings as fields, UserError SIGN_IN_REQUIRED or PERMISSION_DENIED,
        EnvironmentFault SETTINGS_UNUSABLE or DISK_FULL.
        """
        for name in changes:
            self._require(SPECS[name])
        _refuse(*_problems(changes))
        async with self._turn:
            before = await asyncio.to_thread(self._checked_save, changes)
            states = await asyncio.to_thread(self._load)
            in_force: list[str] = []
            try:
                self._put_in_force(states, changes, in_force)
            except IpnftError:
                await asyncio.to_thread(self._save, before)
                former = await asyncio.to_thread(self._load)
                for name in reversed(in_force):
                    self._appliers[name](former[name].value)
                raise
        self._tell()
        return before

    async def export(self, target: Path) -> Export:
        """Write what differs from the defaults as JSON, without secrets and without what the program remembers by
        itself. Raises UserError SIGN_IN_REQUIRED, SHEET_NOT_WRITTEN, EnvironmentFault SETTINGS_UNUSABLE, DISK_FULL."""
        if not self.is_unattended:
            self._session.require_reader()
        changed = {
            name: state.value
            for name, state in (await self.states()).items()
            if not SPECS[name].is_internal and state.value != SPECS[name].default
        }
        secret = tuple(name for name, value in changed.items() if holds_secret(SPECS[name], value))
        told = {name: value for name, value in changed.items() if name not in secret}
        await asyncio.to_thread(_write, target, told)
        return Export(len(told), secret)

    async def read_file(self, source: Path) -> Changes:
        """What an exported file would change here; what is no setting of this version is passed over.

        Raises ValidationFailed with the names of settings as fields, EnvironmentFault SETTINGS_UNUSABLE.
        """
        content = await asyncio.to_thread(_read, source)
        known = {name: content[name] for name, spec in SPECS.items() if name in content and not spec.is_internal}
        _refuse(*_problems(known))
        states = await self.states()
        converted = {name: check_value(SPECS[name], value) for name, value in known.items()}
        return {name: value for name, value in converted.items() if value != states[name].value}

    def _require(self, spec: SettingSpec) -> None:
        permission = permission_for(spec)
        # Publishing is refused by its own service: nothing about it keeps a register from being opened.
        if permission is not None and not (self.is_unattended and permission is not Permission.PUBLISH):
            self._session.require(permission)

    def _put_in_force(self, states: Mapping[str, SettingState], changes: Changes, done: list[str]) -> None:
        """Adds to `done` what is in force."""
        for name, apply in self._appliers.items():
            if name not in changes or states[name].source is Source.ENVIRONMENT:
                continue
            try:
                apply(states[name].value)
            except ValidationFailed:
                raise
            except UserError as error:
                if error.code is ErrorCode.VALIDATION_FAILED:
                    _refuse(FieldProblem(name, ProblemKind.NOT_AN_IPFS_ADDRESS))
                raise
            done.append(name)

    def _load(self) -> Mapping[str, SettingState]:
        try:
            return load_states(self.profile, self._environment)
        except SettingRefused as error:
            raise EnvironmentFault(ErrorCode.SETTINGS_UNUSABLE, error.told) from None

    def _checked_save(self, changes: Changes) -> Changes:
        found = (file_problem(SPECS[name], value, self.profile) for name, value in changes.items() if value is not None)
        _refuse(*(problem for problem in found if problem is not None))
        return self._save(changes)

    def _save(self, changes: Changes) -> Changes:
        try:
            return save_settings(self.profile, changes, self._environment)
        except SettingRefused as error:
            if error.reason is Refusal.NEEDS_RPC_URL and "database_url" not in changes:
                _refuse(FieldProblem("rpc_url", ProblemKind.DATABASE_NEEDS_IT))
            if error.reason is Refusal.LEAST_ABOVE_MOST:
                _refuse(self._bounds_problem(changes))
            if error.name in changes:
                _refuse(problem_of_refusal(SPECS[error.name], error))
            raise EnvironmentFault(ErrorCode.SETTINGS_UNUSABLE, error.told) from None
        except OSError as error:
            raise _fault(error) from error

    def _bounds_problem(self, changes: Changes) -> FieldProblem:
        """Beside the bound that was changed, with the other one."""
        kept = self._load()

        def meant(name: str) -> str:
            value = changes.get(name, kept[name].value)
            return str(SPECS[name].default if value is None else value)

        if "gather_least" in changes:
            return FieldProblem("gather_least", ProblemKind.ABOVE_THE_MOST, meant("gather_most"))
        return FieldProblem("gather_most", ProblemKind.BELOW_THE_LEAST, meant("gather_least"))

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


def _problems(values: Changes) -> tuple[FieldProblem, ...]:
    found = (problem_of(SPECS[name], value) for name, value in values.items() if value is not None)
    return tuple(problem for problem in found if problem is not None)


def _refuse(*problems: FieldProblem) -> None:
    if problems:
        raise ValidationFailed(problems)


def _read(source: Path) -> Mapping[str, Any]:
    try:
        return read_settings(source)
    except SettingRefused as error:
        raise EnvironmentFault(ErrorCode.SETTINGS_UNUSABLE, error.told) from None
    except OSError as error:
        raise _fault(error) from error


def _write(target: Path, values: Mapping[str, SettingValue]) -> None:
    try:
        write_settings(target, values)
    except OSError as error:
        if error.errno in _OUT_OF_SPACE:
            raise _fault(error) from error
        raise UserError(ErrorCode.SHEET_NOT_WRITTEN, error.strerror or "") from error


def _fault(error: OSError) -> EnvironmentFault:
    if error.errno in _OUT_OF_SPACE:
        return EnvironmentFault(ErrorCode.DISK_FULL, error.strerror or "")
    return EnvironmentFault(ErrorCode.SETTINGS_UNUSABLE, error.strerror or "")
