"""Where the public content of one asset is: a line an address, with what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.publications import PublicationState, PublicRoot
from ipnft_desktop.ui.publishing.wording import root_name, state_word
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import LinkButton
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.error_words import recorded_line
from ipnft_desktop.ui.widgets.measures import local_time
from ipnft_desktop.ui.widgets.plain import plain_tooltip
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text


class PublicationPanel(QWidget):
    """Hidden until there is something to show."""

    publish_requested = Signal()
    check_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roots: tuple[PublicRoot, ...] = ()
        self._has_node = False
        self.tags: tuple[StatusTag, ...] = ()
        self.publish_button = LinkButton("")
        self.check_button = LinkButton(self.tr("Check"))
        self._reason = Text("", TextSize.CAPTION, ink=Ink.WARN, wrap=True)
        self.error_panel = ErrorPanel()
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(Text(self.tr("On IPFS"), TextSize.BODY, Weight.SEMIBOLD), 1)
        head.addWidget(self.check_button)
        head.addWidget(self.publish_button)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.S)
        self._grid.setVerticalSpacing(Space.XS)
        self._grid.setColumnStretch(0, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.XS)
        box.addLayout(head)
        box.addLayout(self._grid)
        box.addWidget(self._reason)
        box.addWidget(self.error_panel)
        self.publish_button.clicked.connect(self.publish_requested)
        self.check_button.clicked.connect(self.check_requested)
        self.show_roots((), has_node=False)

    @property
    def reason(self) -> str:
        """Why something is not published, or nothing."""
        return self._reason.text()

    def show_roots(self, roots: Sequence[PublicRoot], *, has_node: bool) -> None:
        """Show the addresses of an asset; `has_node` tells whether there is a node to publish to."""
        self._has_node = has_node
        self.error_panel.clear()
        self.setVisible(bool(roots))
        states = {root.state for root in roots}
        open_states = states & {PublicationState.LOCAL, PublicationState.MISSING}
        failed = [root for root in roots if root.publication is not None and root.publication.failure]
        again = PublicationState.MISSING in states or bool(failed)
        self.publish_button.setText(self.tr("Publish again") if again else self.tr("Publish"))
        self.publish_button.setVisible(has_node and (bool(open_states) or bool(failed)))
        self.check_button.setVisible(has_node and bool(states & {PublicationState.PUBLISHED, PublicationState.MISSING}))
        self._reason.setText(
            recorded_line(failed[0].publication.failure or "") if failed and failed[0].publication else ""
        )
        self._reason.setVisible(bool(failed))
        if tuple(roots) != self._roots:
            self._roots = tuple(roots)
            self._rebuild()

    def set_busy(self, busy: bool) -> None:
        """While the node is asked, the buttons wait."""
        self.publish_button.setEnabled(not busy)
        self.check_button.setEnabled(not busy)

    def show_error(self, error: IpnftError) -> None:
        """Say why that did not succeed."""
        self.error_panel.show_error(error)

    def _rebuild(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        tags: list[StatusTag] = []
        for line, root in enumerate(self._roots):
            tag = StatusTag(*state_word(root.state))
            tag.setToolTip(plain_tooltip(_times(root)))
            name = root_name(root)
            for column, widget in enumerate((ElidedLabel(name, TextSize.CAPTION), CopyableText(root.cid, name), tag)):
                self._grid.addWidget(widget, line, column)
            tags.append(tag)
        self.tags = tuple(tags)
        follow(self.publish_button, self.findChildren(CopyableText))


def _times(root: PublicRoot) -> str:
    known = root.publication
    if known is None:
        return ""
    at = known.checked_at or known.published_at or known.requested_at
    return local_time(at)
