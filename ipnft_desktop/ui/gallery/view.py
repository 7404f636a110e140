"""The Gallery page as a picture of its state; what it should do is decided by the presenter."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ipnft_desktop.domain.assets import AssetPage, AssetQuery, SortKey
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.ui.gallery.card_grid import CardGrid
from ipnft_desktop.ui.gallery.card_panel import CardPanel
from ipnft_desktop.ui.gallery.commands import add_gallery_commands
from ipnft_desktop.ui.gallery.faces import Face
from ipnft_desktop.ui.models.asset_table_model import AssetTableModel
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Space
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import SearchField, Select
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.page import Page
from ipnft_desktop.ui.widgets.signed_out import SignedOut

MINTED = frozenset({AssetState.MINTED})


class GalleryView(Page):
    """`query_changed` carries an `AssetQuery`, `card_requested` the id of an asset."""

    environment_requested = Signal()
    sign_in_requested = Signal()
    register_requested = Signal()
    query_changed = Signal(object)
    reload_requested = Signal()
    card_requested = Signal(object)

    def __init__(self, panel: CardPanel | None = None, parent: QWidget | None = None) -> None:
        """`panel` may have been made before: it is half of the work."""
        super().__init__(parent=parent)
        self.header.set_title(self.tr("NFT gallery"))
        self.model = AssetTableModel(self)
        self.grid = CardGrid(self.model)
        self.panel = panel or CardPanel()
        self.search = SearchField(self.tr("Search name, number, creator…"))
        self.order = Select(self.tr("Order"))
        for title, key in (
            (self.tr("Newest first"), SortKey.CREATED),
            (self.tr("By name"), SortKey.NAME),
            (self.tr("By type"), SortKey.ASSET_TYPE),
        ):
            self.order.addItem(title, key)
        self.error_panel = ErrorPanel()
        self._reload_button = self.error_panel.add_button(self.tr("Reload the list"))
        self.no_environment = EmptyState(
            Icon.POWER,
            self.tr("The environment is not running"),
            self.tr("Start it to see your NFTs and to verify them on the chain."),
            self.tr("Start the environment"),
        )
        self.empty = EmptyState(
            Icon.IMAGE,
            self.tr("No NFTs yet"),
            self.tr("Every asset you mint gets its card here."),
            self.tr("Go to the register"),
        )
        self.no_match = EmptyState(
            Icon.SEARCH, self.tr("No NFT matches"), self.tr("Look for less, or for something else."), self.tr("Clear")
        )
        self.signed_out = SignedOut(self.tr("The gallery shows its NFTs to people who are signed in."))
        self._faces = self.notice_ground = QStackedWidget()
        self._lay_out()
        self._connect()
        self.show_no_environment()
        add_gallery_commands(self)

    @property
    def query(self) -> AssetQuery:
        """What the person asks to see."""
        sort = SortKey(self.order.currentData())
        return AssetQuery(self.search.text().strip(), MINTED, sort, descending=sort is SortKey.CREATED)

    @property
    def face(self) -> Face:
        """What fills the place of the cards."""
        return Face(self._faces.currentIndex())

    def use_store(self, store: PictureStore) -> None:
        """Take pictures from here from now on."""
        self.grid.use_store(store)
        self.panel.use_store(store)

    def show_no_environment(self) -> None:
        """Nothing can be listed."""
        self._show_nothing(Face.NO_ENVIRONMENT)

    def show_signed_out(self) -> None:
        """Nobody may see anything: what was listed, shown or typed goes."""
        self.search.clear()
        self.error_panel.clear()
        self._show_nothing(Face.SIGNED_OUT)

    def show_list(self, query: AssetQuery, count: int, first: AssetPage) -> None:
        """Lay out a list; the place is kept when the same list is asked for again."""
        bar = self.grid.verticalScrollBar()
        place = bar.value() if query == self.model.query else 0
        self.error_panel.clear()
        self.model.reset(query, count, first)
        self._set_face(Face.CARDS if count else Face.NO_MATCH if query.text else Face.EMPTY)
        self.header.set_title(self.tr("NFT gallery"), number_text(count))
        self.grid.select(self.panel.asset_id)
        self.grid.doItemsLayout()
        bar.setValue(place)

    def show_list_error(self, error: IpnftError) -> None:
        """The list could not be read."""
        self.error_panel.show_error(error)
        if self.face is Face.NO_ENVIRONMENT:
            self._set_face(Face.CARDS)

    def apply_query(self, query: AssetQuery) -> None:
        """Ask for this: its words and its order, as the person could have."""
        self.search.setText(query.text)
        self.order.setCurrentIndex(self.order.findData(query.sort))

    def clear_search(self) -> None:
        """Show every NFT again."""
        self.search.clear()
        self.search.search_requested.emit("")

    def _show_nothing(self, face: Face) -> None:
        self.model.reset(self.query, 0, AssetPage((), None))
        self.header.set_title(self.tr("NFT gallery"))
        self.panel.show_asset(None)
        self._set_face(face)

    def _set_face(self, face: Face) -> None:
        self._faces.setCurrentIndex(face)
        has_list = face in (Face.CARDS, Face.NO_MATCH)
        self.panel.setVisible(has_list)
        for control in (self.search, self.order):
            control.setEnabled(has_list)

    def _lay_out(self) -> None:
        self.header.add_action(self.search)
        self.header.add_action(self.order)
        self._faces.addWidget(self.grid)
        for state in (self.no_environment, self.empty, self.no_match, self.signed_out):
            ground = Card()
            ground.body.addWidget(state)
            self._faces.addWidget(ground)
        column = QVBoxLayout()
        column.setSpacing(Space.S)
        column.addWidget(self.error_panel)
        column.addWidget(self._faces, 1)
        self.body.addLayout(column, 1)
        self.body.addWidget(self.panel)

    def _connect(self) -> None:
        self.search.search_requested.connect(self._on_query)
        self.order.currentIndexChanged.connect(self._on_query)
        self._reload_button.clicked.connect(self.reload_requested)
        self.no_environment.action_requested.connect(self.environment_requested)
        self.signed_out.action_requested.connect(self.sign_in_requested)
        self.empty.action_requested.connect(self.register_requested)
        self.no_match.action_requested.connect(self.clear_search)

    def _on_query(self) -> None:
        self.query_changed.emit(self.query)
