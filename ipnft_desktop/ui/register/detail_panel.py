"""One asset in full beside the table, with what can be done to it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.minting import (
    BUSY_STATES,
    CLOSED_STAGES,
    EDITABLE_STATES,
    MINTABLE_STATES,
    AssetState,
    MintProgress,
    MintStage,
    progress_percent,
)
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.register import detail_texts, mint_history
from ipnft_desktop.ui.register.licence_summary_view import LicenceSummaryView
from ipnft_desktop.ui.register.mint_actions import STATES, MintWish, add_wishes
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.address_words import LabelOf, no_label
from ipnft_desktop.ui.widgets.asset_words import stage_name, state_name, state_tone
from ipnft_desktop.ui.widgets.attachment_list import AttachmentList
from ipnft_desktop.ui.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Rule
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.key_value_panel import KeyValuePanel
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.menu_line import add_line
from ipnft_desktop.ui.widgets.picture_box import PictureBox
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.side_panel import SidePanel
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import Text

_PICTURE = QSize(0, Size.PICTURE)


class DetailPanel(SidePanel):
    """Every signal carries the id of the asset shown; `save_requested` carries the `Attachment`. `asset_shown` tells
    that it is another one, or has changed."""

    asset_shown = Signal(object)
    mint_requested = Signal(object)
    watch_requested = Signal(object)
    retry_requested = Signal(object)
    cancel_mint_requested = Signal(object)
    reset_requested = Signal(object)
    open_card_requested = Signal(object)
    edit_requested = Signal(object)
    duplicate_requested = Signal(object)
    delete_requested = Signal(object)
    save_requested = Signal(object)
    metadata_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            EmptyState(Icon.FILE_TEXT, self.tr("Nothing selected"), self.tr("Select an asset to see all about it.")),
            parent,
        )
        self._asset: Asset | None = None
        self._duplicate_refusal = ""
        self._label_of: LabelOf = no_label
        self.setAccessibleName(self.tr("Asset details"))
        self.picture = PictureBox(_PICTURE)
        self._name = Text("", TextSize.LEAD, Weight.BOLD, wrap=True)
        self._subtitle = Text("", TextSize.BODY, ink=Ink.MUTED, wrap=True)
        self._tag = StatusTag()
        self._stage = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self._bar = ProgressBar(self.tr("Mint progress"))
        self.error_panel = ErrorPanel()
        self.retry_button = self.error_panel.add_button(self.tr("Retry"))
        self.reset_button = self.error_panel.add_button(self.tr("Reset to draft…"))
        self.chain_facts = KeyValuePanel()
        self.register_facts = KeyValuePanel()
        self.timeline = KeyValuePanel()
        self.history = KeyValuePanel()
        self._history_rule = Rule()
        self._history_title = Text(self.tr("Mint history"), TextSize.BODY, Weight.SEMIBOLD)
        self._description = Text("", TextSize.BODY, wrap=True)
        self.licence = LicenceSummaryView()
        self.metadata_button = LinkButton(self.tr("What is published…"))
        self._attachments_title = Text("", TextSize.BODY, Weight.SEMIBOLD)
        self.attachments = AttachmentList(can_preview=True)
        self.mint_button = PrimaryButton(self.tr("Mint"), Icon.STAMP)
        self.watch_button = SecondaryButton(self.tr("Watch progress"), Icon.ACTIVITY)
        self.cancel_button = SecondaryButton(self.tr("Cancel mint"))
        self.card_button = SecondaryButton(self.tr("Open card"), Icon.IMAGE)
        self.edit_button = SecondaryButton(self.tr("Edit"))
        self.more_button = SecondaryButton("", Icon.ELLIPSIS)
        self._lay_out()
        self._connect()
        self.show_asset(None)

    @property
    def asset(self) -> Asset | None:
        """The asset shown."""
        return self._asset

    @property
    def asset_id(self) -> UUID | None:
        """Its id."""
        return self._asset.asset_id if self._asset else None

    def owners(self) -> tuple[UUID, ...]:
        """The enterprise the asset shown belongs to."""
        return (self._asset.enterprise.enterprise_id,) if self._asset else ()

    def refuse_duplicate(self, reason: str) -> None:
        """Why the person may make no asset of their own like this one, or nothing."""
        self._duplicate_refusal = reason

    def use_pictures(self, pictures: PictureStore) -> None:
        """Take pictures from here."""
        self.picture.use_store(pictures)

    def use_labels(self, label_of: LabelOf) -> None:
        """Call addresses by these labels."""
        self._label_of = label_of

    def show_asset(self, asset: Asset | None) -> None:
        """Show an asset, or that none is selected."""
        other = self._asset is None or asset is None or asset.asset_id != self._asset.asset_id
        moved = other or (self._asset is not None and asset is not None and self._asset.state is not asset.state)
        self._asset = asset
        self.show_filled(asset is not None)
        self.asset_shown.emit(self.asset_id)
        if asset is None:
            return
        if other:
            self.scroll_up()
        with self.changing():
            self._show_all(asset, moved=moved)

    def _show_all(self, asset: Asset, *, moved: bool) -> None:
        if moved:
            self.error_panel.clear()
        self._show_identity(asset)
        self._show_mint(asset)
        self.chain_facts.set_facts((*detail_texts.chain_facts(asset, self._label_of), *detail_texts.cost_fact(asset)))
        self.register_facts.set_facts(detail_texts.register_facts(asset))
        self.timeline.set_facts(detail_texts.timeline_facts(asset))
        self.history.set_facts(mint_history.history_facts(asset))
        for part in (self._history_title, self.history, self._history_rule):
            part.setVisible(bool(self.history.facts))
        files = tuple(file for file in asset.attachments if not file.is_image)
        self._attachments_title.setText(self.tr("Attachments · {0}").format(len(files)))
        self.attachments.show_attachments(files)
        self.attachments.setVisible(bool(files))
        self._show_actions(asset.state)
        self.cancel_button.setEnabled(asset.mint is None or asset.mint.mined is None)

    def show_progress(self, progress: MintProgress) -> None:
        """Follow the mint of the asset shown; ignored for others and for what has ended."""
        if self._asset is None or self._asset.asset_id not in progress.asset_ids or progress.stage in CLOSED_STAGES:
            return
        self._show_stage(progress.stage, progress.confirmations, progress.required_confirmations, progress.percent)
        self.cancel_button.setEnabled(progress.block_number is None and not progress.cancel_requested)
        if progress.error is not None:
            self._bar.set_tone(Tone.WARN)
            self.retry_button.show()
            self.reset_button.hide()
            self.error_panel.show_error(progress.error)
        else:
            self.error_panel.clear()

    def _show_identity(self, asset: Asset) -> None:
        image = asset.image
        self.picture.set_picture(image.cid if image else None, self.tr("Picture of {0}").format(asset.name))
        self._name.setText(asset.name)
        self._subtitle.setText(detail_texts.subtitle(asset))
        self._description.setText(asset.description)
        self._description.setVisible(bool(asset.description))
        self.licence.show_terms(asset.licence)

    def _show_mint(self, asset: Asset) -> None:
        self._tag.set_state(state_name(asset.state), state_tone(asset.state))
        mint = asset.mint
        is_busy = asset.state in BUSY_STATES
        self._bar.setVisible(is_busy)
        self._stage.setText("")
        if mint is not None and is_busy:
            percent = progress_percent(mint.stage, mint.confirmations, mint.required_confirmations)
            self._show_stage(mint.stage, mint.confirmations, mint.required_confirmations, percent)
        failure = mint_history.failure_of(asset)
        if failure is not None and mint is not None:
            self.retry_button.setVisible(mint_history.may_retry(asset))
            self.reset_button.setVisible(not mint_history.may_retry(asset))
            self.error_panel.show_error(mint_history.failure_error(failure, mint.attempt))

    def _show_stage(self, stage: MintStage, confirmations: int, required: int, percent: int) -> None:
        self._tag.set_state(stage_name(stage), Tone.ACCENT)
        self._stage.setText(detail_texts.stage_line(stage, confirmations, required, percent))
        self._bar.set_tone(Tone.ACCENT)
        self._bar.setValue(percent)
        self._bar.show()

    def _show_actions(self, state: AssetState) -> None:
        self.mint_button.setVisible(state in MINTABLE_STATES)
        self.edit_button.setVisible(state in EDITABLE_STATES)
        self.watch_button.setVisible(state in BUSY_STATES)
        self.cancel_button.setVisible(state in STATES[MintWish.CANCEL])
        self.card_button.setVisible(state is AssetState.MINTED)

    def _lay_out(self) -> None:
        state = QHBoxLayout()
        state.setSpacing(Space.S)
        state.addWidget(self._tag)
        state.addStretch(1)
        state.addWidget(self._stage)
        self.fill(
            *(self.picture, self._name, self._subtitle, state, self._bar, self.error_panel, self.chain_facts, Rule()),
            *(self._description, self.register_facts, Rule()),
            *(self._history_title, self.history, self._history_rule),
            *(_heading(self.tr("Licence")), self.licence, Rule(), self._attachments_title, self.attachments),
            *(_to_the_left(self.metadata_button), Rule()),
            *(_heading(self.tr("Timeline")), self.timeline),
        )
        for button in (self.mint_button, self.watch_button, self.card_button):
            self.buttons.addWidget(button, 1)
        for button in (self.cancel_button, self.edit_button, self.more_button):
            self.buttons.addWidget(button)

    def _connect(self) -> None:
        self.more_button.setAccessibleName(self.tr("More actions"))
        self.more_button.setToolTip(self.tr("More actions"))
        self.more_button.clicked.connect(self._on_more)
        self.attachments.save_requested.connect(self.save_requested)
        for button, signal in (
            (self.mint_button, self.mint_requested),
            (self.watch_button, self.watch_requested),
            (self.card_button, self.open_card_requested),
            (self.edit_button, self.edit_requested),
            (self.retry_button, self.retry_requested),
            (self.cancel_button, self.cancel_mint_requested),
            (self.reset_button, self.reset_requested),
            (self.metadata_button, self.metadata_requested),
        ):
            button.clicked.connect(lambda _=False, wanted=signal: wanted.emit(self.asset_id))

    @property
    def refusals(self) -> Mapping[MintWish, str]:
        """Why the person may not do these, as their buttons say it."""
        return {
            MintWish.CANCEL: self.cancel_button.refusal,
            MintWish.RETRY: self.retry_button.refusal,
            MintWish.RESET: self.reset_button.refusal,
        }

    def more_menu(self) -> QMenu | None:
        """What else can be done with the asset shown; None without one."""
        if self._asset is None:
            return None
        asset_id = self._asset.asset_id
        signals = {
            MintWish.CANCEL: self.cancel_mint_requested,
            MintWish.RETRY: self.retry_requested,
            MintWish.RESET: self.reset_requested,
        }
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        add_wishes(menu, self._asset.state, lambda wish: signals[wish].emit(asset_id), self.refusals)
        menu.addSeparator()
        add_line(
            menu,
            self.tr("Duplicate"),
            lambda: self.duplicate_requested.emit(asset_id),
            refusal=self._duplicate_refusal,
        )
        add_line(
            menu,
            self.tr("Delete…"),
            lambda: self.delete_requested.emit(asset_id),
            "Del",
            enabled=self._asset.state in EDITABLE_STATES,
            refusal=self.edit_button.refusal,
        )
        return menu

    def _on_more(self) -> None:
        menu = self.more_menu()
        if menu is not None:
            menu.popup(self.more_button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))


def _to_the_left(button: LinkButton) -> QWidget:
    line = QWidget()
    box = QHBoxLayout(line)
    box.setContentsMargins(0, 0, 0, 0)
    box.addWidget(button)
    box.addStretch(1)
    return line


def _heading(text: str) -> Text:
    return Text(text, TextSize.BODY, Weight.SEMIBOLD)
