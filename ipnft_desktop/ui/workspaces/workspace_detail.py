"""One workspace in detail, and what can be done with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.workspaces import RegisterFigures, Workspace, WorkspaceMeasure
from ipnft_desktop.ui.theme.tokens import Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import DangerButton, PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.measures import local_time, size_text
from ipnft_desktop.ui.widgets.plain import visible
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import ElidedLabel
from ipnft_desktop.ui.workspaces.words import figures_text, workspace_name

_NOTHING = "–"


class WorkspaceDetail(QWidget):
    """Each signal asks for something with the workspace in view."""

    open_requested = Signal()
    duplicate_requested = Signal()
    rename_requested = Signal()
    reveal_requested = Signal()
    delete_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace: Workspace | None = None
        self._is_open = False
        self._folder = ""
        self._measure: WorkspaceMeasure | None = None
        self._name = ElidedLabel("", TextSize.TITLE, Weight.BOLD)
        self._tag = StatusTag()
        self.facts = KeyValuePanel()
        self.open_button = PrimaryButton(self.tr("Open"))
        self.duplicate_button = SecondaryButton(self.tr("Duplicate…"))
        self.rename_button = SecondaryButton(self.tr("Rename…"))
        self.reveal_button = SecondaryButton(self.tr("Show in folder"))
        self.delete_button = DangerButton(self.tr("Delete…"))
        self._lay_out()
        for button, requested in (
            (self.open_button, self.open_requested),
            (self.duplicate_button, self.duplicate_requested),
            (self.rename_button, self.rename_requested),
            (self.reveal_button, self.reveal_requested),
            (self.delete_button, self.delete_requested),
        ):
            button.clicked.connect(requested)

    @property
    def measure(self) -> WorkspaceMeasure | None:
        """How much it holds, once that is told."""
        return self._measure

    def show_workspace(self, workspace: Workspace, *, is_open: bool) -> None:
        """Another one, or the same as it is now; its measure comes later."""
        if self._workspace is None or workspace.workspace_id != self._workspace.workspace_id:
            self._folder, self._measure = "", None
        self._workspace, self._is_open = workspace, is_open
        self._name.setText(workspace_name(workspace))
        self._tag.set_state(self.tr("In use"), Tone.OK)
        self._tag.setVisible(is_open)
        self.open_button.setEnabled(not is_open)
        self.delete_button.setEnabled(not is_open and not workspace.is_home)
        self.delete_button.setToolTip(self._why_not_deleted(workspace))
        self._tell()

    def show_folder(self, folder: Path) -> None:
        """Where it lies."""
        self._folder = str(folder)
        self._tell()

    def show_measure(self, measure: WorkspaceMeasure | None) -> None:
        """How much it holds; None where nobody is signed in to be told."""
        self._measure = measure
        self._tell()

    def _why_not_deleted(self, workspace: Workspace) -> str:
        if workspace.is_home:
            return self.tr("This is the profile folder itself; the others lie in it")
        return self.tr("Open another workspace first") if self._is_open else ""

    def _tell(self) -> None:
        workspace, measure = self._workspace, self._measure
        if workspace is None:
            return
        opened = workspace.last_opened_at
        facts = [
            Fact(self.tr("Holds"), self._held(workspace)),
            Fact(self.tr("Size"), size_text(measure.size_bytes) if measure else _NOTHING),
            Fact(self.tr("Last opened"), local_time(opened) if opened else self.tr("never")),
        ]
        if workspace.created_at:
            facts.append(Fact(self.tr("Created"), local_time(workspace.created_at)))
        facts.append(Fact(self.tr("Folder"), visible(self._folder) or _NOTHING, copy=self._folder))
        self.facts.set_facts(facts)

    def _held(self, workspace: Workspace) -> str:
        figures = self._measure.figures if self._measure else None
        if figures is None:
            return _NOTHING
        if workspace.last_opened_at is None and figures == RegisterFigures():
            return self.tr("Nothing yet")
        return figures_text(figures)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(self._name, 1)
        head.addWidget(self._tag)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        for button in (self.open_button, self.duplicate_button, self.rename_button, self.reveal_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.delete_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.M)
        box.addLayout(head)
        box.addWidget(self.facts)
        box.addLayout(buttons)
