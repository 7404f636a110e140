"""One NFT in full beside the gallery: what it is, what it cost, and whether chain and content agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.chain import TokenFacts
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.services.verified_facts import VerifiedFact
from ipnft_desktop.ui.gallery import card_texts
from ipnft_desktop.ui.gallery.verify_table import VerifyTable
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.publishing.publication_panel import PublicationPanel
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.validity.panel import CertificatePanel
from ipnft_desktop.ui.validity.wording import validity_word
from ipnft_desktop.ui.widgets.address_words import LabelOf, no_label
from ipnft_desktop.ui.widgets.asset_words import licence_text
from ipnft_desktop.ui.widgets.attachment_list import AttachmentList
from ipnft_desktop.ui.widgets.buttons import IconButton, PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Rule
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.key_value_panel import KeyValuePanel
from ipnft_desktop.ui.widgets.picture_box import PictureBox
from ipnft_desktop.ui.widgets.side_panel import SidePanel
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_PICTURE = QSize(0, Size.PICTURE)


class CardPanel(SidePanel):
    """Every signal is about the asset shown; `attachment_requested` carries the `Attachment` to save."""

    verify_requested = Signal()
    export_requested = Signal()
    metadata_requested = Signal()
    chain_requested = Signal()
    attachment_requested = Signal(object)
    asset_shown = Signal(object)
    """The id of the asset that is shown now, None for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            EmptyState(
                Icon.IMAGE,
                self.tr("No card is open"),
                self.tr("Choose a card to see it in full and verify it on chain."),
            ),
            parent,
            width=Size.WIDE_SIDE_PANEL,
        )
        self._asset: Asset | None = None
        self._label_of: LabelOf = no_label
        self.setAccessibleName(self.tr("NFT card"))
        self.picture = PictureBox(_PICTURE)
        self._name = Text("", TextSize.LEAD, Weight.BOLD, wrap=True)
        self._subtitle = ElidedLabel("", TextSize.BODY, ink=Ink.MUTED)
        self.validity_tag = StatusTag()
        self.facts = KeyValuePanel()
        self.summary = ElidedLabel("", TextSize.BODY, Weight.SEMIBOLD)
        self.verify_button = IconButton(Icon.REFRESH, self.tr("Verify again"))
        self.table = VerifyTable()
        self.error_panel = ErrorPanel()
        self.retry_button = self.error_panel.add_button(self.tr("Verify again"))
        self._licence = Text("", TextSize.BODY, wrap=True)
        self.certificate = CertificatePanel()
        self._attachments_title = Text("", TextSize.BODY, Weight.SEMIBOLD)
        self.attachments = AttachmentList()
        self.publications = PublicationPanel()
        self.evidence_button = PrimaryButton(self.tr("Export evidence…"), Icon.BADGE_CHECK)
        self.evidence_button.setToolTip(
            self.tr("One file that proves the token without this program, and a certificate to print")
        )
        self.export_button = SecondaryButton(self.tr("Export CAR"), Icon.DOWNLOAD)
        self.export_button.setToolTip(self.tr("Minted metadata, image and public files as an IPFS archive"))
        self.metadata_button = SecondaryButton(self.tr("Save metadata"))
        self.chain_button = SecondaryButton(self.tr("Show on chain"), Icon.LINK)
        self._lay_out()
        self.verify_button.clicked.connect(self.verify_requested)
        self.retry_button.clicked.connect(self.verify_requested)
        self.export_button.clicked.connect(self.export_requested)
        self.metadata_button.clicked.connect(self.metadata_requested)
        self.chain_button.clicked.connect(self.chain_requested)
        self.attachments.save_requested.connect(self.attachment_requested)

    @property
    def asset_id(self) -> UUID | None:
        """The asset shown."""
        return self._asset.asset_id if self._asset else None

    @property
    def asset(self) -> Asset | None:
        """The asset shown."""
        return self._asset

    def use_store(self, store: PictureStore) -> None:
        """Take pictures from here from now on."""
        self.picture.use_store(store)

    def use_labels(self, label_of: LabelOf) -> None:
        """Call addresses by these labels."""
        self._label_of = label_of

    def show_asset(self, asset: Asset | None) -> None:
        """Show a minted asset, not verified yet; or that none is chosen."""
        other = asset is None or asset.asset_id != self.asset_id
        self._asset = asset
        self.show_filled(asset is not None)
        self.asset_shown.emit(self.asset_id)
        if asset is None:
            return
        if other:
            self.scroll_up()
            self.table.show_facts(())
            self.validity_tag.hide()
        self.error_panel.clear()
        image = asset.image
        self.picture.set_picture(image.cid if image else None, self.tr("Picture of {0}").format(asset.name))
        self._name.setText(asset.name)
        self._subtitle.setText(card_texts.subtitle(asset))
        self.facts.set_facts(card_texts.facts(asset, label_of=self._label_of))
        self._licence.setText(licence_text(asset.licence))
        files = tuple(file for file in asset.attachments if not file.is_image)
        self._attachments_title.setText(self.tr("Attachments · {0}").format(len(files)))
        self.attachments.show_attachments(files)
        self.metadata_button.setEnabled(asset.mint is not None and asset.mint.metadata_cid is not None)

    def show_verifying(self) -> None:
        """Chain and content store are being asked."""
        self.error_panel.clear()
        self.verify_button.setEnabled(False)
        self.summary.setText(self.tr("Verifying…"))
        self.summary.set_ink(Ink.MUTED)

    def show_verified(self, verified: Sequence[VerifiedFact], token: TokenFacts | None, at: datetime) -> None:
        """Show both sides of every fact, and the answer in one line."""
        self.verify_button.setEnabled(True)
        self.table.show_facts(verified)
        summary, ink = card_texts.summary(verified, at)
        self.summary.setText(summary)
        self.summary.set_ink(ink)
        self.validity_tag.setVisible(token is not None)
        if token is not None and self._asset is not None:
            self.validity_tag.set_state(*validity_word(token.validity))
            self.facts.set_facts(card_texts.facts(self._asset, token, self._label_of))

    def show_error(self, error: IpnftError) -> None:
        """It could not be verified, or something could not be saved."""
        self.verify_button.setEnabled(True)
        if self.summary.property("ink") == Ink.MUTED.value:
            self.summary.setText(self.tr("Not verified"))
        self.error_panel.show_error(error)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(self._subtitle, 1)
        line.addWidget(self.validity_tag)
        verify = QHBoxLayout()
        verify.setContentsMargins(0, Space.XS, 0, 0)
        verify.setSpacing(Space.S)
        verify.addWidget(self.summary, 1)
        verify.addWidget(self.verify_button)
        files = QHBoxLayout()
        files.setSpacing(Space.S)
        files.addWidget(self.export_button, 1)
        files.addWidget(self.metadata_button, 1)
        self.fill(
            *(self.picture, self._name, line, self.facts, verify, self.error_panel, self.table),
            *(Rule(), self.certificate, Rule()),
            *(Text(self.tr("Licence"), TextSize.BODY, Weight.SEMIBOLD), self._licence, Rule()),
            *(self._attachments_title, self.attachments, self.publications, files),
        )
        self.buttons.addWidget(self.chain_button, 1)
        self.buttons.addWidget(self.evidence_button, 1)
