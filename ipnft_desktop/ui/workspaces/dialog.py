"""All workspaces at the left, one of them in detail at the right, with its checkpoints below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.workspaces import Workspace
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, DialogHeight, DialogWidth, Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.card import Card, Rule
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.dialog_parts import foot
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.question_bar import QuestionBar
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.text import Text
from ipnft_desktop.ui.workspaces.checkpoints_panel import CheckpointsPanel
from ipnft_desktop.ui.workspaces.words import workspace_name
from ipnft_desktop.ui.workspaces.workspace_detail import WorkspaceDetail


class WorkspacesDialog(Dialog):
    """`workspace_shown` tells that another one is in view; `delete_confirmed` and `checkpoint_delete_confirmed` that
    the question was answered."""

    new_requested = Signal()
    workspace_shown = Signal()
    delete_confirmed = Signal()
    checkpoint_delete_confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = self.tr("Workspaces")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(DialogWidth.XXL, DialogHeight.XL)
        self._open_id = ""
        self.table = RecordTable[Workspace](
            title,
            (RecordColumn(self.tr("Name"), self._listed, hover=workspace_name),),
            lambda each: each.workspace_id,
            workspace_name,
        )
        self.new_button = SecondaryButton(self.tr("New…"), Icon.PLUS)
        self.detail = WorkspaceDetail()
        self.checkpoints = CheckpointsPanel()
        self.delete_question = QuestionBar(self.tr("Delete"), self.tr("Keep"))
        self.checkpoint_question = QuestionBar(self.tr("Delete the checkpoint"), self.tr("Keep"))
        self.error_panel = ErrorPanel()
        self.close_button = SecondaryButton(self.tr("Close"))
        self._lay_out(title)
        self._connect()

    @property
    def workspace(self) -> Workspace | None:
        """The one in view."""
        return self.table.current

    def show_workspaces(self, workspaces: Sequence[Workspace], open_id: str) -> None:
        """Which there are now, and which is open; that one comes into view first."""
        is_first = not self.table.records.count
        self._open_id = open_id
        self.table.show_records(workspaces)
        if is_first:
            self.table.select(open_id)
        self._on_shown()

    def show_error(self, error: IpnftError) -> None:
        """Say why something was not done."""
        self.error_panel.show_error(error)

    def refuse(self, *, change: str, others: str, duplicate: str) -> None:
        """Why nobody may change workspaces, open or make others, or copy one now; empty where they may."""
        for button in (self.detail.rename_button, self.detail.delete_button):
            button.refuse(change)
        self.new_button.refuse(change or others)
        self.detail.open_button.refuse(others)
        self.detail.duplicate_button.refuse(change or duplicate)

    def _listed(self, workspace: Workspace) -> str:
        name = workspace_name(workspace)
        return self.tr("{0} (open)").format(name) if workspace.workspace_id == self._open_id else name

    def _on_shown(self) -> None:
        workspace = self.workspace
        if workspace is None:
            return
        self.error_panel.clear()
        for question in (self.delete_question, self.checkpoint_question):
            question.hide()
        is_open = workspace.workspace_id == self._open_id
        self.detail.show_workspace(workspace, is_open=is_open)
        self.checkpoints.show_of_open(is_open)
        self.workspace_shown.emit()

    def _lay_out(self, title: str) -> None:
        left = QVBoxLayout()
        left.setSpacing(Space.S)
        left.addWidget(Text(title, TextSize.LEAD, Weight.BOLD))
        left.addWidget(self.table, 1)
        left.addWidget(self.new_button)
        left.addWidget(
            Text(
                self.tr("Each has a register, a chain and contents of its own. Settings and keystores are shared."),
                TextSize.CAPTION,
                ink=Ink.MUTED,
                wrap=True,
            )
        )
        side = QWidget()
        side.setFixedWidth(ColumnWidth.XL + Space.L)
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        card = Card()
        card.body.addWidget(self.detail)
        card.body.addWidget(self.delete_question)
        card.body.addWidget(Rule())
        card.body.addWidget(self.checkpoints, 1)
        card.body.addWidget(self.checkpoint_question)
        parts = QHBoxLayout()
        parts.setSpacing(Space.L)
        parts.addWidget(side)
        parts.addWidget(card, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addLayout(parts, 1)
        box.addWidget(self.error_panel)
        box.addLayout(foot(self.close_button))

    def _connect(self) -> None:
        self.table.horizontalHeader().hide()
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.table.current_changed.connect(self._on_shown)
        self.table.opened.connect(self.detail.open_button.click)
        self.table.remove_requested.connect(self.detail.delete_button.click)
        self.new_button.clicked.connect(self.new_requested)
        self.delete_question.confirmed.connect(self.delete_confirmed)
        self.checkpoint_question.confirmed.connect(self.checkpoint_delete_confirmed)
        self.close_button.clicked.connect(self.reject)
