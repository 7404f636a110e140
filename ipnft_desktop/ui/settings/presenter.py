"""Drives the Settings page: shows what holds and why, changes it, takes it back, and asks for the restart it needs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QObject, Signal

from ipnft_desktop.domain.errors import Defect, IpnftError, ValidationFailed
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.setting_specs import Effect, Group, SettingState, SettingValue, check_value
from ipnft_desktop.services.setting_desk import Changes, Export, permission_for
from ipnft_desktop.settings import SPECS, Settings
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.settings.row import RowState
from ipnft_desktop.ui.settings.texts import title_of
from ipnft_desktop.ui.settings.view import SettingsView
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_sentence, joined
from ipnft_desktop.ui.widgets.file_dialogs import ask_for_files, ask_where_to_save
from ipnft_desktop.ui.widgets.measures import labelled_text, listed
from ipnft_desktop.ui.widgets.phrases import say_problem

translate = QCoreApplication.translate

EXPORT_NAME = "ipnft-settings.json"

_LOOK = "look at settings"
_FILL = "fill the page"
_WORK = "change settings"


class Desk(Protocol):
    """What the page needs of `services.setting_desk.SettingDesk`."""

    @property
    def is_unattended(self) -> bool: ...
    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]: ...
    async def states(self) -> Mapping[str, SettingState]: ...
    async def change(self, changes: Changes) -> Changes: ...
    async def export(self, target: Path) -> Export: ...
    async def read_file(self, source: Path) -> Changes: ...


@dataclass(frozen=True, slots=True)
class Undo:
    """A change that can be taken back."""

    before: Changes
    tell: Callable[[], str]
    """What was changed, in the language in force; may be asked when the page is gone."""


class SettingsPresenter(QObject):
    """Drives one `SettingsView`; `notice` is a short message with its `Tone`, `undo_offered` one with what takes it
    back and what to call when it leaves unused, `restart_wanted` asks to build everything anew with the settings that
    are kept, `folder_wanted` to show the profile."""

    notice = Signal(str, object)
    undo_offered = Signal(str, object, object)
    restart_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, view: SettingsView, desk: Desk, in_force: Settings, access: Access) -> None:
        """`in_force` is what the program behind the window was built with."""
        super().__init__(view)
        self._view = view
        self._desk = desk
        self._in_force = in_force
        self._access = access
        self._states: Mapping[str, SettingState] = {}
        self._is_stale = self._is_closed = False
        self._undos: list[Undo] = []
        self._tasks = PageTasks(self._on_unexpected)
        self._unsubscribe = desk.subscribe(self.reload)
        access.changed.connect(self.reload)
        view.shown.connect(self._on_shown)
        view.change_wanted.connect(self._on_change)
        view.reset_wanted.connect(self._on_reset)
        view.reset_all_wanted.connect(self._on_reset_all)
        view.reset_all_confirmed.connect(self._on_reset_all_confirmed)
        view.restart_requested.connect(self.restart_wanted)
        view.folder_requested.connect(self.folder_wanted)
        view.export_requested.connect(self._on_export)
        view.import_requested.connect(self._on_import)
        if view.isVisible():
            self._on_shown()

    def reload(self) -> None:
        """Show what holds now, as soon as the page was in view once."""
        self._is_stale = True
        if self._view.rows and not self._is_closed and not self._tasks.is_running(_LOOK):
            self._tasks.start(self._look(), _LOOK)

    async def close(self) -> None:
        """End what is under way."""
        self._is_closed = True
        self._unsubscribe()
        await self._tasks.close()

    def _on_shown(self) -> None:
        if self._view.rows:
            self.reload()
        elif not self._is_closed and not self._tasks.is_running(_FILL):
            self._tasks.start(self._fill(), _FILL)

    async def _fill(self) -> None:
        """One setting at a time, so that what the person does comes between."""
        for group in Group:
            specs = tuple(spec for spec in SPECS.values() if spec.group is group and not spec.is_internal)
            if specs:
                for _ in self._view.add_group(group, specs):
                    await asyncio.sleep(0)
        self.reload()

    async def _look(self) -> None:
        while self._is_stale:  # something may be kept while the file is read
            self._is_stale = False
            try:
                self._states = await self._desk.states()
            except IpnftError as error:
                self._view.error_panel.show_error(error)
                return
        self._view.error_panel.clear()
        self._show()

    def _show(self) -> None:
        pending = [name for name in self._view.rows if self._is_pending(name)]
        for name, row in self._view.rows.items():
            row.show_state(RowState(self._states[name], self._refusal(name), name in pending))
        self._view.pending_bar.tell(
            self.tr("%n change(s) hold from the next start of the environment.", "", len(pending)) if pending else ""
        )
        refusal = self._refusal_of(Permission.CHANGE_SETTINGS)
        self._view.closed_bar.tell(
            self.tr("What others depend on can be looked at only. {0}").format(refusal) if refusal else ""
        )
        if self._desk.is_unattended:
            self._view.closed_bar.tell(
                self.tr("Nobody can sign in yet, so whoever works at this computer may choose."), can_act=False
            )
        self._view.narrow()

    def _is_pending(self, name: str) -> bool:
        kept = self._states[name].value
        return SPECS[name].effect is Effect.NEXT_START and kept != getattr(self._in_force, name)

    def _refusal(self, name: str) -> str:
        permission = permission_for(SPECS[name])
        return self._refusal_of(permission) if permission is not None else ""

    def _refusal_of(self, permission: Permission) -> str:
        if self._desk.is_unattended and permission is not Permission.PUBLISH:
            return ""
        return self._access.refusal(permission)

    def _on_change(self, name: str, value: SettingValue) -> None:
        spec = SPECS[name]
        is_default = check_value(spec, value) == spec.default
        self._work(self._change({name: None if is_default else value}))

    def _on_reset(self, name: str) -> None:
        def tell() -> str:
            return translate("SettingsPresenter", "{0} has its default again.").format(title_of(SPECS[name]))

        self._work(self._change({name: None}, tell))

    def _on_reset_all(self) -> None:
        count = len(self._resettable())
        if count:
            self._view.question.ask(
                self.tr("Give %n setting(s) their default again? Those a variable decides stay.", "", count)
            )
        else:
            self.notice.emit(self.tr("Everything that you may change has its default."), Tone.ACCENT)

    def _on_reset_all_confirmed(self) -> None:
        names = self._resettable()

        def tell() -> str:
            return translate("SettingsPresenter", "%n setting(s) have their default again.", "", len(names))

        self._work(self._change(dict.fromkeys(names), tell))

    def _resettable(self) -> tuple[str, ...]:
        return tuple(
            name
            for name in self._view.rows
            if name in self._states and self._states[name].kept is not None and not self._refusal(name)
        )

    @property
    def undos(self) -> tuple[Undo, ...]:
        """What notices offer to take back just now."""
        return tuple(self._undos)

    def offer(self, undo: Undo) -> None:
        """Say what was changed, with a way to take it back."""
        self._undos.append(undo)
        self.undo_offered.emit(undo.tell(), partial(self._take_back, undo), partial(self._undos.remove, undo))

    def _take_back(self, undo: Undo) -> None:
        self._undos.remove(undo)
        self._work(self._change(undo.before))

    async def _change(self, changes: Changes, tell: Callable[[], str] | None = None) -> None:
        """What is refused stands beside its field; `tell` is for changes that can be taken back from the notice."""
        try:
            before = await self._desk.change(changes)
        except ValidationFailed as refused:
            for problem in refused.problems:
                if problem.field in self._view.rows:
                    self._view.rows[problem.field].show_problem(problem)
            return
        except IpnftError as error:
            self._view.error_panel.show_error(error)
            return
        if tell is not None:
            self.offer(Undo(before, tell))

    def _on_export(self) -> None:
        ask_where_to_save(self._view.window(), EXPORT_NAME, lambda target: self._work(self._export(target)))

    async def _export(self, target: Path) -> None:
        try:
            export = await self._desk.export(target)
        except IpnftError as error:
            self._view.error_panel.show_error(error)
            return
        self.notice.emit(self.tr("%n setting(s) written to {0}.", "", export.count).format(target.name), Tone.OK)
        if export.left_out:
            titles = listed(title_of(SPECS[name]) for name in export.left_out)
            self.notice.emit(self.tr("Left out, for they hold a secret: {0}").format(titles), Tone.WARN)

    def _on_import(self) -> None:
        ask_for_files(
            self._view.window(),
            self.tr("Import settings"),
            self._on_file,
            name_filter=self.tr("Settings (*.json)"),
            several=False,
        )

    def _on_file(self, files: Sequence[Path]) -> None:
        if files:
            self._work(self._import(files[0]))

    async def _import(self, source: Path) -> None:
        def tell() -> str:
            return translate("SettingsPresenter", "%n setting(s) taken from {0}.", "", len(changes)).format(source.name)

        try:
            changes = await self._desk.read_file(source)
        except ValidationFailed as refused:
            said = (labelled_text(title_of(SPECS[each.field]), say_problem(each)) for each in refused.problems)
            self._view.error_panel.show_message(refused.code, error_sentence(refused), joined(*said))
        except IpnftError as error:
            self._view.error_panel.show_error(error)
        else:
            if changes:
                await self._change(changes, tell)
            else:
                self.notice.emit(self.tr("Everything is already as {0} has it.").format(source.name), Tone.OK)

    def _work(self, work: Coroutine[Any, Any, None]) -> None:
        if self._is_closed:  # a notice may outlast the page
            work.close()
            return
        self._view.error_panel.clear()
        self._tasks.start(work, _WORK)

    def _on_unexpected(self, error: Exception) -> None:
        self._view.error_panel.show_error(Defect(f"{type(error).__name__}: {error}"))
