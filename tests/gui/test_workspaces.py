"""Workspaces and checkpoints in the window: chosen, made, copied, deleted with an undo, put back with a question."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ipnft_desktop.bootstrap import window as window_module
from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    IpnftError,
    ProblemKind,
    UserError,
    ValidationFailed,
)
from ipnft_desktop.domain.people import Role
from ipnft_desktop.domain.restore_preview import Difference, RestorePreview
from ipnft_desktop.domain.workspaces import (
    HOME,
    Checkpoint,
    CheckpointReason,
    RegisterFigures,
    Workspace,
    WorkspaceMeasure,
)
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.settings import Settings, load_settings
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.workspaces.checkpoints_presenter import CheckpointsPresenter
from ipnft_desktop.ui.workspaces.dialog import WorkspacesDialog
from ipnft_desktop.ui.workspaces.presenter import WorkspacesPresenter
from ipnft_desktop.ui.workspaces.workspace_button import WorkspaceButton
from tests.gui.support.waiting import settled
from tests.support import samples
from tests.support.core_factory import MemoryCore

NOW = datetime(2026, 11, 22, 9, 12, tzinfo=UTC)
GREEN = Workspace("green-012345", "Green & energy", NOW)
NOTHING = Difference()
PREVIEW = RestorePreview(
    assets=Difference(disappearing=12, first_disappearing=("Rotor", "Stator")),
    enterprises=NOTHING,
    people=NOTHING,
    addresses=NOTHING,
    filters=NOTHING,
    mints=Difference(disappearing=3),
    newer_tokens=3,
    audit_rows_lost=40,
    changed_at=NOW,
    backup_changed_at=NOW,
)


def checkpoint(name: str, age_min: int = 0, reason: CheckpointReason = CheckpointReason.BY_HAND) -> Checkpoint:
    figures = RegisterFigures(24, 3, 152)
    return Checkpoint(f"{age_min:08}", name, NOW - timedelta(minutes=age_min), reason, figures, 9, 1_000, "0005", "00")


class MemoryWorkspaces:
    """Workspaces that are only listed. `hold` keeps a copy from ending."""

    open_id = HOME
    can_have_others = can_duplicate = True

    def __init__(self) -> None:
        self.all = [Workspace(HOME, ""), GREEN]
        self.calls: list[str] = []
        self.error: IpnftError | None = None
        self.hold = False
        self.copying = asyncio.Event()

    def _call(self, text: str) -> None:
        self.calls.append(text)
        if self.error:
            raise self.error

    async def list(self) -> Sequence[Workspace]:
        return tuple(self.all)

    async def folder(self, workspace_id: str) -> Path:
        return Path("/profile") / workspace_id

    async def measure(self, workspace_id: str) -> WorkspaceMeasure:
        return WorkspaceMeasure(2_500_000, RegisterFigures(24, 3, 152))

    async def create(self, name: str, *, with_demo_data: bool) -> Workspace:
        self._call(f"create {name} {with_demo_data}")
        return Workspace("new-012345", name)

    async def duplicate(self, workspace: Workspace, name: str, work: LongWork) -> Workspace:
        self._call(f"duplicate {workspace.workspace_id} {name}")
        made = replace(workspace, workspace_id="copy-012345", name=name)
        while self.hold:
            self.copying.set()
            await asyncio.sleep(0)
            work.report(0.4)
        self.all.append(made)
        return made

    async def rename(self, workspace: Workspace, name: str) -> None:
        self._call(f"rename {workspace.workspace_id} {name}")
        self.all = [replace(each, name=name) if each == workspace else each for each in self.all]

    async def set_aside(self, workspace: Workspace) -> str:
        self._call(f"set aside {workspace.workspace_id}")
        self.all.remove(workspace)
        return "aside"

    async def bring_back(self, aside: str) -> None:
        self._call(f"bring back {aside}")
        self.all.append(GREEN)

    async def remove_for_good(self, aside: str) -> None:
        self._call(f"remove {aside}")


class MemoryCheckpoints:
    """Checkpoints that are only listed."""

    are_possible = True

    def __init__(self) -> None:
        self.all = [checkpoint("Newest"), checkpoint("", 5, CheckpointReason.BEFORE_RETURN)]
        self.calls: list[str] = []
        self.error: Exception | None = None

    def _call(self, text: str) -> None:
        self.calls.append(text)
        if self.error:
            raise self.error

    async def list(self) -> Sequence[Checkpoint]:
        return tuple(self.all)

    async def make(self, name: str, work: LongWork) -> Checkpoint:
        self._call(f"make {name}")
        self.all.insert(0, checkpoint(name))
        return self.all[0]

    async def rename(self, checkpoint: Checkpoint, name: str) -> None:
        self._call(f"rename {checkpoint.name} {name}")

    async def delete(self, checkpoint: Checkpoint) -> None:
        self._call(f"delete {checkpoint.name}")
        self.all.remove(checkpoint)

    async def preview(self, checkpoint: Checkpoint) -> RestorePreview:
        return PREVIEW

    async def return_to(self, checkpoint: Checkpoint, work: LongWork) -> None:
        self._call(f"return {checkpoint.name}")


@dataclass
class Room:
    """The button in a window, over doubles."""

    window: QWidget
    button: WorkspaceButton
    workspaces: MemoryWorkspaces
    checkpoints: MemoryCheckpoints
    keeper: CheckpointsPresenter
    presenter: WorkspacesPresenter
    access: Access
    opened: list[str]
    undo: list[tuple[str, Callable[[], object], Callable[[], object]]]
    notices: list[tuple[str, Tone]]
    turned: list[bool]

    async def manage(self) -> WorkspacesDialog:
        self.presenter.manage()
        await settled(lambda: self.dialog.checkpoints.table.records.count == len(self.checkpoints.all))
        await settled(lambda: any(fact.value == "2.5 MB" for fact in self.dialog.detail.facts.facts))
        return self.dialog

    @property
    def dialog(self) -> WorkspacesDialog:
        dialog = self.presenter.dialog
        assert dialog is not None
        return dialog

    def lines(self) -> dict[str, QAction]:
        menu = self.button.menu_shown
        menu.aboutToShow.emit()
        return {action.text(): action for action in menu.actions() if action.text()}


@pytest.fixture
async def room(qapp: QApplication) -> AsyncIterator[Room]:
    window = QWidget()  # not of qtbot, which deletes it before the presenters are closed
    button = WorkspaceButton(window)
    window.show()
    workspaces, checkpoints, access = MemoryWorkspaces(), MemoryCheckpoints(), Access(window)
    turned: list[bool] = []
    keeper = CheckpointsPresenter(window, checkpoints, lambda: turned.append(True))
    presenter = WorkspacesPresenter(window, button, workspaces, keeper, access, has_checkpoints=True)
    made = Room(window, button, workspaces, checkpoints, keeper, presenter, access, [], [], [], turned)
    presenter.open_requested.connect(lambda workspace: made.opened.append(workspace.workspace_id))
    presenter.undo_offered.connect(lambda *offer: made.undo.append(offer))
    for each in (presenter, keeper):
        each.notice.connect(lambda text, tone: made.notices.append((text, tone)))
    access.follow(samples.user())
    presenter.reload()
    await settled(lambda: button.text() == "Workspace: Default")
    yield made
    await presenter.close()
    await keeper.close()
    window.close()
    window.deleteLater()


async def test_the_menu_names_the_open_one_and_opens_another(room: Room) -> None:
    lines = room.lines()
    assert [text for text in lines if lines[text].isCheckable()] == ["Default", "Green && energy"]
    assert [lines[text].isChecked() for text in ("Default", "Green && energy")] == [True, False]
    lines["Default"].trigger()
    assert room.opened == []
    lines["Green && energy"].trigger()
    assert room.opened == [GREEN.workspace_id]
    assert list(lines)[2:] == ["New workspace…", "Manage workspaces…", "Checkpoint now…", "Return to checkpoint"]
    returns = lines["Return to checkpoint"].menu()
    assert returns is not None
    assert [action.text().partition(",")[0] for action in returns.actions()] == ["Newest", "Before a return"]  # type: ignore[attr-defined]


async def test_the_dialog_tells_what_each_holds(room: Room) -> None:
    dialog = await room.manage()
    facts = {fact.key: fact.value for fact in dialog.detail.facts.facts}
    assert (facts["Size"], facts["Folder"]) == ("2.5 MB", "/profile")
    assert "152" in facts["Holds"]
    assert not dialog.detail.open_button.isEnabled()
    assert not dialog.detail.delete_button.isEnabled()
    assert dialog.table.select(GREEN.workspace_id)
    assert dialog.detail.open_button.isEnabled()
    assert not dialog.checkpoints.make_button.isEnabled()
    assert dialog.checkpoints.empty.text() == "Open this workspace to see its checkpoints."
    dialog.detail.open_button.click()
    assert (room.opened, room.presenter.dialog) == ([GREEN.workspace_id], None)


async def test_a_new_one_is_named_and_opened(room: Room) -> None:
    room.presenter.ask_to_create()
    form = room.presenter.form
    assert form is not None
    room.workspaces.error = ValidationFailed((FieldProblem("name", ProblemKind.TAKEN),))
    form.submit_button.click()
    await settled(lambda: bool(form.fields["name"].error))
    room.workspaces.error = None
    form.name.setText("专利")
    form.switch.setChecked(True)
    QTest.keyClick(form.name, Qt.Key.Key_Return)
    await settled(lambda: room.presenter.form is None)
    await settled(lambda: room.opened == ["new-012345"])
    assert room.workspaces.calls[-1] == "create 专利 True"


async def test_a_copy_shows_how_far_it_is_and_can_be_stopped(room: Room) -> None:
    dialog = await room.manage()
    room.workspaces.hold = True
    dialog.detail.duplicate_button.click()
    form = room.presenter.form
    assert form is not None
    assert form.name.text() == "Copy of Default"
    form.submit_button.click()
    await room.workspaces.copying.wait()
    assert form.progress.isVisible()
    assert not form.name.isEnabled()
    form.cancel_button.click()
    await settled(lambda: form.name.isEnabled())
    room.workspaces.hold = False
    form.submit_button.click()
    await settled(lambda: room.presenter.form is None)
    assert dialog.workspace is not None
    assert dialog.workspace.name == "Copy of Default"
    assert [each.name for each in room.workspaces.all] == ["", "Green & energy", "Copy of Default"]


async def test_deleting_says_what_goes_and_can_be_undone(room: Room) -> None:
    dialog = await room.manage()
    dialog.table.select(GREEN.workspace_id)
    dialog.table.remove_requested.emit()  # the Delete key
    await settled(dialog.delete_question.isVisible)
    asked = dialog.delete_question.accessibleName()
    assert all(part in asked for part in ("Green & energy", "24", "3", "2.5 MB"))
    dialog.delete_question.confirm_button.click()
    await settled(lambda: bool(room.undo))
    await settled(lambda: dialog.table.records.count == 1)
    _, undo, give_up = room.undo[0]
    undo()
    await settled(lambda: dialog.table.records.count == 2)
    give_up()
    await settled(lambda: room.workspaces.calls[-1] == "remove aside")
    assert room.workspaces.calls[:2] == ["set aside green-012345", "bring back aside"]


async def test_a_refusal_is_told_in_the_dialog(room: Room) -> None:
    dialog = await room.manage()
    dialog.table.select(GREEN.workspace_id)
    dialog.detail.delete_button.click()
    await settled(dialog.delete_question.isVisible)
    room.workspaces.error = UserError(ErrorCode.WORKSPACE_IN_USE)
    dialog.delete_question.confirm_button.click()
    await settled(lambda: dialog.error_panel.code == "WORKSPACE_IN_USE")
    assert room.undo == []


async def test_a_checkpoint_takes_one_key(room: Room) -> None:
    room.lines()["Checkpoint now…"].trigger()
    form = room.keeper.form
    assert form is not None
    assert form.name.text().startswith("Checkpoint 20")
    QTest.keyClick(form.name, Qt.Key.Key_Return)
    await settled(lambda: room.keeper.form is None)
    assert room.checkpoints.calls == [f"make {room.checkpoints.all[0].name}"]
    assert room.notices[0][1] is Tone.OK
    room.checkpoints.all.clear()
    dialog = await room.manage()
    assert dialog.checkpoints.empty.text().startswith("None yet.")


async def test_a_return_says_what_it_undoes_and_starts_again(room: Room) -> None:
    dialog = await room.manage()
    dialog.checkpoints.table.select(room.checkpoints.all[0].checkpoint_id)
    dialog.checkpoints.return_button.click()
    question = room.keeper.dialog
    assert question is not None
    await settled(lambda: bool(question.changes.lines))
    assert "12" in question.state.text()
    assert "3" in question.state.text()
    assert question.changes.lines[0].endswith("Rotor, Stator and 10 more")
    QTest.keyClick(question, Qt.Key.Key_Escape)
    assert (room.checkpoints.calls, room.turned) == ([], [])

    room.checkpoints.error = EnvironmentFault(ErrorCode.CHECKPOINT_UNUSABLE)
    room.keeper.ask_to_return(room.checkpoints.all[0])
    question = room.keeper.dialog
    assert question is not None
    question.return_button.click()
    await settled(lambda: question.error_panel.code == "CHECKPOINT_UNUSABLE")
    assert room.turned == [True], "everything was stopped: it is started again all the same"
    room.checkpoints.error = UserError(ErrorCode.PERMISSION_DENIED)
    question.return_button.click()
    await settled(lambda: question.error_panel.code == "PERMISSION_DENIED")
    assert room.turned == [True], "nothing was stopped"
    room.checkpoints.error = RuntimeError("not foreseen")
    question.return_button.click()
    await settled(lambda: question.error_panel.code == "UNEXPECTED")
    assert room.turned == [True, True]
    room.checkpoints.error = None
    question.return_button.click()
    await settled(lambda: room.keeper.dialog is None)
    assert (len(room.checkpoints.calls), room.turned) == (4, [True, True, True])


async def test_a_checkpoint_is_renamed_and_deleted(room: Room) -> None:
    dialog = await room.manage()
    panel = dialog.checkpoints
    panel.table.select(room.checkpoints.all[0].checkpoint_id)
    panel.rename_button.click()
    form = room.keeper.form
    assert form is not None
    form.name.setText("Older")
    form.submit_button.click()
    await settled(lambda: room.keeper.form is None)
    panel.delete_button.click()
    assert "Newest" in dialog.checkpoint_question.accessibleName()
    dialog.checkpoint_question.confirm_button.click()
    await settled(lambda: panel.table.records.count == 1)
    assert room.checkpoints.calls == ["rename Newest Older", "delete Newest"]


async def test_a_viewer_may_only_look_and_a_network_of_others_stays(room: Room) -> None:
    room.access.follow(samples.user(Role.VIEWER))
    dialog = await room.manage()
    lines = room.lines()
    assert not lines["New workspace…"].isEnabled()
    assert not lines["Checkpoint now…"].isEnabled()
    assert lines["Green && energy"].isEnabled(), "it has accounts of its own"
    assert "Viewer" in dialog.checkpoints.make_button.refusal
    assert "Viewer" in dialog.detail.rename_button.refusal
    room.access.follow(samples.user())
    assert not dialog.detail.rename_button.refusal
    room.workspaces.can_duplicate = False
    room.access.follow(samples.user())
    assert "kept by others" in dialog.detail.duplicate_button.refusal


async def test_text_from_outside_is_plain(room: Room) -> None:
    room.workspaces.all.append(Workspace("evil-012345", "<b>bold</b>\u202etxt"))
    room.presenter.reload()
    dialog = await room.manage()
    dialog.table.select("evil-012345")
    assert "<b>bold</b>" in dialog.table.currentIndex().data()
    assert "\u202e" not in dialog.table.currentIndex().data()


# --- in the whole program -------------------------------------------------------------------------------------------


async def test_the_window_stays_when_another_one_is_opened(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[MemoryCore] = []

    def load(profile: Path, settings: Settings) -> object:
        made.append(MemoryCore(profile, settings))
        return made[-1].core

    monkeypatch.setattr(window_module, "_load_core", load)
    program = Program(qapp, tmp_path, Settings(demo_data=False, workspace="gone-012345"))
    await program.show()
    await program.join(await program.load_core())
    assert program.window.toasts.texts[0].startswith("The workspace of last time cannot be opened")
    assert program.window.windowTitle() == "IPNFT Desktop"
    core = program.core
    assert core is not None
    await made[-1].start()
    presenter = program.pages.workspaces.presenter
    presenter.ask_to_create()
    form = presenter.form
    assert form is not None
    form.name.setText("Other")
    form.submit_button.click()
    await settled(lambda: program.core is not None and program.core is not core)
    assert program.core is not None
    other = next(each for each in await program.core.workspaces.list() if each.name == "Other")
    await settled(lambda: program.core is not None and program.core.environment.ready is not None)
    await settled(lambda: program.window.windowTitle() == "Other — IPNFT Desktop")
    await settled(lambda: load_settings(tmp_path, {}).workspace == other.workspace_id)
    assert program.core.workspace.folder == tmp_path / "workspaces" / other.workspace_id
    program.open_workspace("missing-012345")
    await settled(lambda: any("WORKSPACE" in t or "missing" in t for t in program.window.toasts.texts))
    assert program.core.workspaces.open_id == other.workspace_id
    program.window.close()
    await program.close()
