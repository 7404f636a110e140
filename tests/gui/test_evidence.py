"""Evidence in the window: bundles and certificates of one card, of several, of all; and the verdict on a bundle."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog

from ipnft_desktop.domain.assets import AssetPage, AssetQuery, PageAnchor
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.evidence import EvidenceBundle, EvidenceOutcome, evidence_file_name
from ipnft_desktop.ui.evidence.export_dialog import ExportEvidenceDialog, Scope
from ipnft_desktop.ui.evidence.presenter import EvidencePresenter
from ipnft_desktop.ui.evidence.verify_dialog import VerifyDialog
from ipnft_desktop.ui.gallery.view import GalleryView
from ipnft_desktop.ui.open_dialogs import leave_dialogs
from ipnft_verify.report import Report
from ipnft_verify.verify import verify_file
from tests.gui.support.dropping import drop_files
from tests.gui.support.nft_examples import WALLET, a_minted_asset, row_of
from tests.gui.support.waiting import settled, turns
from tests.support.views.no_pictures import no_pictures

BUNDLE = Path(__file__).parents[1] / "support" / "evidence" / "format-1.evidence.zip"
ASSETS = [a_minted_asset(number, f"Asset {number}") for number in range(1, 5)]


@dataclass
class ScriptedEvidence:
    """Copies one real bundle for each asset; the second one fails; waits at the gate before the third."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[tuple[Path, str | None]] = field(default_factory=list[tuple[Path, "str | None"]])

    async def export_many(
        self, asset_ids: Collection[UUID], folder: Path, on_outcome: Callable[[EvidenceOutcome], None] | None = None
    ) -> tuple[EvidenceOutcome, ...]:
        outcomes: list[EvidenceOutcome] = []
        for number, asset_id in enumerate(asset_ids):
            if number == 2:
                await self.gate.wait()
            if number == 1:
                outcome = EvidenceOutcome(asset_id, error=UserError(ErrorCode.KEYSTORE_LOCKED, "the key is locked"))
            else:
                file = folder / evidence_file_name(f"Asset {number}", asset_id)
                shutil.copy(BUNDLE, file)
                outcome = EvidenceOutcome(asset_id, EvidenceBundle(asset_id, file, 1, "4b" * 32, WALLET, True, True))
            outcomes.append(outcome)
            assert on_outcome is not None
            on_outcome(outcome)
        return tuple(outcomes)

    async def verify(self, file: Path, *, rpc_url: str | None = None, signer: str | None = None) -> Report:
        self.asked.append((file, rpc_url))
        try:
            return await asyncio.to_thread(verify_file, file, rpc_url=rpc_url)
        except OSError as error:
            raise UserError(ErrorCode.EVIDENCE_UNREADABLE, str(error)) from error


class PagedRegister:
    """Two assets a page."""

    async def page(self, query: AssetQuery, after: PageAnchor | None = None, limit: int = 2) -> AssetPage:
        ids = [asset.asset_id for asset in ASSETS]
        start = ids.index(after.asset_id) + 1 if after else 0
        rows = tuple(map(row_of, ASSETS[start : start + 2]))
        return AssetPage(rows, PageAnchor("", rows[-1].asset_id) if start + 2 < len(ASSETS) else None)


@dataclass
class Stage:
    """The page, its services, and a folder."""

    view: GalleryView
    presenter: EvidencePresenter
    evidence: ScriptedEvidence
    folder: Path
    opened: list[Path]
    written: list[tuple[str, Path]]
    rpc_url: str | None = None

    def exporting(self) -> ExportEvidenceDialog:
        (dialog,) = self.view.window().findChildren(ExportEvidenceDialog)
        return dialog

    def verifying(self) -> VerifyDialog:
        (dialog,) = self.view.window().findChildren(VerifyDialog)
        return dialog

    def choose_folder(self) -> None:
        (chooser,) = self.exporting().findChildren(QFileDialog)
        chooser.fileSelected.emit(str(self.folder))
        chooser.close()

    def names(self) -> list[str]:
        return sorted(path.suffix for path in self.folder.iterdir())


@pytest.fixture
async def stage(qapp: QApplication, tmp_path: Path) -> AsyncIterator[Stage]:
    view = GalleryView()
    view.use_store(no_pictures())
    view.show_list(view.query, len(ASSETS), AssetPage(tuple(map(row_of, ASSETS)), None))
    view.panel.show_asset(ASSETS[0])
    view.show()
    opened: list[Path] = []
    written: list[tuple[str, Path]] = []
    built: list[Stage] = []

    async def rpc_url() -> str | None:
        return built[0].rpc_url

    evidence = ScriptedEvidence()
    evidence.gate.set()
    presenter = EvidencePresenter(view, evidence, PagedRegister(), rpc_url, opened.append)
    presenter.written.connect(lambda text, folder: written.append((text, folder)))
    built.append(Stage(view, presenter, evidence, tmp_path, opened, written))
    yield built[0]
    await presenter.close()
    view.close()
    view.deleteLater()
    await turns()


async def test_the_open_card_gets_a_bundle_and_a_certificate(stage: Stage) -> None:
    stage.view.panel.evidence_button.click()
    dialog = stage.exporting()
    assert dialog.scope.currentData() is Scope.CARD
    assert not dialog.one_file.isEnabled()
    dialog.certificate.setCurrentIndex(3)
    dialog.start_button.click()
    stage.choose_folder()
    await settled(lambda: bool(stage.written))
    assert stage.names() == [".pdf", ".zip"]
    assert stage.written == [("1 bundle written", stage.folder)]
    assert dialog.status == "1 bundle written"
    dialog.folder_button.click()
    assert stage.opened == [stage.folder]
    dialog.close_button.click()
    await turns()
    assert not stage.presenter.is_working


async def test_all_that_are_listed_with_what_failed_named_and_one_file_of_certificates(stage: Stage) -> None:
    stage.view.evidence_button.click()
    dialog = stage.exporting()
    assert dialog.scope.currentData() is Scope.LISTED
    dialog.certificate.setCurrentIndex(1)
    assert dialog.one_file.isEnabled()
    dialog.one_file.setChecked(True)
    dialog.start_button.click()
    stage.choose_folder()
    await settled(lambda: bool(stage.written))
    assert stage.names() == [".pdf", ".zip", ".zip", ".zip"]
    assert (stage.folder / "certificates.pdf").is_file()
    model = dialog.table.records
    shown = [[model.index(line, column).data() for column in range(2)] for line in range(model.rowCount())]
    assert [line[0] for line in shown] == [f"Asset {number}" for number in range(1, 5)]
    assert "The keystore is locked." in shown[1][1]
    assert shown[0][1].endswith(".evidence.zip")


async def test_several_cards_are_selected_and_none_of_them_opens(stage: Stage) -> None:
    chosen: list[object] = []
    stage.view.grid.chosen.connect(chosen.append)
    model = stage.view.grid.selectionModel()
    for line in (1, 3):
        model.select(stage.view.model.index(line, 0), model.SelectionFlag.Select)
    assert [row.name for row in stage.view.grid.selected_rows] == ["Asset 2", "Asset 4"]
    assert len(chosen) == 1
    stage.view.evidence_button.click()
    dialog = stage.exporting()
    assert dialog.scope.currentData() is Scope.SELECTED
    assert dialog.scope.currentText() == "2 selected cards"


async def test_cancelling_keeps_what_is_finished(stage: Stage) -> None:
    stage.evidence.gate.clear()
    stage.view.evidence_button.click()
    dialog = stage.exporting()
    dialog.start_button.click()
    stage.choose_folder()
    await settled(lambda: dialog.table.records.rowCount() == 2)
    assert stage.presenter.is_working
    assert not dialog.start_button.isEnabled()
    dialog.cancel_button.click()
    await settled(lambda: dialog.status == "Cancelled; 1 bundle is finished")
    assert stage.names() == [".zip"]
    assert not stage.written
    assert dialog.start_button.isEnabled()


async def test_whoever_signs_out_meanwhile_leaves_no_dialog_and_no_work(stage: Stage) -> None:
    stage.evidence.gate.clear()
    stage.view.evidence_button.click()
    dialog = stage.exporting()
    dialog.start_button.click()
    stage.choose_folder()
    await settled(lambda: dialog.table.records.rowCount() == 2)
    leave_dialogs(stage.view.window(), ())
    assert not dialog.isVisible()
    await settled(lambda: not stage.presenter.is_working)
    assert (stage.names(), stage.written) == ([".zip"], [])


async def test_a_bundle_is_judged_part_by_part_and_its_report_copied(stage: Stage) -> None:
    stage.presenter.verify(BUNDLE)
    dialog = stage.verifying()
    assert "VALID" not in dialog.conclusion
    await settled(lambda: dialog.table.records.rowCount() > 0)
    assert dialog.conclusion == "VALID: every part holds."
    assert dialog.table.records.rowCount() == 16
    assert "No bundle can prove by itself" in dialog.notes
    dialog.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert "Signature of the register: holds." in copied
    assert BUNDLE.name in copied


async def test_a_changed_bundle_is_never_valid_and_the_part_is_named(stage: Stage) -> None:
    changed = stage.folder / "changed.zip"
    content = bytearray(await asyncio.to_thread(BUNDLE.read_bytes))
    content[-30_000] ^= 1
    await asyncio.to_thread(changed.write_bytes, bytes(content))
    stage.presenter.verify(BUNDLE)
    dialog = stage.verifying()
    await settled(lambda: dialog.table.records.rowCount() > 0)
    stage.presenter.verify(changed)
    assert dialog is stage.verifying()
    assert "VALID" not in dialog.conclusion
    await settled(lambda: dialog.table.records.rowCount() > 0)
    assert dialog.conclusion.startswith("NOT VALID: the first part that does not hold is “")
    assert "every part holds" not in dialog.conclusion


async def test_a_chain_that_does_not_answer_or_is_not_there_makes_nothing_valid(stage: Stage) -> None:
    stage.presenter.verify(BUNDLE)
    dialog = stage.verifying()
    await settled(lambda: dialog.table.records.rowCount() > 0)
    dialog.chain_button.click()
    await settled(lambda: dialog.error_panel.isVisible())
    assert dialog.conclusion == "Not verified"
    stage.rpc_url = "http://127.0.0.1:1"
    stage.presenter.verify(BUNDLE, asks_chain=True)
    await settled(lambda: dialog.table.records.rowCount() > 0)
    assert dialog.conclusion.startswith("NOT KNOWN")
    assert stage.evidence.asked[-1] == (BUNDLE, "http://127.0.0.1:1")


async def test_a_file_that_cannot_be_read_is_told(stage: Stage) -> None:
    stage.presenter.verify(stage.folder / "missing.zip")
    dialog = stage.verifying()
    await settled(lambda: dialog.error_panel.isVisible())
    assert dialog.conclusion == "Not verified"
    dialog.another_button.click()
    (chooser,) = dialog.findChildren(QFileDialog)
    chooser.filesSelected.emit([str(BUNDLE)])
    chooser.close()
    await settled(lambda: dialog.conclusion == "VALID: every part holds.")


async def test_a_bundle_is_dropped_on_the_cards(stage: Stage) -> None:
    drop_files(stage.view.grid.viewport(), BUNDLE)
    await settled(lambda: stage.verifying().conclusion == "VALID: every part holds.")
