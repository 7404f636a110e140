"""Many NFTs verified in the window: what was tampered with turns red among hundreds, and nothing else does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from ipnft_desktop.domain.assets import AssetPage, AssetQuery
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.reconciliation import Cause
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.bulk_verification import MOST_ASSETS, AssetVerdict, OnVerdicts
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.verified_facts import VerifiedFact, VerifiedField, Witness
from ipnft_desktop.ui.gallery.verify_all_dialog import VerifyAllDialog
from ipnft_desktop.ui.gallery.verify_all_presenter import VerifyAllPresenter
from ipnft_desktop.ui.gallery.view import MINTED, GalleryView
from ipnft_desktop.ui.models.arranged_model import ARRANGED_AT_ONCE
from ipnft_desktop.ui.models.chosen_assets import ChosenAssets, minted_of
from ipnft_desktop.ui.register.view import RegisterView
from ipnft_desktop.ui.widgets.cause_words import cause_name
from tests.gui.support.nft_examples import a_minted_asset, row_of
from tests.gui.support.waiting import settled, turns
from tests.support.minted_register import Minted, minted_register
from tests.support.views.no_pictures import no_pictures

MANY = ARRANGED_AT_ONCE + 10
AGREES = VerifiedFact(VerifiedField.OWNER, "0xa", Witness.CHAIN, "0xa")
DIFFERS = VerifiedFact(VerifiedField.OWNER, "0xa", Witness.CHAIN, "0xb", cause=Cause.OWNER_MOVED)
ROWS = tuple(row_of(a_minted_asset(number, f"Asset {number}")) for number in range(1, 6))


class NoExport:
    """Nothing is written here."""

    async def verdicts(
        self, verdicts: Sequence[AssetVerdict], sheet_format: SheetFormat, target: Path, work: LongWork
    ) -> int:
        raise NotImplementedError


class Scripted(NoExport):
    """Tells what it is given to tell, a group at a time, and ends when `end` is set."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, Sequence[tuple[int, int]]]] = []
        self.tell: OnVerdicts = lambda _verdicts: None
        self.end = asyncio.Event()

    async def verify(
        self, asset_ids: Sequence[UUID], work: LongWork, tell: OnVerdicts | None = None
    ) -> tuple[AssetVerdict, ...]:
        return await self._verify((tuple(asset_ids), ()), work, tell)

    async def verify_listed(
        self,
        query: AssetQuery,
        work: LongWork,
        tell: OnVerdicts | None = None,
        spans: Sequence[tuple[int, int]] = (),
    ) -> tuple[AssetVerdict, ...]:
        return await self._verify((query, spans), work, tell)

    async def _verify(
        self, asked: tuple[object, Sequence[tuple[int, int]]], work: LongWork, tell: OnVerdicts | None
    ) -> tuple[AssetVerdict, ...]:
        assert tell is not None
        self.asked.append(asked)
        self.tell = tell
        await self.end.wait()
        work.report(1.0)
        return ()


def verdict(number: int, fact: VerifiedFact = AGREES) -> AssetVerdict:
    return AssetVerdict(UUID(int=number), f"Asset {number:05}", (fact,))


def shown(dialog: VerifyAllDialog, *columns: int) -> list[tuple[str, ...]]:
    """What stands in these columns."""
    model = dialog.model
    return [tuple(str(model.index(row, at).data()) for at in columns) for row in range(model.rowCount())]


@pytest.fixture
async def gallery() -> AsyncIterator[GalleryView]:
    view = GalleryView()
    view.use_store(no_pictures())
    view.show_list(view.query, len(ROWS), AssetPage(ROWS, None))
    view.show()
    yield view
    view.close()
    view.deleteLater()
    await turns()


@pytest.fixture
async def scripted(gallery: GalleryView) -> AsyncIterator[tuple[VerifyAllPresenter, Scripted]]:
    source = Scripted()
    presenter = VerifyAllPresenter(gallery, source, source)
    yield presenter, source
    source.end.set()
    await presenter.close()


async def verified(presenter: VerifyAllPresenter, minted: Minted) -> VerifyAllDialog:
    presenter.open(ChosenAssets(AssetQuery(states=MINTED), MANY, tuple(asset.asset_id for asset in minted.assets)))
    dialog = presenter.dialog
    assert dialog is not None
    await settled(lambda: not presenter.is_working)
    assert dialog.model.rowCount() == len(dialog.verdicts) == MANY
    return dialog


async def test_tampering_turns_exactly_its_rows_red_among_many(gallery: GalleryView, tmp_path: Path) -> None:
    async with minted_register(tmp_path, MANY) as minted:
        presenter = VerifyAllPresenter(gallery, minted.bulk, NoExport())
        dialog = await verified(presenter, minted)
        assert {word for (word,) in shown(dialog, 0)} == {"AGREES"}
        assert dialog.summary.text() == f"All {MANY} NFTs agree"

        in_file, in_metadata, in_column = [await minted.asset(at) for at in (7, 100, 205)]
        assert in_metadata.mint is not None
        assert in_metadata.mint.metadata_cid is not None
        minted.flip_a_byte(in_file.attachments[0].cid)
        minted.flip_a_byte(in_metadata.mint.metadata_cid)
        minted.set_column(
            "UPDATE mint_intents SET token_uri = ? WHERE asset_id = ?", "ipfs://other", in_column.asset_id.hex
        )
        dialog.again_button.click()
        await settled(lambda: not presenter.is_working)

        causes = {
            in_file.asset_id: (cause_name(Cause.FILE_DAMAGED), "✓", "✓", "✗"),
            in_metadata.asset_id: (cause_name(Cause.METADATA_DAMAGED), "✓", "✗", "✓"),
            in_column.asset_id: (cause_name(Cause.URI_DIFFERS), "✗", "✓", "✓"),
        }
        lines = shown(dialog, 0, 2, 4, 7, 8)
        assert [line[0] for line in lines] == ["DIFFERS"] * 3 + ["AGREES"] * (MANY - 3)
        assert {dialog.model.key_at(row): line[1:] for row, line in enumerate(lines[:3])} == causes
        assert set(lines[3:]) == {("AGREES", "", "✓", "✓", "✓")}
        assert dialog.summary.text() == f"3 of {MANY} NFTs differ"
        hover = str(
            dialog.model.index(dialog.model.row_of(in_column.asset_id) or 0, 4).data(Qt.ItemDataRole.ToolTipRole)
        )
        assert "ipfs://other" in hover
        assert "ipfs://" in hover.replace("ipfs://other", "")
        await presenter.close()


async def test_verdicts_are_shown_while_others_come_in(scripted: tuple[VerifyAllPresenter, Scripted]) -> None:
    presenter, source = scripted
    presenter.open(ChosenAssets(AssetQuery(), MANY))
    dialog = presenter.dialog
    assert dialog is not None
    await settled(lambda: bool(source.asked))
    source.tell([verdict(number) for number in range(5)])
    await settled(lambda: dialog.model.rowCount() == 5)
    assert presenter.is_working
    assert dialog.summary.text() == "0 of 5 NFTs differ so far"
    dialog.only_red.setChecked(True)
    assert dialog.model.rowCount() == 0
    source.tell([verdict(number, DIFFERS if number == MANY - 1 else AGREES) for number in range(5, MANY)])
    await settled(lambda: dialog.model.rowCount() == 1)
    dialog.only_red.setChecked(False)
    await settled(lambda: dialog.model.rowCount() == MANY)
    assert shown(dialog, 0, 1)[:2] == [("DIFFERS", f"Asset {MANY - 1:05}"), ("AGREES", "Asset 00000")]
    source.end.set()
    await settled(lambda: not presenter.is_working)
    assert dialog.summary.text() == f"1 of {MANY} NFTs differ"


async def test_many_are_searched_sorted_and_copied(scripted: tuple[VerifyAllPresenter, Scripted]) -> None:
    presenter, source = scripted
    presenter.open(ChosenAssets(AssetQuery(), MANY))
    dialog = presenter.dialog
    assert dialog is not None
    await settled(lambda: bool(source.asked))
    source.tell([verdict(number, DIFFERS if number == 9 else AGREES) for number in range(MANY)])
    source.end.set()
    await settled(lambda: not presenter.is_working)
    dialog.table.select(UUID(int=40))
    header = dialog.table.horizontalHeader()
    header.setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    await settled(lambda: shown(dialog, 1)[0] == (f"Asset {MANY - 1:05}",))
    assert dialog.table.current is not None
    assert dialog.table.current.asset_id == UUID(int=40), "whoever was in focus stays so"
    dialog.table.search(cause_name(Cause.OWNER_MOVED))
    await settled(lambda: shown(dialog, 1) == [("Asset 00009",)])
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith(f"DIFFERS\tAsset 00009\t{cause_name(Cause.OWNER_MOVED)}\t✗")
    dialog.table.search("")
    await settled(lambda: dialog.model.rowCount() == MANY)


async def test_what_was_verified_before_a_stop_stays_and_is_not_taken_for_all(
    scripted: tuple[VerifyAllPresenter, Scripted],
) -> None:
    presenter, source = scripted
    presenter.open(ChosenAssets(AssetQuery(), MANY))
    dialog = presenter.dialog
    assert dialog is not None
    await settled(lambda: bool(source.asked))
    source.tell([verdict(1), verdict(2, DIFFERS)])
    dialog.stop_button.click()
    source.end.set()
    await settled(lambda: not presenter.is_working)
    assert dialog.summary.text() == "Not all were verified: 1 of 2 NFTs differ"
    assert dialog.export_button.isEnabled()
    dialog.again_button.click()
    assert dialog.verdicts == ()


async def test_selected_cards_are_verified_and_otherwise_all_that_is_listed(
    gallery: GalleryView, scripted: tuple[VerifyAllPresenter, Scripted]
) -> None:
    presenter, source = scripted
    button, grid = gallery.verify_all_button, gallery.grid
    assert button.text() == "Verify all…"
    button.click()
    await settled(lambda: len(source.asked) == 1)
    dialog = presenter.dialog
    assert dialog is not None
    assert dialog.windowTitle() == "Verify all that is listed"
    source.end.set()
    await settled(lambda: not presenter.is_working)

    grid.setFocus()
    grid.setCurrentIndex(gallery.model.index(1, 0))
    assert button.text() == "Verify all…", "one card is verified by itself"
    QTest.keyClick(grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert button.text() == "Verify 2 selected…"
    grid.select(ROWS[1].asset_id)
    assert grid.selected_count == 2, "the card that is shown does not take the selection away"
    button.click()
    await settled(lambda: len(source.asked) == 2)
    assert source.asked[-1] == ((ROWS[1].asset_id, ROWS[2].asset_id), ())
    assert presenter.dialog is not None
    assert presenter.dialog is not dialog, "it was about others, and done"
    assert presenter.dialog.windowTitle() == "Verify 2 selected NFTs"
    await settled(lambda: not presenter.is_working)

    gallery.show_list(gallery.query, len(ROWS), AssetPage(ROWS, None))
    assert grid.selected_count == 2, "a list that is laid out anew keeps them selected"
    QTest.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert button.text() == "Verify 5 selected…"
    grid.select(ROWS[3].asset_id, alone=True)
    assert button.text() == "Verify all…"


async def test_cards_that_are_not_loaded_are_named_by_their_rows(
    gallery: GalleryView, scripted: tuple[VerifyAllPresenter, Scripted]
) -> None:
    presenter, source = scripted
    gallery.show_list(gallery.query, 3 * MANY, AssetPage((), None))
    chosen = minted_of(gallery.model, [(0, 1), (4, 4)])
    assert (chosen.count, chosen.asset_ids, chosen.spans) == (3, (), ((0, 1), (4, 4)))
    presenter.open(chosen)
    await settled(lambda: bool(source.asked))
    assert source.asked == [(gallery.query, ((0, 1), (4, 4)))]


async def test_it_says_when_a_list_is_longer_than_what_is_verified(gallery: GalleryView) -> None:
    dialog = VerifyAllDialog(gallery, count=MOST_ASSETS + 1)
    texts = [label.text() for label in dialog.findChildren(type(dialog.summary))]
    assert any("first 10,000 NFTs" in text for text in texts)
    dialog.deleteLater()


async def test_what_is_selected_in_the_register_is_verified_as_far_as_it_is_minted() -> None:
    view = RegisterView()
    rows = (replace(ROWS[0], state=AssetState.DRAFT), *ROWS[1:])
    view.show_list(view.query, len(rows), AssetPage(rows, None))
    wanted: list[object] = []
    view.verify_selection_requested.connect(lambda: wanted.append(minted_of(view.model, view.table.selected_spans())))
    command = next(each for part in view.commands.of_row for each in part if each.key.startswith("register.verify"))
    flags = QItemSelectionModel.SelectionFlag
    view.table.selectionModel().setCurrentIndex(view.model.index(0, 0), flags.ClearAndSelect | flags.Rows)
    assert command.refusal() == "Nothing selected is minted."
    view.table.selectionModel().setCurrentIndex(view.model.index(1, 0), flags.Select | flags.Rows)
    assert not command.refusal()
    command.run()
    assert wanted == [ChosenAssets(view.query, 1, (ROWS[1].asset_id,))]
    view.deleteLater()
