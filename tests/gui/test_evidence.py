"""Evidence in the window: bundles and certificates of one card, of several, of all; and the verdict on a bundle."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog

from ipnft_desktop.domain.assets import AssetPage, AssetQuery, PageAnchor
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.evidence import EvidenceBundle, EvidenceOrigin, EvidenceOutcome, evidence_file_name
from ipnft_desktop.services.long_work import LongWork, OnShare
from ipnft_desktop.ui.evidence.export_dialog import ExportEvidenceDialog, Scope
from ipnft_desktop.ui.evidence.presenter import EvidencePresenter
from ipnft_desktop.ui.evidence.verify_dialog import VerifyDialog
from ipnft_desktop.ui.gallery.view import GalleryView
from ipnft_desktop.ui.open_dialogs import leave_dialogs
from ipnft_desktop.ui.theme.tokens import Ink
from ipnft_verify.canonical import parsed
from ipnft_verify.manifest import MANIFEST
from ipnft_verify.report import Finding, Part, Report, Verdict
from ipnft_verify.verify import verify_file
from tests.gui.support.dropping import drop_files
from tests.gui.support.nft_examples import WALLET, a_minted_asset, row_of
from tests.gui.support.waiting import settled, turns
from tests.support.evidence_forging import FORGER, signed_anew
from tests.support.evidence_world import entries_of
from tests.support.views.no_pictures import no_pictures

HOLDS = "THE EVIDENCE HOLDS: every part agrees."
BUNDLE = Path(__file__).parents[1] / "support" / "evidence" / "format-1.evidence.zip"
ASSETS = [a_minted_asset(number, f"Asset {number}") for number in range(1, 5)]


@dataclass
class ScriptedEvidence:
    """Copies one real bundle for each asset; the second one fails; waits at the gate before the third."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[tuple[Path, str | None]] = field(default_factory=list[tuple[Path, "str | None"]])
    signers: list[str | None] = field(default_factory=list["str | None"])
    held: dict[Path, asyncio.Event] = field(default_factory=dict[Path, asyncio.Event])
    """Files whose judgement waits."""
    ours: EvidenceOrigin | None = None

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

    async def verify(
        self, file: Path, *, rpc_url: str | None = None, signer: str | None = None, on_share: OnShare | None = None
    ) -> Report:
        self.asked.append((file, rpc_url))
        self.signers.append(signer)
        if file in self.held:
            await self.held[file].wait()
        work = LongWork(on_share)
        try:
            return await work.run(lambda: verify_file(file, rpc_url=rpc_url, signer=signer, on_share=work.report))
        except OSError as error:
            raise UserError(ErrorCode.EVIDENCE_UNREADABLE, str(error)) from error

    async def origin(self, report: Report) -> EvidenceOrigin | None:
        return None if self.ours is None else replace(self.ours, is_contract_ours=True if report.subject else None)


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
    assert "HOLDS" not in dialog.conclusion
    await settled(lambda: dialog.table.records.rowCount() > 0)
    assert dialog.conclusion == HOLDS
    assert "was valid at block" in dialog.standing
    assert "Frequency hopping radio" in dialog.subject
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
    assert "HOLDS" not in dialog.conclusion
    await settled(lambda: dialog.table.records.rowCount() > 0)
    assert dialog.conclusion.startswith("THE EVIDENCE DOES NOT HOLD: the first part that does not is “")
    assert HOLDS not in dialog.conclusion
    assert not dialog.standing


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
    await settled(lambda: dialog.conclusion == HOLDS)


async def test_a_bundle_is_dropped_on_the_cards(stage: Stage) -> None:
    drop_files(stage.view.grid.viewport(), BUNDLE)
    await settled(lambda: stage.verifying().conclusion == HOLDS)


async def test_closed_while_it_judges_nothing_is_told_and_nothing_goes_on(stage: Stage) -> None:
    notices: list[str] = []
    stage.presenter.notice.connect(lambda text, _tone: notices.append(text))
    gate = stage.evidence.held[BUNDLE] = asyncio.Event()
    stage.presenter.verify(BUNDLE)
    await settled(lambda: bool(stage.evidence.asked))
    stage.verifying().close_button.click()
    await settled(lambda: not stage.presenter.is_verifying)
    gate.set()
    await turns(20)
    assert notices == []


async def test_a_judgement_that_takes_long_ends_when_its_dialog_closes(stage: Stage) -> None:
    """The thread is within the bundle, not before it: it hears of the end at its next step."""
    steps = 0
    loop = asyncio.get_running_loop()
    inside, ended = asyncio.Event(), asyncio.Event()
    verify = stage.evidence.verify

    async def endless(file: Path, *, on_share: OnShare | None = None, **_told: str | None) -> Report:
        work = LongWork(on_share)

        def judge() -> None:
            nonlocal steps
            try:
                while True:
                    work.report(0.5)
                    steps += 1
                    loop.call_soon_threadsafe(inside.set)
                    time.sleep(0.001)
            finally:
                loop.call_soon_threadsafe(ended.set)

        await work.run(judge)
        return await verify(file)

    stage.evidence.verify = endless  # type: ignore[method-assign]
    stage.presenter.verify(BUNDLE)
    await inside.wait()
    await settled(lambda: stage.verifying().bar.value() == 50)
    stage.verifying().close_button.click()
    await ended.wait()
    assert steps > 0
    await settled(lambda: not stage.presenter.is_verifying)


async def test_a_late_report_never_heads_another_file(stage: Stage) -> None:
    forged = stage.folder / "forged.zip"
    content = await asyncio.to_thread(BUNDLE.read_bytes)
    await asyncio.to_thread(forged.write_bytes, content[:-100] + b"x" * 100)
    gate = stage.evidence.held[BUNDLE] = asyncio.Event()
    stage.presenter.verify(BUNDLE)
    await settled(lambda: bool(stage.evidence.asked))
    dialog = stage.verifying()
    stage.presenter.verify(forged)
    await settled(lambda: dialog.report is not None)
    told = dialog.conclusion
    gate.set()
    await turns(50)
    assert dialog.conclusion == told
    assert "DOES NOT HOLD" in told


@pytest.mark.parametrize(("validity", "ink"), [("SUSPENDED", Ink.WARN), ("REVOKED", Ink.ERROR)])
async def test_a_certificate_in_force_no_more_is_not_headed_green(stage: Stage, validity: str, ink: Ink) -> None:
    stage.presenter.verify(BUNDLE)
    dialog = stage.verifying()
    await settled(lambda: dialog.report is not None)
    report = dialog.report
    assert report is not None
    assert report.subject is not None
    assert dialog._conclusion.property("ink") == Ink.OK.value
    dialog.show_report(Report(report.findings, (), {**report.subject, "validity": validity}))
    assert dialog.conclusion == HOLDS
    assert dialog._conclusion.property("ink") == Ink.FG.value
    assert dialog._standing.property("ink") == ink.value
    assert validity in dialog.standing
    since = Finding(Part.CHAIN, Verdict.HOLDS, "validity_now", {"then": "VALID", "now": validity})
    agreed = Finding(Part.CHAIN, Verdict.HOLDS, "chain_agrees", {"number": "1"})
    dialog.show_report(Report((*report.findings, agreed), (since,), report.subject))
    assert dialog.standing == f"The certificate is {validity} now, as the chain says."
    assert dialog._standing.property("ink") == ink.value


async def test_every_hash_can_be_read_whole_and_copied(stage: Stage) -> None:
    stage.presenter.verify(BUNDLE)
    dialog = stage.verifying()
    await settled(lambda: dialog.report is not None)
    assert dialog.report is not None
    subject = dialog.report.subject
    assert subject is not None
    for name in ("block_hash", "state_hash", "signer"):
        assert subject[name] in dialog.notes
    assert "--rpc" not in dialog.notes
    dialog.table.select(Part.BLOCK)
    assert subject["block_hash"] in dialog.reading
    dialog._reading.selectAll()
    dialog._reading.copy()
    assert subject["block_hash"] in QGuiApplication.clipboard().text()


async def test_an_account_that_this_register_had_is_offered_and_others_are_not(stage: Stage) -> None:
    """The key was replaced since the mint: the bundle is signed by another account of the same register."""
    other = stage.folder / "other.zip"
    entries = entries_of(await asyncio.to_thread(BUNDLE.read_bytes))
    content = signed_anew(entries, parsed(entries[MANIFEST]))
    await asyncio.to_thread(other.write_bytes, content)
    stage.evidence.ours = EvidenceOrigin(FORGER.address, None, False)
    stage.presenter.verify(other)
    dialog = stage.verifying()
    await settled(lambda: dialog.report is not None)
    assert not dialog.signer_button.isVisible()
    assert "is no account that is known" in dialog.notes
    stage.evidence.ours = EvidenceOrigin(FORGER.address, None, True)
    stage.presenter.verify(other)
    await settled(lambda: dialog.report is not None)
    assert "DOES NOT HOLD" in dialog.conclusion
    dialog.signer_button.click()
    await settled(lambda: dialog.report is not None)
    assert stage.evidence.signers == [None, None, FORGER.address]
    assert dialog.conclusion == HOLDS
    assert not dialog.signer_button.isVisible()
    assert "The contract is the one" in dialog.notes


async def test_thousands_of_outcomes_are_added_and_not_shown_anew(stage: Stage) -> None:
    stage.view.panel.evidence_button.click()
    dialog = stage.exporting()
    ids = [UUID(int=number) for number in range(300)]
    dialog.show_names({one: f"Asset {one.int % 7}" for one in ids})
    resets: list[None] = []
    outcomes: list[EvidenceOutcome] = []
    for number, one in enumerate(ids):
        bundle = EvidenceBundle(one, Path(f"{number}.zip"), 1, "4b" * 32, WALLET, number != 3, True)
        outcomes.append(EvidenceOutcome(one, bundle))
        dialog.show_outcomes(outcomes, len(ids))
        if number == 0:
            dialog.table.records.modelReset.connect(lambda: resets.append(None))
    assert resets == []
    model = dialog.table.records
    names = [model.index(line, 0).data() for line in range(model.rowCount())]
    assert names == [f"Asset {kind}" for kind in range(7) for one in ids if one.int % 7 == kind]
    results = [model.index(line, 1).data() for line in range(model.rowCount())]
    assert f"3.zip; signed by another account than the mint's: --signer {WALLET}" in results
    dialog.show_names({ids[0]: "Asset"})
    assert model.rowCount() == 0
    dialog.reject()
