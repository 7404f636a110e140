"""The gallery over scripted services: list, order, search, card, verification, export, and what changes meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QFileDialog

from ipnft_desktop.domain.assets import Asset, AssetPage, AssetQuery, Attachment, PageAnchor, SortKey
from ipnft_desktop.domain.chain import TokenFacts
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.events import AssetChanged
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.verified_facts import ABSENT, VerifiedFact, VerifiedField, Witness
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.gallery.presenter import GalleryPresenter
from ipnft_desktop.ui.gallery.verify_table import Verdict
from ipnft_desktop.ui.gallery.view import MINTED, GalleryView
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.list_faces import Face
from tests.gui.support.nft_examples import CID, CONTRACT, FILE_CID, WALLET, a_minted_asset, an_asset, row_of
from tests.gui.support.waiting import settled, turns

OWNER = VerifiedFact(VerifiedField.OWNER, WALLET, Witness.CHAIN, WALLET)
URI = VerifiedFact(VerifiedField.TOKEN_URI, f"ipfs://{CID}/a.json", Witness.CHAIN, f"ipfs://{CID}/a.json")
BLOCK = VerifiedFact(VerifiedField.BLOCK, "#149 0x9c", Witness.CHAIN, "#149 0x9c")
FILE = VerifiedFact(VerifiedField.ATTACHMENT, "4b" * 32, Witness.CONTENT, "4b" * 32, subject="score.pdf")
_ORDER = {
    SortKey.CREATED: lambda asset: (asset.created_at, asset.asset_id),
    SortKey.NAME: lambda asset: (asset.name, asset.asset_id),
    SortKey.ASSET_TYPE: lambda asset: (asset.asset_type, asset.asset_id),
}


@dataclass
class ScriptedRegister:
    """Minted assets in memory, paged like the real one."""

    assets: dict[UUID, Asset] = field(default_factory=dict[UUID, Asset])
    pages_read: int = 0
    fault: IpnftError | None = None
    exported: list[tuple[str, Path]] = field(default_factory=list[tuple[str, Path]])

    def matching(self, query: AssetQuery) -> list[Asset]:
        found = [
            asset
            for asset in self.assets.values()
            if asset.state in query.states and query.text.casefold() in asset.name.casefold()
        ]
        return sorted(found, key=_ORDER[query.sort], reverse=query.descending)

    async def page(self, query: AssetQuery, after: PageAnchor | None = None, limit: int = 200) -> AssetPage:
        self.pages_read += 1
        found = self.matching(query)
        ids = [asset.asset_id for asset in found]
        start = ids.index(after.asset_id) + 1 if after else 0
        rows = tuple(row_of(asset) for asset in found[start : start + limit])
        more = start + limit < len(found)
        return AssetPage(rows, PageAnchor("", rows[-1].asset_id) if more else None)

    async def count(self, query: AssetQuery) -> int:
        if self.fault:
            raise self.fault
        return len(self.matching(query))

    async def asset(self, asset_id: UUID) -> Asset:
        if asset_id not in self.assets:
            raise UserError(ErrorCode.ASSET_NOT_FOUND, str(asset_id))
        return self.assets[asset_id]

    async def export_content(self, cid: str, target: Path) -> None:
        self.exported.append((cid, target))

    async def export_file(self, file: Attachment, target: Path) -> None:
        self.exported.append((file.cid, target))


@dataclass
class ScriptedVerification:
    """Answers with these facts, when the gate is open."""

    facts: tuple[VerifiedFact, ...] = (OWNER, URI, BLOCK, FILE)
    fault: IpnftError | None = None
    asked: list[UUID] = field(default_factory=list[UUID])
    exported: list[tuple[UUID, Path]] = field(default_factory=list[tuple[UUID, Path]])
    gate: asyncio.Event | None = None

    async def verify(self, asset_id: UUID) -> tuple[VerifiedFact, ...]:
        self.asked.append(asset_id)
        if self.gate is not None:
            await self.gate.wait()
        if self.fault:
            raise self.fault
        return self.facts

    async def token(self, asset_id: UUID) -> TokenFacts | None:
        return TokenFacts(asset_id.int, WALLET, f"ipfs://{CID}", "VALID", 500)

    async def export_car(self, asset_id: UUID | None, target: Path) -> int:
        assert asset_id is not None
        self.exported.append((asset_id, target))
        return 4_321


@dataclass
class Stage:
    """Everything a test plays with."""

    view: GalleryView
    presenter: GalleryPresenter
    register: ScriptedRegister
    verification: ScriptedVerification
    hub: EventHub

    def put(self, *assets: Asset) -> None:
        self.register.assets.update((asset.asset_id, asset) for asset in assets)

    async def listed(self, *assets: Asset) -> None:
        self.put(*assets)
        self.presenter.activate()
        await settled(lambda: self.view.face is not Face.NO_ENVIRONMENT)

    async def card(self, asset: Asset) -> None:
        """The card of an asset, verified."""
        self.presenter.show_card(asset.asset_id)
        await settled(lambda: bool(self.view.panel.table.facts))

    def names(self) -> list[str]:
        rows = (self.view.model.row_at(at) for at in range(self.view.model.rowCount()))
        return [row.name if row else "…" for row in rows]


async def no_picture(cid: str) -> bytes:
    raise UserError(ErrorCode.CONTENT_MISMATCH)


@pytest.fixture
async def stage(qapp: QApplication) -> AsyncIterator[Stage]:
    view, hub, events, pictures = GalleryView(), EventHub(), AppEvents(), PictureStore(no_picture)
    register, verification = ScriptedRegister(), ScriptedVerification()
    events.attach(hub)
    presenter = GalleryPresenter(view, register, verification, verification, events, pictures)
    view.resize(1188, 692)
    view.show()
    yield Stage(view, presenter, register, verification, hub)
    await presenter.close()
    await pictures.close()
    view.close()
    view.deleteLater()


# --- the list -------------------------------------------------------------------------------------------------------


async def test_without_services_the_page_offers_the_start(qapp: QApplication) -> None:
    view = GalleryView()
    asked: list[bool] = []
    view.environment_requested.connect(lambda: asked.append(True))
    assert view.face is Face.NO_ENVIRONMENT
    view.faces.no_environment.button.click()
    assert asked == [True]
    view.deleteLater()


async def test_empty_gallery_shows_the_way_to_the_register(stage: Stage) -> None:
    await stage.listed()
    asked: list[bool] = []
    stage.view.register_requested.connect(lambda: asked.append(True))
    assert stage.view.face is Face.EMPTY
    stage.view.faces.empty.button.click()
    assert asked == [True]


async def test_only_minted_assets_newest_first(stage: Stage) -> None:
    await stage.listed(a_minted_asset(1), an_asset(2), a_minted_asset(3))
    assert stage.names() == ["Asset 3", "Asset 1"]
    assert stage.view.query.states == MINTED


async def test_order_by_name(stage: Stage) -> None:
    await stage.listed(a_minted_asset(1, "Beta"), a_minted_asset(2, "Alpha"))
    stage.view.order.setCurrentIndex(1)
    await settled(lambda: stage.names() == ["Alpha", "Beta"])


async def test_search_narrows_and_clear_brings_all_back(stage: Stage) -> None:
    await stage.listed(a_minted_asset(1, "Alpha"), a_minted_asset(2, "Beta"))
    stage.view.search.setText("bet")
    stage.view.search.returnPressed.emit()
    await settled(lambda: stage.names() == ["Beta"])
    stage.view.search.setText("nothing like it")
    stage.view.search.returnPressed.emit()
    await settled(lambda: stage.view.face is Face.NO_MATCH)
    stage.view.faces.no_match.button.click()
    await settled(lambda: len(stage.names()) == 2)


async def test_later_pages_come_when_they_are_looked_at(stage: Stage) -> None:
    await stage.listed(*(a_minted_asset(number) for number in range(1, 451)))
    QAbstractItemModelTester(stage.view.model, stage.view.model)
    assert stage.view.model.rowCount() == 450
    assert stage.view.model.row_at(449) is None
    stage.view.grid.scrollToBottom()
    stage.view.grid.viewport().repaint()
    await settled(lambda: stage.view.model.row_at(449) is not None)
    assert stage.names()[449] == "Asset 1"


@pytest.mark.parametrize("width", range(1180, 1200))
async def test_cards_fill_the_width(stage: Stage, width: int) -> None:
    await stage.listed(*(a_minted_asset(number) for number in range(1, 9)))
    stage.view.resize(width, 692)
    tops = [stage.view.grid.visualRect(stage.view.model.index(at, 0)).top() for at in range(4)]
    assert tops[0] == tops[1] == tops[2] < tops[3]
    last = stage.view.grid.visualRect(stage.view.model.index(2, 0))
    assert stage.view.grid.viewport().width() - last.right() < 30, "little more than the scroll bar is left over"


async def test_list_that_cannot_be_read_says_so_and_reloads(stage: Stage) -> None:
    stage.register.fault = EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE)
    stage.put(a_minted_asset(1))
    stage.presenter.activate()
    await settled(lambda: stage.view.error_panel.code == "DATABASE_UNAVAILABLE")
    stage.register.fault = None
    stage.view.reload_requested.emit()
    await settled(lambda: stage.names() == ["Asset 1"])
    assert stage.view.error_panel.code == ""


async def test_fresh_mints_are_laid_out_together(stage: Stage) -> None:
    await stage.listed(a_minted_asset(1))
    before = stage.register.pages_read
    for number in (2, 3, 4):
        asset = a_minted_asset(number)
        stage.put(asset)
        stage.hub.publish(AssetChanged(row_of(asset)))
    await settled(lambda: len(stage.names()) == 4)
    assert stage.register.pages_read == before + 1


async def test_hidden_page_reloads_when_it_comes_back(stage: Stage) -> None:
    await stage.listed(a_minted_asset(1))
    stage.view.hide()
    before = stage.register.pages_read
    fresh = a_minted_asset(2)
    stage.put(fresh)
    stage.hub.publish(AssetChanged(row_of(fresh)))
    await turns()
    assert stage.register.pages_read == before
    stage.presenter.activate()
    await settled(lambda: len(stage.names()) == 2)


async def test_reorganised_token_leaves_gallery_and_panel(stage: Stage) -> None:
    asset = a_minted_asset(1)
    await stage.listed(asset, a_minted_asset(2))
    await stage.card(asset)
    gone = replace(asset, state=AssetState.MINTING)
    stage.put(gone)
    stage.hub.publish(AssetChanged(row_of(gone)))
    assert stage.names() == ["Asset 2"]
    assert stage.view.panel.asset_id is None


# --- the card -------------------------------------------------------------------------------------------------------


async def test_choosing_a_card_verifies_it(stage: Stage) -> None:
    asset = a_minted_asset(1, "《山海行》原创配乐")
    await stage.listed(asset, a_minted_asset(2))
    stage.view.grid.setCurrentIndex(stage.view.model.index(1, 0))
    await settled(lambda: stage.view.panel.table.facts == stage.verification.facts)
    panel = stage.view.panel
    assert panel.asset_id == asset.asset_id
    assert panel.summary.text().startswith("All 4 facts agree")
    assert (panel.validity_tag.text, panel.validity_tag.tone) == ("Valid", Tone.OK)
    facts = {fact.key: fact for fact in panel.facts.facts}
    assert facts["Contract"].copy == CONTRACT
    assert facts["Minted to"].lead == "Helios vault"
    assert facts["Gas / fee"].value == "76,324 · 0.000076 ETH"
    assert facts["Royalty"].value == "5 %"


async def test_values_are_short_and_copied_in_full(stage: Stage) -> None:
    asset = a_minted_asset(1)
    await stage.listed(asset)
    await stage.card(asset)
    copies = stage.view.panel.table.findChildren(CopyableText)
    shown = {copy.value: copy.text() for copy in copies}
    assert shown[WALLET] == "0x70…C8"
    assert shown[URI.register] == "bafy…on"
    assert shown[BLOCK.register] == "#149"
    next(copy for copy in copies if copy.value == URI.witnessed).click()
    assert QGuiApplication.clipboard().text() == URI.witnessed


async def test_difference_is_counted_and_marked(stage: Stage) -> None:
    missing = VerifiedFact(VerifiedField.VALIDITY, "VALID", Witness.CHAIN, ABSENT)
    stage.verification.facts = (OWNER, replace(FILE, witnessed="CONTENT_MISMATCH"), missing)
    asset = a_minted_asset(1)
    await stage.listed(asset)
    await stage.card(asset)
    assert stage.view.panel.summary.text().startswith("2 of 3 facts differ")
    told = {copy.value: copy.text() for copy in stage.view.panel.table.findChildren(CopyableText)}
    assert told["VALID"] == "Valid", "said in the language of the window, copied as the contract says it"
    marks = [mark.accessibleName() for mark in stage.view.panel.table.findChildren(Verdict)]
    assert marks == ["Owner: chain agrees", "score.pdf: content store differs", "Validity: chain differs"]


async def test_verify_again(stage: Stage) -> None:
    asset = a_minted_asset(1)
    await stage.listed(asset)
    await stage.card(asset)
    stage.verification.facts = (replace(OWNER, witnessed="0x" + "1" * 40),)
    stage.view.panel.verify_button.click()
    await settled(lambda: stage.view.panel.table.facts == stage.verification.facts)
    assert stage.verification.asked == [asset.asset_id] * 2


async def test_unreachable_chain_is_told_in_the_card(stage: Stage) -> None:
    stage.verification.fault = EnvironmentFault(ErrorCode.NODE_UNREACHABLE)
    asset = a_minted_asset(1)
    await stage.listed(asset)
    stage.presenter.show_card(asset.asset_id)
    await settled(lambda: stage.view.panel.error_panel.code == "NODE_UNREACHABLE")
    assert stage.view.panel.summary.text() == "Not verified"
    stage.verification.fault = None
    stage.view.panel.retry_button.click()
    await settled(lambda: bool(stage.view.panel.table.facts))
    assert stage.view.panel.error_panel.code == ""


async def test_late_answer_for_another_card_is_dropped(stage: Stage) -> None:
    first, second = a_minted_asset(1), a_minted_asset(2)
    await stage.listed(first, second)
    stage.verification.gate = asyncio.Event()
    stage.presenter.show_card(first.asset_id)
    await settled(lambda: stage.verification.asked == [first.asset_id])
    late, stage.verification.gate = stage.verification.gate, None
    stage.verification.facts = (OWNER,)
    await stage.card(second)
    stage.verification.facts = (BLOCK,)
    late.set()
    await turns()
    assert stage.view.panel.asset_id == second.asset_id
    assert stage.view.panel.table.facts == (OWNER,)


async def test_card_of_a_fresh_mint_is_selected_once_it_is_listed(stage: Stage) -> None:
    asset = a_minted_asset(1)
    stage.put(asset, a_minted_asset(2))
    await stage.card(asset)
    await settled(lambda: stage.view.model.rowCount() == 2)
    assert stage.view.grid.currentIndex().row() == 1
    assert stage.verification.asked == [asset.asset_id], "selecting does not verify again"


async def test_unknown_card_is_told(stage: Stage) -> None:
    await stage.listed(a_minted_asset(1))
    stage.presenter.show_card(UUID(int=99))
    await settled(lambda: stage.view.panel.error_panel.code == "ASSET_NOT_FOUND")


# --- saving ---------------------------------------------------------------------------------------------------------


def save_as(stage: Stage, target: Path) -> str:
    """Answer the open file dialog; the name it proposed."""
    (dialog,) = stage.view.findChildren(QFileDialog)
    (proposed,) = dialog.selectedFiles()
    dialog.fileSelected.emit(str(target))
    dialog.close()
    return Path(proposed).name


async def test_export_car_and_metadata(stage: Stage, tmp_path: Path) -> None:
    asset = a_minted_asset(1)
    await stage.listed(asset)
    await stage.card(asset)
    notices: list[str] = []
    stage.presenter.notice.connect(lambda text, tone: notices.append(text))
    stage.view.panel.export_button.click()
    assert save_as(stage, tmp_path / "a.car") == f"{asset.asset_id}.car"
    await settled(lambda: stage.verification.exported == [(asset.asset_id, tmp_path / "a.car")])
    await settled(lambda: len(notices) == 1)
    stage.view.panel.metadata_button.click()
    assert save_as(stage, tmp_path / "a.json") == f"{asset.asset_id}.json"
    await settled(lambda: stage.register.exported == [(FILE_CID, tmp_path / "a.json")])
    await settled(lambda: len(notices) == 2)


async def test_keyboard_walks_the_cards(stage: Stage) -> None:
    await stage.listed(*(a_minted_asset(number) for number in range(1, 5)))
    stage.view.grid.setFocus(Qt.FocusReason.OtherFocusReason)
    stage.view.grid.setCurrentIndex(stage.view.model.index(0, 0))
    index = stage.view.grid.moveCursor(stage.view.grid.CursorAction.MoveRight, Qt.KeyboardModifier.NoModifier)
    assert index.row() == 1


# --- nobody is signed in --------------------------------------------------------------------------------------------


async def test_73_signing_out_takes_cards_and_panel_away_at_once(stage: Stage) -> None:
    asset = a_minted_asset()
    await stage.listed(asset)
    await stage.card(asset)
    stage.presenter.show_card(asset.asset_id)
    stage.presenter.reload()
    stage.presenter.show_signed_out()
    view = stage.view
    for act in (
        stage.presenter.activate,
        view.reload_requested.emit,
        lambda: stage.presenter.show_card(asset.asset_id),
    ):
        act()
    await turns()
    assert view.face is Face.SIGNED_OUT
    assert (view.model.rowCount(), view.panel.asset_id, view.panel.isVisible()) == (0, None, False)
    assert not view.error_panel.isVisible()

    wanted: list[bool] = []
    view.sign_in_requested.connect(lambda: wanted.append(True))
    view.faces.signed_out.button.click()
    assert wanted == [True]
    stage.presenter.reload()
    await settled(lambda: view.face is Face.LIST)
    assert stage.names() == [asset.name]
