"""Draws one card of the gallery: picture, name, kind, token and revenue share. No widget a card."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ipnft_desktop.domain.assets import AssetRow
from ipnft_desktop.ui.models.asset_table_model import ROW_ROLE
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.theme.fonts import mono_font, text_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Radius, Size, Space, Stroke, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.amounts import share_text
from ipnft_desktop.ui.widgets.asset_words import short_token, type_name
from ipnft_desktop.ui.widgets.picture_box import paint_picture
from ipnft_desktop.ui.widgets.plain import visible
from ipnft_desktop.ui.widgets.status_tag import paint_tag

_PADDING = Space.S + Space.XXS
_PICTURE_SHAPE = 0.69
_TAGS = Size.TAG + Space.XS
_Index = QModelIndex | QPersistentModelIndex


def card_height(width: int) -> int:
    """Height of a card of this width."""
    return (
        round((width - 2 * _PADDING) * _PICTURE_SHAPE) + 2 * _PADDING + Space.S + 2 * Size.TEXT_LINE + Space.XS + _TAGS
    )


def revenue_share_tag(row: AssetRow) -> tuple[str, Tone]:
    """The share owed to the originator, as a pill."""
    if row.revenue_share_bp:
        share = share_text(row.revenue_share_bp)
        return QCoreApplication.translate("GalleryCard", "{0} revenue share").format(share), Tone.ACCENT
    return QCoreApplication.translate("GalleryCard", "No revenue share"), Tone.NEUTRAL


class CardDelegate(QStyledItemDelegate):
    """Paints an `AssetRow` as a card; leaves the gap to the next card free at right and bottom."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures: PictureStore | None = None
        # Made once: a font with its axes costs more than the text drawn in it.
        self._name_font = text_font(TextSize.BODY, Weight.SEMIBOLD)
        self._kind_font = text_font(TextSize.CAPTION)
        self._token_font = mono_font()
        self._token_metrics = QFontMetricsF(self._token_font)

    def use_store(self, store: PictureStore) -> None:
        """Take pictures from here from now on."""
        self._pictures = store

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the card, or its empty frame while the row is on the way."""
        row = index.data(ROW_ROLE)
        card = QRectF(option.rect).adjusted(0.5, 0.5, -Space.M - 0.5, -Space.M - 0.5)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, card, selected=selected, hovered=hovered)
        if isinstance(row, AssetRow):
            self._paint_row(painter, card.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING), row)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """The grid of the view decides."""
        return option.rect.size()

    def _paint_ground(self, painter: QPainter, card: QRectF, *, selected: bool, hovered: bool) -> None:
        tokens = theme().tokens
        edge = tokens.accent if selected else tokens.control_line if hovered else tokens.line
        painter.setPen(QPen(QColor(edge), Stroke.FOCUS if selected else Stroke.HAIRLINE))
        painter.setBrush(QColor(tokens.surface))
        painter.drawRoundedRect(card, Radius.CARD, Radius.CARD)

    def _paint_row(self, painter: QPainter, inner: QRectF, row: AssetRow) -> None:
        tokens = theme().tokens
        picture = QRectF(inner.left(), inner.top(), inner.width(), round(inner.width() * _PICTURE_SHAPE))
        self._paint_picture(painter, picture, row)
        top = picture.bottom() + Space.S
        name = QRectF(inner.left(), top, inner.width(), Size.TEXT_LINE)
        _text(painter, name, row.name, self._name_font, tokens.fg)
        line = name.translated(0, Size.TEXT_LINE)
        token = short_token(row.token_id)
        token_width = self._token_metrics.horizontalAdvance(token)
        _text(painter, line, token, self._token_font, tokens.muted, Qt.AlignmentFlag.AlignRight)
        kind = line.adjusted(0, 0, -token_width - Space.S, 0)
        _text(painter, kind, type_name(row.asset_type), self._kind_font, tokens.muted)
        tags = QRectF(inner.left(), line.bottom() + Space.XS, inner.width(), _TAGS)
        paint_tag(painter, tags, *revenue_share_tag(row))

    def _paint_picture(self, painter: QPainter, bounds: QRectF, row: AssetRow) -> None:
        pixmap = None
        if self._pictures is not None and row.image_cid is not None:
            scale = painter.device().devicePixelRatioF()
            pixmap = self._pictures.picture(row.image_cid, bounds.toRect().size(), scale)
        paint_picture(painter, bounds, pixmap)


def _text(
    painter: QPainter,
    bounds: QRectF,
    text: str,
    font: QFont,
    colour: str,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    elided = QFontMetricsF(font).elidedText(visible(text), Qt.TextElideMode.ElideRight, bounds.width() + 1)
    painter.drawText(bounds, int(side | Qt.AlignmentFlag.AlignVCenter), elided)
