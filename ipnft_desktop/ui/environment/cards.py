"""The two cards at the right of the Environment page: the node and the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QWidget

from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import DangerButton, IconButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.plain import visible
from ipnft_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipnft_desktop.domain.chain import NodeStatus
    from ipnft_desktop.recent_log import LogLine

_LOG_LINES = 500
_BYTES_PER_MB = 1_000_000


class NodeCard(Card):
    """The node process: where it answers, what it holds, and the buttons that end or restart it."""

    stop_requested = Signal()
    restart_requested = Signal()
    crash_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = KeyValuePanel()
        self._absent = Text(self.tr("No node is running."), TextSize.CAPTION, ink=Ink.MUTED)
        self.stop_button = SecondaryButton(self.tr("Stop"))
        self.restart_button = SecondaryButton(self.tr("Restart"))
        self.crash_button = DangerButton(self.tr("Simulate crash"))
        self.crash_button.setToolTip(self.tr("Ends the node without warning, as a power cut would"))
        self.stop_button.clicked.connect(self.stop_requested)
        self.restart_button.clicked.connect(self.restart_requested)
        self.crash_button.clicked.connect(self.crash_requested)
        self._buttons = QWidget()
        line = QHBoxLayout(self._buttons)
        line.setContentsMargins(0, Space.XS, 0, 0)
        line.setSpacing(Space.S)
        for button in (self.stop_button, self.restart_button, self.crash_button):
            line.addWidget(button)
        line.addStretch(1)
        self.body.addWidget(Text(self.tr("Node"), TextSize.BODY, Weight.SEMIBOLD))
        for part in (self._absent, self._facts, self._buttons):
            self.body.addWidget(part)
        self.show_node(None)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The rows shown."""
        return self._facts.facts

    def show_node(self, node: NodeStatus | None) -> None:
        """Show the node in use, or that there is none; a node that others run can only be left."""
        self._facts.set_facts(() if node is None else self._rows(node))
        self._absent.setVisible(node is None)
        self._facts.setVisible(node is not None)
        self._buttons.setVisible(node is not None)
        is_ours = node is None or node.pid is not None
        self.stop_button.setText(self.tr("Stop") if is_ours else self.tr("Disconnect"))
        self.restart_button.setText(self.tr("Restart") if is_ours else self.tr("Reconnect"))
        self.crash_button.setVisible(is_ours)

    def set_busy(self, busy: bool) -> None:
        """While something starts or stops, the buttons wait."""
        self._buttons.setEnabled(not busy)

    def _rows(self, node: NodeStatus) -> tuple[Fact, ...]:
        # Only a node of our own has a process to tell about; others name their software themselves.
        version = node.version if node.pid is None else f"Hardhat {node.version}"
        rows = [Fact(self.tr("RPC"), node.shown_url, copy=node.shown_url), Fact(self.tr("Version"), version)]
        if node.accounts is not None:
            rows.append(Fact(self.tr("Accounts"), str(node.accounts)))
        if node.memory_bytes is not None:
            megabytes = round(node.memory_bytes / _BYTES_PER_MB)
            rows.append(Fact(self.tr("Memory"), self.tr("{0} MB").format(megabytes)))
        if node.pid is not None:
            rows.append(Fact(self.tr("PID"), str(node.pid)))
        return tuple(rows)


class LogCard(Card):
    """The latest log lines; follows the end unless the reader has scrolled up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = QPlainTextEdit()
        self._lines.setReadOnly(True)
        self._lines.setUndoRedoEnabled(False)
        self._lines.setMaximumBlockCount(_LOG_LINES)
        self._lines.setFrameShape(QFrame.Shape.NoFrame)
        self._lines.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # every line wraps
        self._lines.setTabChangesFocus(True)
        self._lines.setProperty("log", True)
        self._lines.setFont(mono_font(TextSize.CAPTION))
        self._lines.document().setDocumentMargin(0)
        self._lines.setAccessibleName(self.tr("Log"))
        copy = IconButton(Icon.COPY, self.tr("Copy the log"))
        copy.clicked.connect(self._on_copy)
        top = QHBoxLayout()
        top.addWidget(Text(self.tr("Log"), TextSize.BODY, Weight.SEMIBOLD))
        top.addStretch(1)
        top.addWidget(copy)
        self.body.addLayout(top)
        self.body.addWidget(self._lines, 1)

    @property
    def text(self) -> str:
        """All lines kept, oldest first."""
        return self._lines.toPlainText()

    def append_lines(self, lines: Sequence[LogLine]) -> None:
        """Add lines at the end in one go; the oldest of more than 500 go."""
        self._lines.appendPlainText(
            "\n".join(f"{line.at.astimezone():%H:%M:%S} {visible(line.text)}" for line in lines[-_LOG_LINES:])
        )

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
