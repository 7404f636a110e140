"""The dialog of what is published: shown, copied and saved byte for byte."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from ipnft_desktop.domain.assets import Attachment
from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.metadata import build_metadata
from ipnft_desktop.services.metadata_preview import MetadataPreview
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.register.metadata_preview import MetadataDialog, MetadataPreviewPresenter
from tests.gui.register_doubles import MemoryRegister, asset_of, row

CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
PAPER = Attachment(UUID(int=4), "paper.pdf", "application/pdf", 10, b"", CID)
SECRET = Attachment(UUID(int=5), "secret.pdf", "application/pdf", 10, b"", CID, confidential=True)


def preview_of(number: int) -> MetadataPreview:
    asset = asset_of(row(number, name=f"<b>Lamp</b> {number}"), attachments=(PAPER, SECRET))
    return MetadataPreview(asset, build_metadata(asset), CID, f"ipfs://{CID}/{asset.asset_id}.json", is_published=False)


class _Previews:
    fault: IpnftError | None = None

    async def preview(self, asset_ids: Sequence[UUID]) -> tuple[MetadataPreview, ...]:
        if self.fault:
            raise self.fault
        return tuple(preview_of(asset_id.int & 0xFF) for asset_id in asset_ids)


class _Desk:
    def __init__(self) -> None:
        self.host = QWidget()
        self.host.show()
        self.previews = _Previews()
        self.pictures = PictureStore(MemoryRegister().content_bytes)
        self.presenter = MetadataPreviewPresenter(self.previews, self.pictures)
        self.notices: list[str] = []
        self.presenter.notice.connect(lambda text, _: self.notices.append(text))

    async def open(self, *numbers: int) -> MetadataDialog:
        self.presenter.open_for([row(number).asset_id for number in numbers], self.host)
        dialog = self.presenter.dialog
        assert dialog is not None
        await self.until(lambda: dialog.shown or dialog.error_panel.isVisible())
        return dialog

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(3):
            while not holds():  # noqa: ASYNC110 - whatever a person could see, not one event
                await asyncio.sleep(0)


@pytest.fixture
async def desk() -> AsyncIterator[_Desk]:
    opened = _Desk()
    yield opened
    await opened.presenter.close()
    await opened.pictures.close()
    opened.host.close()
    opened.host.deleteLater()


async def test_it_shows_the_metadata_its_address_and_which_files_are_public(desk: _Desk) -> None:
    dialog = await desk.open(1)

    assert '"name": "<b>Lamp</b> 1"' in dialog.text.toPlainText()
    facts = {fact.key: fact.copy or fact.value for fact in dialog.facts.facts}
    assert facts["CID"] == CID
    assert facts["Size"] == f"{len(preview_of(1).content):,} bytes"
    public, hashed = dialog.files.text().split("\n\n")
    assert "paper.pdf" in public
    assert "secret.pdf" in hashed
    assert not dialog.asset.isVisible()


async def test_of_several_each_can_be_looked_at_and_the_bytes_are_copied(desk: _Desk) -> None:
    dialog = await desk.open(1, 2)
    assert dialog.asset.isVisible()
    dialog.asset.setCurrentIndex(1)

    dialog.copy_button.click()

    assert QGuiApplication.clipboard().text().encode() == preview_of(2).content


async def test_it_is_saved_byte_for_byte_and_a_place_that_cannot_be_written_is_told(
    desk: _Desk, tmp_path: Path
) -> None:
    dialog = await desk.open(1)
    dialog.save_button.click()
    dialog.findChild(QFileDialog).fileSelected.emit(str(tmp_path / "lamp.json"))
    await desk.until(lambda: desk.notices)
    assert (tmp_path / "lamp.json").read_bytes() == preview_of(1).content

    dialog.save_button.click()
    dialog.findChildren(QFileDialog)[-1].fileSelected.emit(str(tmp_path / "missing" / "lamp.json"))
    await desk.until(lambda: dialog.error_panel.code == "VALIDATION_FAILED")


async def test_why_there_is_nothing_to_see_is_told(desk: _Desk) -> None:
    desk.previews.fault = UserError(ErrorCode.ASSET_NOT_FOUND)
    dialog = await desk.open(1)
    assert dialog.error_panel.code == "ASSET_NOT_FOUND"
    assert not dialog.copy_button.isEnabled()
    dialog.close_button.click()
    assert desk.presenter.dialog is None
