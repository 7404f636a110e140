"""The latest log lines at the right of the Environment page: narrowed, paused, copied."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QSyntaxHighlighter, QTextCharFormat, QTextDocument, QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QWidget

from ipnft_desktop.recent_log import LINES_KEPT, NODE_LINES_KEPT
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Size, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import IconButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.inputs import SearchField, Select
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.plain import visible
from ipnft_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from ipnft_desktop.recent_log import LogLine

LINES_SHOWN = 500
LINES_A_TURN = 100
"""Five hundred lines laid out at once take longer than a frame."""

_MARKS = {logging.WARNING: "WARNING", logging.ERROR: "ERROR", logging.CRITICAL: "ERROR"}
_TIME_CHARACTERS = len("09:12:04 ")


class Wanted(StrEnum):
    """Which lines are shown."""

    PROGRAM = "program"
    WITH_NODE = "with node"
    WARNINGS = "warnings"
    ERRORS = "errors"

    def takes(self, line: LogLine) -> bool:
        """Whether a line is one of them."""
        match self:
            case Wanted.PROGRAM:
                return not line.is_of_node
            case Wanted.WITH_NODE:
                return True
            case Wanted.WARNINGS:
                return line.level >= logging.WARNING
            case Wanted.ERRORS:
                return line.level >= logging.ERROR


class LogCard(Card):
    """Follows the end unless it is paused or the reader has scrolled up. `folder_wanted` asks for the log's folder."""

    folder_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: deque[LogLine] = deque(maxlen=LINES_KEPT + NODE_LINES_KEPT)
        self._waiting: deque[str] = deque(maxlen=LINES_SHOWN)
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._shown_to = 0
        self._is_paused = False
        self._lines = QPlainTextEdit()
        self._marks = _Marks(self._lines.document())
        self.level_select = Select(self.tr("Lines shown"))
        for wanted, text in (
            (Wanted.PROGRAM, self.tr("Program")),
            (Wanted.WITH_NODE, self.tr("Program and node")),
            (Wanted.WARNINGS, self.tr("Warnings and errors")),
            (Wanted.ERRORS, self.tr("Errors")),
        ):
            self.level_select.addItem(text, wanted)
        self.search = SearchField(self.tr("Find in the log"))
        self.pause_button = IconButton(Icon.PAUSE, "")
        self.copy_button = IconButton(Icon.COPY, self.tr("Copy the lines shown"))
        self.clear_button = IconButton(Icon.X, self.tr("Clear the view"))
        self.folder_button = IconButton(Icon.FOLDER_OPEN, self.tr("Open the folder of the log"))
        self._lay_out()
        self._connect()
        self._name_pause()

    @property
    def text(self) -> str:
        """The lines shown, oldest first."""
        return self._lines.toPlainText()

    @property
    def is_paused(self) -> bool:
        """Whether what comes is kept back."""
        return self._is_paused

    def append_lines(self, lines: Sequence[LogLine]) -> None:
        """Add lines at the end in one go. The oldest of more than 500 leave the view."""
        self._kept.extend(lines)
        if self.is_paused:
            self._name_pause()
        else:
            self._show(lines)

    def _show(self, lines: Iterable[LogLine]) -> None:
        wanted = Wanted(self.level_select.currentData())
        words = self.search.text().casefold().split()
        fit = [line for line in lines if wanted.takes(line) and _has(line, words)]
        self._waiting.extend(map(_told, fit[-LINES_SHOWN:]))
        if self._kept:
            self._shown_to = self._kept[-1].number
        self._show_some()

    def _show_some(self) -> None:
        some = [self._waiting.popleft() for _ in range(min(LINES_A_TURN, len(self._waiting)))]
        if some:
            self._lines.appendPlainText("\n".join(some))
        if self._waiting:
            self._turn.start()

    def _empty(self) -> None:
        self._turn.stop()
        self._waiting.clear()
        self._lines.clear()

    def _show_anew(self) -> None:
        self._empty()
        self._show(tuple(self._kept))

    def _on_pause(self) -> None:
        self._is_paused = not self._is_paused
        self.pause_button.set_icon(Icon.PLAY if self._is_paused else Icon.PAUSE)
        if not self._is_paused:
            self._show([line for line in self._kept if line.number > self._shown_to])
        self._name_pause()

    def _on_copy(self) -> None:
        chosen = self._lines.textCursor().selection().toPlainText()
        QGuiApplication.clipboard().setText(chosen or self.text)

    def _on_clear(self) -> None:
        self._kept.clear()
        self._empty()

    def _name_pause(self) -> None:
        if not self.is_paused:
            self.pause_button.set_name(self.tr("Hold the log still"))
            return
        waiting = sum(line.number > self._shown_to for line in self._kept)
        self.pause_button.set_name(self.tr("Go on; {0} new").format(number_text(waiting)))

    def _connect(self) -> None:
        self._turn.timeout.connect(self._show_some)
        self.level_select.currentIndexChanged.connect(self._show_anew)
        self.search.search_requested.connect(self._show_anew)
        self.pause_button.clicked.connect(self._on_pause)
        self.copy_button.clicked.connect(self._on_copy)
        self.clear_button.clicked.connect(self._on_clear)
        self.folder_button.clicked.connect(self.folder_wanted)
        theme().changed.connect(self._marks.rehighlight)

    def _lay_out(self) -> None:
        lines = self._lines
        lines.setReadOnly(True)
        lines.setUndoRedoEnabled(False)
        lines.setMaximumBlockCount(LINES_SHOWN)
        lines.setFrameShape(QFrame.Shape.NoFrame)
        lines.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # every line wraps
        lines.setTabChangesFocus(True)
        lines.setProperty("log", True)
        lines.setFont(mono_font(TextSize.CAPTION))
        lines.document().setDocumentMargin(0)
        lines.setAccessibleName(self.tr("Log"))
        lines.setPlaceholderText(self.tr("No line fits yet."))
        top = QHBoxLayout()
        top.setSpacing(Space.XS)
        top.addWidget(Text(self.tr("Log"), TextSize.BODY, Weight.SEMIBOLD))
        top.addSpacing(Space.S)
        top.addWidget(self.level_select, 1)
        for button in (self.pause_button, self.copy_button, self.clear_button, self.folder_button):
            top.addWidget(button)
        self.search.setMinimumWidth(0)
        self.search.setMaximumWidth(Size.SIDE_PANEL)
        self.body.addLayout(top)
        self.body.addWidget(self.search)
        self.body.addWidget(lines, 1)


class _Marks(QSyntaxHighlighter):
    """Colours the word of a line's level."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)

    def highlightBlock(self, text: str) -> None:
        """Called by Qt for each line as it comes."""
        for mark, tone in (("WARNING", Tone.WARN), ("ERROR", Tone.ERROR)):
            if text.startswith(mark, _TIME_CHARACTERS):
                style = QTextCharFormat()
                style.setForeground(QColor(theme().tokens.tone(tone)[0]))
                self.setFormat(_TIME_CHARACTERS, len(mark), style)


def _told(line: LogLine) -> str:
    words = (f"{line.at.astimezone():%H:%M:%S}", _MARKS.get(line.level, ""), visible(line.text))
    return " ".join(word for word in words if word)


def _has(line: LogLine, words: Sequence[str]) -> bool:
    text = line.text.casefold()
    return all(word in text for word in words)
