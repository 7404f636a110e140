"""What the chain has, as it has it: bytes and words that nothing decoded."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ipnft_desktop.domain.inspection.decoding import LogReading
from ipnft_desktop.domain.inspection.tracing import CallLine, TransactionDetail
from ipnft_desktop.ui.inspector.trace_tables import StateRow
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.plain import visible
from ipnft_desktop.ui.widgets.text import Text

SHOWN_CHARS = 20_000
"""Laid out within a frame; more of it is shown when asked for, and all of it is copied."""
_LINE_CHARS = 128
"""A megabyte in one line would take minutes to lay out."""

Subject = LogReading | CallLine | StateRow | None


class RawPart(QWidget):
    """Of a long text the beginning is shown until somebody asks for all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all, self._shown = "", 0
        self._cut = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self.more_button = SecondaryButton(self.tr("Show more"))
        self.copy_button = SecondaryButton(self.tr("Copy all"))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Raw data"))
        self.text.setFont(mono_font(TextSize.CAPTION))
        self.text.setTabChangesFocus(True)
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(self._cut, 1, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.more_button)
        line.addWidget(self.copy_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.M, 0, Space.M, Space.M)
        box.setSpacing(Space.S)
        box.addLayout(line)
        box.addWidget(self.text, 1)
        self.more_button.clicked.connect(self._on_more)
        self.copy_button.clicked.connect(self._on_copy)

    @property
    def content(self) -> str:
        """All of it."""
        return self._all

    def show_raw(self, content: str) -> None:
        """Show another text, or its beginning."""
        self._all, self._shown = content, 0
        self.text.clear()
        self._on_more()
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _on_more(self) -> None:
        """The next part, in lines of one length."""
        part = self._all[self._shown : self._shown + SHOWN_CHARS]
        self._shown += len(part)
        for line in part.split("\n"):
            for begin in range(0, max(len(line), 1), _LINE_CHARS):
                self.text.appendPlainText(visible(line[begin : begin + _LINE_CHARS]))
        is_cut = self._shown < len(self._all)
        shown, total = number_text(self._shown), number_text(len(self._all))
        self._cut.setText(self.tr("The first {0} of {1} characters").format(shown, total) if is_cut else "")
        self.more_button.setVisible(is_cut)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._all)


def raw_text(detail: TransactionDetail, subject: Subject) -> str:
    """What is in focus, and after it the transaction itself. Names are those of the node, in every language."""
    return "\n".join((*_of_subject(subject), *_of_transaction(detail)))


def _of_subject(subject: Subject) -> Iterator[str]:
    if isinstance(subject, LogReading):
        log = subject.log
        yield f"log {log.index}"
        yield f"address  {log.address}"
        yield from (f"topic {at}  {topic}" for at, topic in enumerate(log.topics))
        yield f"data     0x{log.data.hex()}"
        yield ""
    elif isinstance(subject, CallLine):
        frame = subject.frame
        yield f"{frame.kind}  {frame.sender} -> {frame.to or ''}"
        yield f"value   {frame.value_wei}"
        yield f"gas     {frame.gas}"
        yield f"input   0x{frame.input.hex()}"
        yield f"output  0x{frame.output.hex()}"
        if frame.error:
            yield f"error   {frame.error}"
        yield ""
    elif isinstance(subject, StateRow):
        before, after = subject.full.split("\n")
        yield f"address  {subject.address}"
        if subject.place:
            yield f"slot     {subject.place}"
        yield f"before   {before}"
        yield f"after    {after}"
        yield ""


def _of_transaction(detail: TransactionDetail) -> Iterator[str]:
    transaction = detail.transaction
    yield from (f"{name}  {value}" for name, value in transaction.fields.items())
    yield f"input  0x{transaction.input.hex()}"
