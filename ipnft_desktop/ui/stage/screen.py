"""The stage on a screen of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ipnft_desktop.ui.stage.clicker import Clicker
from ipnft_desktop.ui.stage.slide import Slide
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import WindowSize


class StageScreen(QWidget):
    """What the hall sees; `closed` follows whatever ends it. The show is the director's: nothing of it is lost."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Stage"))
        theme().dress(self)
        self.slide = Slide()
        self.curtain = QWidget(self)
        self.curtain.setProperty("curtain", True)
        self.curtain.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.curtain.setAccessibleName(self.tr("Black screen"))
        self.curtain.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.slide)
        self.clicker = Clicker(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()  # a window in which nothing has the focus hears no key

    @property
    def is_black(self) -> bool:
        """Whether nothing is shown."""
        return not self.curtain.isHidden()

    def toggle_curtain(self) -> None:
        """Show nothing, or the stage again."""
        self.curtain.setVisible(not self.is_black)
        self.curtain.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words as large as the screen allows, whichever of its sides is the short one."""
        super().resizeEvent(event)
        self.curtain.setGeometry(self.rect())
        self.slide.fit(max(1.0, min(self.height() / WindowSize.LEAST_HEIGHT, self.width() / WindowSize.LEAST_WIDTH)))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell."""
        super().closeEvent(event)
        self.closed.emit()
