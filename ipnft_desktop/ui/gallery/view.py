"""The Gallery page as a picture of its state; what it should do is decided by the presenter."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ipnft_desktop.domain.assets import AssetPage, AssetQuery, SortKey
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.ui.gallery.card_grid import CardGrid
from ipnft_desktop.ui.gallery.card_panel import CardPanel
from ipnft_desktop.ui.gallery.commands import add_gallery_commands
from ipnft_desktop.ui.gallery.faces import GalleryFaces
from ipnft_desktop.ui.models.asset_table_model import AssetTableModel
from ipnft_desktop.ui.models.chosen_assets import ChosenAssets, all_listed, minted_of
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Space
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.inputs import SearchField, Select
from ipnft_desktop.ui.widgets.list_faces import Face
from ipnft_desktop.ui.widgets.list_page import ListPage
from ipnft_desktop.ui.widgets.measures import number_text

MINTED = frozenset({AssetState.MINTED})


class GalleryView(ListPage):
    """`query_changed` carries an `AssetQuery`, `card_requested` the id of an asset, `chain_requested` that of one whose
    token is wanted on the chain; `verify_all_requested` is about `to_verify`."""

    register_requested = Signal()
    card_requested = Signal(object)
    chain_requested = Signal(object)
    verify_all_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Without `whole` the other half of the work is left to `complete`."""
        super().__init__(GalleryFaces(), parent)
        self.header.set_title(self.tr("NFT gallery"))
        self.model = AssetTableModel(self)
        self.search = SearchField(self.tr("Search name, number, creator…"))
        self.order = Select(self.tr("Order"))
        for title, key in (
            (self.tr("Newest first"), SortKey.CREATED),
            (self.tr("By name"), SortKey.NAME),
            (self.tr("By type"), SortKey.ASSET_TYPE),
        ):
            self.order.addItem(title, key)
        self.verify_all_button = SecondaryButton(self.tr("Verify all…"), Icon.BADGE_CHECK)
        self.evidence_button = SecondaryButton(self.tr("Evidence of several…"), Icon.BADGE_CHECK)
        self.verify_button = SecondaryButton(self.tr("Verify a bundle…"), Icon.SHIELD)
        self._lay_out()
        if whole:
            self.complete()

    def complete(self) -> None:
        """Make the cards and what stands beside them."""
        self.grid = CardGrid(self.model, self.faces)
        self.faces.hold(self.grid)
        theme().dress(self.grid, self.error_panel)
        self.panel = CardPanel(self)
        self.body.addWidget(self.panel)
        self._connect()
        self.show_no_environment()
        add_gallery_commands(self)

    @property
    def query(self) -> AssetQuery:
        """What the person asks to see."""
        sort = SortKey(self.order.currentData())
        return AssetQuery(self.search.text().strip(), MINTED, sort, descending=sort is SortKey.CREATED)

    @property
    def to_verify(self) -> ChosenAssets:
        """Several cards that are selected; otherwise all that is listed, for one alone is verified by its own card."""
        if self.grid.selected_count > 1:
            return minted_of(self.model, self.grid.selected_spans())
        return all_listed(self.query, self.model)

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
        selected = [row.asset_id for row in self.grid.selected_rows]
        self.error_panel.clear()
        self.model.reset(query, count, first)
        self._set_face(Face.LIST if count else Face.NO_MATCH if query.text else Face.EMPTY)
        self.header.set_title(self.tr("NFT gallery"), number_text(count))
        if len(selected) > 1:
            self.grid.select_again(selected)
        self.grid.select(self.panel.asset_id)
        self.grid.doItemsLayout()
        bar.setValue(place)

    def show_list_error(self, error: IpnftError) -> None:
        """The list could not be read."""
        self.error_panel.show_error(error)
        if self.face is Face.NO_ENVIRONMENT:
            self._set_face(Face.LIST)

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
        self.faces.show_face(face)
        self.panel.setVisible(face.is_listing)
        for control in (self.search, self.order, self.verify_all_button, self.evidence_button):
            control.setEnabled(face.is_listing)
        self._refresh_verify_button()

    def _refresh_verify_button(self) -> None:
        selected = self.grid.selected_count
        if selected > 1:
            self.verify_all_button.setText(self.tr("Verify %Ln selected…", "", selected))
            told = self.tr("Compare register, chain and content for every selected NFT")
        else:
            self.verify_all_button.setText(self.tr("Verify all…"))
            told = self.tr("Compare register, chain and content for every NFT of the list")
        self.verify_all_button.setToolTip(told)

    def _lay_out(self) -> None:
        self.header.add_action(self.search)
        self.header.add_action(self.order)
        self.header.add_action(self.verify_all_button)
        self.header.add_action(self.evidence_button)
        self.header.add_action(self.verify_button)
        column = QVBoxLayout()
        column.setSpacing(Space.S)
        column.addWidget(self.error_panel)
        column.addWidget(self.faces, 1)
        self.body.addLayout(column, 1)

    def _connect(self) -> None:
        self.panel.chain_requested.connect(lambda: self.chain_requested.emit(self.panel.asset_id))
        self.search.search_requested.connect(self._on_query)
        self.verify_all_button.clicked.connect(self.verify_all_requested)
        self.grid.selection_changed.connect(self._refresh_verify_button)
        self.order.currentIndexChanged.connect(self._on_query)
        self.faces.empty.action_requested.connect(self.register_requested)
        self.faces.no_match.action_requested.connect(self.clear_search)

    def _on_query(self) -> None:
        self.query_changed.emit(self.query)
