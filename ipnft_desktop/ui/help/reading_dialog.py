"""A text that is shipped with the program, to be read in the window: no network, no other program."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.inputs import SearchField
from ipnft_desktop.ui.widgets.text import Text

_PICTURE_WIDTH = DialogWidth.XL - 4 * Space.XL


class _Browser(QTextBrowser):
    """Shows pictures no wider than the text has room when the dialog opens."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        found = super().loadResource(kind, name)
        if kind != QTextDocument.ResourceType.ImageResource.value or not isinstance(found, QByteArray):
            return found
        image = QImage.fromData(found)
        widest = round(_PICTURE_WIDTH * self.devicePixelRatioF())
        if image.width() > widest:
            image = image.scaledToWidth(widest, Qt.TransformationMode.SmoothTransformation)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        return image


class ReadingDialog(Dialog):
    """Not modal. A link leads to a heading of the same text and never outside."""

    def __init__(self, title: str, markdown: str, folder: Path, parent: QWidget | None = None) -> None:
        """`folder` is where the pictures of the text lie."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(DialogWidth.XL, DialogHeight.XL)
        self.search = SearchField(self.tr("Find in the text…"))
        self.browser = _Browser()
        self.browser.setAccessibleName(title)
        self.browser.setOpenLinks(False)
        self.browser.setSearchPaths([str(folder)])
        self.browser.setMarkdown(markdown)
        theme().changed.connect(self._on_theme_changed)
        self.browser.setTabChangesFocus(True)
        # Tab goes on to the buttons; through the links it would go one by one, and there are dozens.
        flags = Qt.TextInteractionFlag
        self.browser.setTextInteractionFlags(
            flags.TextSelectableByMouse | flags.TextSelectableByKeyboard | flags.LinksAccessibleByMouse
        )
        self.copy_button = SecondaryButton(self.tr("Copy as text"), Icon.COPY)
        self.close_button = SecondaryButton(self.tr("Close"))
        self._lay_out()
        self.browser.anchorClicked.connect(self._on_link)
        self.search.search_requested.connect(self._on_search)
        self.copy_button.clicked.connect(self._on_copy)
        self.close_button.clicked.connect(self.reject)
        self.browser.setFocus()

    def go_to(self, heading: str) -> None:
        """Bring a heading to the top, named as links name it ("first-steps")."""
        block = self.browser.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and slug(block.text()) == heading:
                cursor = QTextCursor(block)
                self.browser.moveCursor(QTextCursor.MoveOperation.End)  # so that the heading comes to the top
                self.browser.setTextCursor(cursor)
                self.browser.ensureCursorVisible()
                return
            block = block.next()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(Text(self.windowTitle(), TextSize.TITLE, Weight.BOLD), 1)
        head.addWidget(self.search)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addStretch(1)
        foot.addWidget(self.copy_button)
        foot.addWidget(self.close_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addLayout(head)
        box.addWidget(self.browser, 1)
        box.addLayout(foot)

    def _on_theme_changed(self) -> None:
        """Links keep the colour they were read in: they are coloured anew."""
        colour = QTextCharFormat()
        colour.setForeground(self.palette().link())
        cursor = QTextCursor(self.browser.document())
        for place, length in _links(self.browser.document()):
            cursor.setPosition(place)
            cursor.setPosition(place + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(colour)

    def _on_search(self, text: str) -> None:
        """The next place behind the one before; from the top again behind the last."""
        if text and not self.browser.find(text):
            self.browser.moveCursor(QTextCursor.MoveOperation.Start)
            self.browser.find(text, QTextDocument.FindFlag(0))

    def _on_link(self, link: QUrl) -> None:
        if link.isRelative() and not link.path():
            self.go_to(link.fragment())

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.browser.toPlainText())


def _links(document: QTextDocument) -> list[tuple[int, int]]:
    """Where the links of a text stand, and how long they are."""
    found: list[tuple[int, int]] = []
    block = document.begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            if piece.charFormat().isAnchor():
                found.append((piece.position(), piece.length()))
            pieces += 1
        block = block.next()
    return found


def slug(heading: str) -> str:
    """As links to headings write it: small letters, hyphens between the words."""
    words = "".join(letter for letter in heading.casefold() if letter.isalnum() or letter in " -")
    return words.strip().replace(" ", "-")
