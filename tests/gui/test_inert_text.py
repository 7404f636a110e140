"""Row 67: mark-up, scripts and file addresses in what people typed are shown as the text they are, everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTextEdit, QWidget

from ipnft_desktop.domain.asset_changes import contents_of, differences
from ipnft_desktop.domain.assets import Asset, AssetPage, AssetQuery, Attachment, Enterprise
from ipnft_desktop.domain.deleted_assets import DeletedAsset
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.metadata import build_metadata
from ipnft_desktop.services.metadata_preview import MetadataPreview
from ipnft_desktop.ui.gallery.card_panel import CardPanel
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.register.asset_form import AssetForm
from ipnft_desktop.ui.register.conflict_dialog import ConflictDialog
from ipnft_desktop.ui.register.deleted_dialog import DeletedDialog
from ipnft_desktop.ui.register.detail_panel import DetailPanel
from ipnft_desktop.ui.register.metadata_preview import MetadataDialog
from ipnft_desktop.ui.register.view import RegisterView
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.toast import ToastStack
from tests.gui.register_doubles import ENTERPRISES, EPOCH, MemoryRegister, asset_of, row

HOSTILE = '<img src="file:///etc/passwd"><script>alert(1)</script><a href="https://evil.example">x</a><b>bold</b>'
CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
OWNER = Enterprise(UUID(int=9), HOSTILE, ENTERPRISES[0].wallet_address, HOSTILE)


def hostile_asset() -> Asset:
    """Every text a person can type, and the names of files, are mark-up."""
    files = (
        Attachment(UUID(int=4), HOSTILE.replace("/", "_"), "text/html", 10, b"", CID),
        Attachment(UUID(int=5), HOSTILE.replace("/", "_"), "text/html", 10, b"", CID, confidential=True),
    )
    return asset_of(
        row(1, name=HOSTILE, application_number=HOSTILE, enterprise_name=HOSTILE),
        description=HOSTILE,
        creator_name=HOSTILE,
        enterprise=OWNER,
        custom_fields={HOSTILE[:50]: HOSTILE},
        attachments=files,
    )


def places(asset: Asset, pictures: PictureStore) -> Iterator[QWidget]:
    """Everything that shows an asset, with the hostile one in it."""
    panel = DetailPanel()
    panel.use_pictures(pictures)
    panel.show_asset(asset)
    panel.error_panel.show_error(UserError(ErrorCode.ASSET_NOT_FOUND, HOSTILE))
    yield panel
    form = AssetForm(HOSTILE, date(2026, 11, 22))
    list(form.build())
    form.set_enterprises((OWNER, *ENTERPRISES))
    form.set_asset(asset, with_files=True)
    form.notice.setText(HOSTILE)
    form.question.ask(HOSTILE)
    yield form
    other = contents_of(asset_of(row(1, name="Theirs")))
    yield ConflictDialog(differences(other, other, contents_of(asset)), EPOCH, {OWNER.enterprise_id: HOSTILE})
    deleted = DeletedDialog(may_delete_for_good=True)
    deleted.show_lines([DeletedAsset(asset.asset_id, HOSTILE, EPOCH, HOSTILE)])
    deleted.purge_button.click()
    yield deleted
    metadata = MetadataDialog(pictures)
    metadata.show_previews([MetadataPreview(asset, build_metadata(asset), CID, HOSTILE, is_published=False)] * 2)
    yield metadata
    view = RegisterView()
    hostile_row = row(1, name=HOSTILE, application_number=HOSTILE, enterprise_name=HOSTILE)
    view.show_list(AssetQuery(), 1, AssetPage((hostile_row,), None))
    view.panel.use_pictures(pictures)
    view.panel.show_asset(asset)
    yield view
    card = CardPanel()
    card.show_asset(asset)
    card.show_error(UserError(ErrorCode.ASSET_NOT_FOUND, HOSTILE))
    yield card
    error = ErrorPanel()
    error.show_error(UserError(ErrorCode.VALIDATION_FAILED, HOSTILE))
    yield error
    host = QWidget()
    ToastStack(host).show_toast(HOSTILE)
    yield host


def rich_texts(place: QWidget) -> list[str]:
    """What of a widget and all in it Qt would take for mark-up that somebody else wrote."""
    found: list[str] = []
    for widget in (place, *place.findChildren(QWidget)):
        has_text = isinstance(widget, QLabel) and widget.text()
        if has_text and (widget.textFormat() != Qt.TextFormat.PlainText or widget.openExternalLinks()):
            found.append(f"label {widget.text()[:40]}")
        if isinstance(widget, QTextEdit):
            found.append(f"rich editor {type(widget).__name__}")
        if is_live(widget.toolTip()):
            found.append(f"tool tip {widget.toolTip()[:60]}")
    return found


def is_live(tool_tip: str) -> bool:
    """A tool tip has no format of its own, Qt guesses: within our own frame every mark must be escaped."""
    return "<" in tool_tip.removeprefix("<qt>").removesuffix("</qt>").replace("<br>", "")


async def test_67_markup_scripts_and_file_addresses_are_inert_wherever_they_are_shown() -> None:
    pictures = PictureStore(MemoryRegister().content_bytes)
    shown: dict[str, list[str]] = {}
    labels = 0
    for place in places(hostile_asset(), pictures):
        place.show()
        shown[type(place).__name__] = rich_texts(place)
        labels += sum("<b>" in label.text() for label in place.findChildren(QLabel))
        place.close()
        place.deleteLater()
    await pictures.close()
    assert shown == {name: [] for name in shown}
    assert labels > 15, "the hostile text is in view, as text"


def test_67_the_cells_of_the_list_are_plain_and_so_are_their_tool_tips() -> None:
    view = RegisterView()
    hostile_row = row(1, name=HOSTILE, application_number=HOSTILE, enterprise_name=HOSTILE)
    view.show_list(AssetQuery(), 1, AssetPage((hostile_row,), None))
    model = view.model
    tips = [model.index(0, column).data(Qt.ItemDataRole.ToolTipRole) or "" for column in range(model.columnCount())]
    assert [tip for tip in tips if is_live(tip)] == []
    assert any("&lt;" in tip for tip in tips) or not any(tips)
    view.close()
    view.deleteLater()


@pytest.mark.parametrize("text", [HOSTILE, f"<qt>{HOSTILE}</qt>", "<b>x</b>"])
def test_67_the_look_itself_finds_live_text(text: str) -> None:
    label = QLabel(text)
    label.setToolTip(text)
    assert len(rich_texts(label)) == 2
    label.deleteLater()
