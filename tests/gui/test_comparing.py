"""Verifying all that is listed, and the tab of the reconciliation: from a click to what the services are asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton

from ipnft_desktop.domain.asset_changes import contents_of, differences
from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, FieldProblem, ProblemKind, ValidationFailed
from ipnft_desktop.domain.people import Role, User
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.reconciliation import UNDOABLE, Cause, Finding, ReconciliationRun, Repair
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.bulk_verification import AssetVerdict, OnVerdicts
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.services.repair_parts import RepairPreview
from ipnft_desktop.services.verified_facts import VerifiedFact, VerifiedField, Witness
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.admin import repair_dialog
from ipnft_desktop.ui.admin.findings_presenter import FindingsPresenter
from ipnft_desktop.ui.admin.findings_tab import FindingsTab
from ipnft_desktop.ui.admin.repair_dialog import RepairDialog
from ipnft_desktop.ui.gallery.verify_all_presenter import VerifyAllPresenter
from ipnft_desktop.ui.gallery.view import GalleryView
from ipnft_desktop.ui.widgets.cause_words import cause_name, repair_name, repair_sentence
from ipnft_desktop.ui.widgets.toast import ToastStack
from tests.gui.support.waiting import settled
from tests.support import samples

AT = datetime(2026, 11, 23, tzinfo=UTC)
SOUND = VerifiedFact(VerifiedField.OWNER, "a", Witness.CHAIN, "a")
MOVED = replace(SOUND, witnessed="b", cause=Cause.OWNER_MOVED)
VERDICTS = (
    AssetVerdict(UUID(int=1), "Agrees", (SOUND,)),
    AssetVerdict(UUID(int=2), "Moved", (MOVED,)),
    AssetVerdict(UUID(int=3), "Another", (SOUND,)),
)
OWNER = Finding(Cause.OWNER_MOVED, "0xa", "0xb", UUID(int=2), "Moved", 2)
STRANGER = Finding(Cause.STRANGE_TOKEN, "", "0xb", token_id=9)
LOST = Finding(Cause.FILE_MISSING, "4b", "", UUID(int=2), "Moved", 2, "score.pdf")


class Comparisons:
    """The services as the window sees them; `gate` holds a comparison up."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.fault: Exception | None = None
        self.run = ReconciliationRun(AT, False, 3, 4, (OWNER, STRANGER, LOST))
        self.has_run = True

    async def verify(
        self, asset_ids: Sequence[UUID], work: LongWork, tell: OnVerdicts | None = None
    ) -> tuple[AssetVerdict, ...]:
        self.asked.append(tuple(asset_ids))
        return await self._verified(work, tell)

    async def verify_listed(
        self,
        query: AssetQuery,
        work: LongWork,
        tell: OnVerdicts | None = None,
        spans: Sequence[tuple[int, int]] = (),
    ) -> tuple[AssetVerdict, ...]:
        self.asked.append(query)
        return await self._verified(work, tell)

    async def _verified(self, work: LongWork, tell: OnVerdicts | None) -> tuple[AssetVerdict, ...]:
        await self._wait(work)
        assert tell is not None
        tell(VERDICTS)
        return VERDICTS

    async def latest(self) -> ReconciliationRun | None:
        return self.run if self.has_run else None

    async def reconcile(self, work: LongWork) -> ReconciliationRun:
        self.asked.append("reconcile")
        await self._wait(work)
        self.has_run = True
        return self.run

    async def preview(self, finding: Finding) -> RepairPreview:
        if self.fault:
            raise self.fault
        is_lost = finding.repair is Repair.RESTORE_FILE
        return RepairPreview(
            finding,
            finding.repair,
            finding.register,
            finding.found,
            is_undoable=not is_lost,
            takes_file=is_lost,
            needs_file=is_lost,
        )

    async def repair(self, finding: Finding, reason: str = "", file: Path | None = None) -> ReconciliationRun:
        if finding.repair is Repair.IGNORE and not reason:
            raise ValidationFailed((FieldProblem("reason", ProblemKind.REQUIRED),))
        if file is not None and file.name != "score.pdf":
            raise ValidationFailed((FieldProblem("file", ProblemKind.ANOTHER_FILE, file.name),))
        self.asked.append((finding, reason) if file is None else (finding, file))
        self.run = replace(self.run, findings=tuple(each for each in self.run.findings if each != finding))
        return self.run

    async def undo(self, finding: Finding) -> ReconciliationRun:
        self.run = replace(self.run, findings=(finding, *self.run.findings))
        return self.run

    async def verdicts(
        self, verdicts: Sequence[AssetVerdict], sheet_format: SheetFormat, target: Path, work: LongWork
    ) -> int:
        self.asked.append((len(verdicts), sheet_format, target))
        return len(verdicts)

    async def findings(
        self, findings: Sequence[Finding], sheet_format: SheetFormat, target: Path, work: LongWork
    ) -> int:
        self.asked.append((len(findings), sheet_format, target))
        return len(findings)

    async def _wait(self, work: LongWork) -> None:
        await self.gate.wait()
        if self.fault:
            raise self.fault
        work.report(1.0)


@pytest.fixture
async def all_listed() -> AsyncIterator[tuple[GalleryView, VerifyAllPresenter, Comparisons]]:
    services, view = Comparisons(), GalleryView()
    presenter = VerifyAllPresenter(view, services, services)
    yield view, presenter, services
    await presenter.close()
    view.deleteLater()


async def test_all_that_is_listed_is_verified_with_the_red_ones_first(
    all_listed: tuple[GalleryView, VerifyAllPresenter, Comparisons],
) -> None:
    view, presenter, services = all_listed
    view.search.setText("vase")
    presenter.open(view.to_verify)
    dialog = presenter.dialog
    assert dialog is not None
    assert dialog.stop_button.isVisibleTo(dialog)
    await settled(lambda: bool(not presenter.is_working))
    assert [query.text for query in services.asked if isinstance(query, AssetQuery)] == ["vase"]
    rows = [dialog.table.records.record_at(row) for row in range(3)]
    assert [row.verdict.name for row in rows if row] == ["Moved", "Agrees", "Another"]
    assert "1" in dialog.summary.text()
    assert not dialog.stop_button.isVisibleTo(dialog)

    dialog.only_red.setChecked(True)
    assert dialog.table.records.rowCount() == 1
    dialog.only_red.setChecked(False)
    dialog.table.search(cause_name(Cause.OWNER_MOVED))
    assert dialog.table.records.rowCount() == 1

    opened: list[object] = []
    view.card_requested.connect(opened.append)
    dialog.table.select(UUID(int=2))
    dialog.table.opened.emit()
    assert opened == [UUID(int=2)]
    presenter.open(view.to_verify)
    assert presenter.dialog is dialog, "one dialog at a time"


async def test_it_is_stopped_and_begun_again(
    all_listed: tuple[GalleryView, VerifyAllPresenter, Comparisons],
) -> None:
    view, presenter, services = all_listed
    services.gate.clear()
    presenter.open(view.to_verify)
    dialog = presenter.dialog
    assert dialog is not None
    await settled(lambda: bool(services.asked))
    dialog.stop_button.click()
    services.gate.set()
    await settled(lambda: bool(not presenter.is_working))
    assert dialog.verdicts == ()
    assert not dialog.export_button.isEnabled()
    dialog.again_button.click()
    await settled(lambda: bool(dialog.verdicts))
    assert dialog.export_button.isEnabled()


async def test_what_ends_after_its_dialog_is_no_matter_of_the_next(
    all_listed: tuple[GalleryView, VerifyAllPresenter, Comparisons],
) -> None:
    view, presenter, services = all_listed
    services.gate.clear()
    presenter.open(view.to_verify)
    first = presenter.dialog
    assert first is not None
    first.reject()
    assert not first.isVisible()
    presenter.open(view.to_verify)
    second = presenter.dialog
    assert second is not None
    services.fault = EnvironmentFault(ErrorCode.NODE_UNREACHABLE)
    await settled(lambda: len(services.asked) == 2)
    services.gate.set()
    await settled(lambda: not presenter.is_working)
    assert second.error_panel.isVisible()  # its own
    services.fault = None
    services.gate.clear()
    second.reject()
    presenter.open(view.to_verify)
    assert presenter.dialog is not None
    presenter.dialog.reject()
    presenter.open(view.to_verify)
    third = presenter.dialog
    assert third is not None
    services.gate.set()
    await settled(lambda: not presenter.is_working)
    assert (third.verdicts, third.error_panel.isVisible()) == (VERDICTS, False)


async def test_a_fault_is_told_in_the_dialog(
    all_listed: tuple[GalleryView, VerifyAllPresenter, Comparisons],
) -> None:
    view, presenter, services = all_listed
    services.fault = EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "gone")
    presenter.open(view.to_verify)
    dialog = presenter.dialog
    assert dialog is not None
    await settled(lambda: bool(not presenter.is_working))
    assert dialog.error_panel.isVisibleTo(dialog)


async def test_verdicts_are_exported(
    all_listed: tuple[GalleryView, VerifyAllPresenter, Comparisons], tmp_path: Path
) -> None:
    view, presenter, services = all_listed
    told: list[str] = []
    presenter.notice.connect(lambda text, _tone: told.append(text))
    presenter.open(view.to_verify)
    await settled(lambda: bool(not presenter.is_working))
    presenter.write(tmp_path / "verdicts.json")
    await settled(lambda: bool(told))
    assert services.asked[-1] == (3, SheetFormat.JSON, tmp_path / "verdicts.json")


@pytest.fixture
async def tab() -> AsyncIterator[tuple[FindingsTab, FindingsPresenter, Comparisons]]:
    access, services = Access(), Comparisons()
    access.follow(User(UUID(int=1), "ada", "Ada", Role.ADMIN, AT))
    view = FindingsTab(access)
    access.setParent(view)
    toasts = ToastStack(view)
    presenter = FindingsPresenter(view, services, services, services, toasts)
    presenter.activate()
    await settled(lambda: bool(not presenter.is_reading))
    yield view, presenter, services
    await presenter.close()
    view.deleteLater()


Tab = tuple[FindingsTab, FindingsPresenter, Comparisons]


async def test_the_last_run_is_listed_and_narrowed(tab: Tab) -> None:
    view, _presenter, _services = tab
    assert view.table.records.rowCount() == 3
    view.kind.setCurrentIndex(view.kind.findData(Cause.STRANGE_TOKEN))
    assert view.shown == (STRANGER,)
    assert view.table.records.rowCount() == 1
    view.kind.setCurrentIndex(0)
    for finding in (LOST, OWNER):
        view.table.select(finding.key)
        assert view.repair_button.isEnabled()


async def test_a_repair_is_previewed_done_and_taken_back(tab: Tab) -> None:
    view, presenter, services = tab
    view.table.select(OWNER.key)
    view.repair_button.click()
    await settled(lambda: bool(presenter.dialog))
    assert not [asked for asked in services.asked if isinstance(asked, tuple)], "a preview does nothing"
    dialog = presenter.dialog
    assert isinstance(dialog, RepairDialog)
    dialog.submit_button.click()
    await settled(lambda: bool(presenter.dialog is None and len(view.findings) == 2))
    assert services.asked == [(OWNER, "")]
    undo = [button for button in view.findChildren(QPushButton) if button.text() == "Undo"]
    undo[-1].click()
    await settled(lambda: bool(len(view.findings) == 3))


async def test_ignoring_takes_a_reason(tab: Tab) -> None:
    view, presenter, services = tab
    view.table.select(STRANGER.key)
    view.repair_button.click()
    await settled(lambda: bool(presenter.dialog))
    dialog = presenter.dialog
    assert isinstance(dialog, RepairDialog)
    dialog.submit_button.click()
    await settled(lambda: bool(not dialog.is_busy and dialog.fields["reason"].error))
    dialog.fields["reason"].editor.setText("minted by the former register")  # type: ignore[attr-defined]
    dialog.submit_button.click()
    await settled(lambda: bool(presenter.dialog is None))
    assert services.asked == [(STRANGER, "minted by the former register")]


async def test_a_lost_file_is_given_again(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    view, presenter, services = tab
    view.table.select(LOST.key)
    view.repair_button.click()
    await settled(lambda: bool(presenter.dialog))
    dialog = presenter.dialog
    assert isinstance(dialog, RepairDialog)
    assert not dialog.is_dirty
    dialog.submit_button.click()
    assert dialog.fields["file"].error, "nobody else has it"
    assert services.asked == []
    chosen = [Path("/tmp/other.pdf"), Path("/tmp/score.pdf")]

    def choose(_parent: object, _title: str, use: Callable[[Sequence[Path]], object], *, several: bool) -> None:
        assert not several
        use([chosen.pop(0)])

    monkeypatch.setattr(repair_dialog, "ask_for_files", choose)
    dialog.browse_button.click()
    assert (dialog.file, dialog.fields["file"].error, dialog.is_dirty) == (Path("/tmp/other.pdf"), "", True)
    dialog.submit_button.click()
    await settled(lambda: bool(not dialog.is_busy and dialog.fields["file"].error))
    assert "other.pdf" in dialog.fields["file"].error
    dialog.browse_button.click()
    dialog.submit_button.click()
    await settled(lambda: bool(presenter.dialog is None and len(view.findings) == 2))
    assert services.asked == [(LOST, Path("/tmp/score.pdf"))]


@pytest.mark.parametrize("cause", list(Cause))
def test_what_each_repair_would_change_is_shown(cause: Cause) -> None:
    finding = Finding(cause, "what stands there", "what is there", UUID(int=2), "Moved", 2, "score.pdf")
    told = phrase("It comes from {where}.", where=phrase("the checkpoint {name}", name="Before"))
    is_undoable = finding.repair in UNDOABLE
    preview = RepairPreview(finding, finding.repair, "from this", "to that", is_undoable=is_undoable, told=told)
    dialog = RepairDialog(preview)
    assert dialog.windowTitle() == cause_name(cause)
    assert dialog.submit_button.text() == repair_name(finding.repair)
    said = {part.text() for part in dialog.findChildren(QLabel)} | {
        part.text() for part in dialog.findChildren(QAbstractButton)
    }
    assert {"It comes from the checkpoint Before.", repair_sentence(finding.repair), "Moved · score.pdf"} <= said
    assert any("from this" in text for text in said)
    assert any("to that" in text for text in said)
    assert ("It can be taken back." in said) is is_undoable
    dialog.deleteLater()


def test_two_addresses_of_metadata_can_be_told_apart() -> None:
    finding = Finding(Cause.URI_DIFFERS, "", "", UUID(int=2), "Moved", 2)
    uris = [f"ipfs://{samples.cid(name)}/{UUID(int=2)}.json" for name in ("one", "other")]
    dialog = RepairDialog(RepairPreview(finding, finding.repair, *uris, is_undoable=True))
    shown = {part.text() for part in dialog.findChildren(QLabel) if part.text().startswith("ipfs:")}
    shown |= {part.text() for part in dialog.findChildren(QAbstractButton) if part.text().startswith("ipfs:")}
    assert len(shown) == 2
    dialog.deleteLater()


def test_fields_are_shown_from_and_to() -> None:
    owner, other = samples.enterprise(), samples.enterprise(name="Borealis")
    file = samples.attachment()
    before = samples.asset(owner, attachments=(file,), custom_fields={})
    after = replace(
        before,
        name="Another",
        enterprise=other,
        attachments=(replace(file, cid=samples.cid("other")),),
        custom_fields={f"Field {number:02}": "x" for number in range(12)},
    )
    finding = Finding(Cause.RECORD_CHANGED, "a", "b", before.asset_id, before.name, before.asset_id.int)
    present = contents_of(before)
    preview = RepairPreview(
        finding,
        finding.repair,
        "a",
        "b",
        is_undoable=True,
        fields=differences(present, present, contents_of(after)),
        enterprises={each.enterprise_id: each.name for each in (owner, other)},
    )
    dialog = RepairDialog(preview)
    said = {part.text() for part in dialog.findChildren(QLabel)}
    assert {f"{before.name} → Another", f"{owner.name} → Borealis", "– → x"} <= said
    assert "5 more fields" in said
    few = RepairDialog(replace(preview, fields=preview.fields[-1:]))
    files = [part.text() for part in few.findChildren(QLabel) if "1234" in part.text()]
    assert (len(files), len(set(files))) == (2, 2), "of a file that is called the same, what tells the two apart"
    for each in (dialog, few):
        each.deleteLater()


async def test_a_run_begins_by_a_click_and_can_be_stopped(tab: Tab) -> None:
    view, presenter, services = tab
    services.gate.clear()
    view.run_button.click()
    await settled(lambda: bool(presenter.is_working))
    assert view.stop_button.isVisibleTo(view)
    assert not view.run_button.isEnabled()
    view.stop_button.click()
    services.fault = WorkCancelled()
    services.gate.set()
    await settled(lambda: bool(not presenter.is_working))
    assert view.run_button.isEnabled()


async def test_a_refusal_stands_under_the_table(tab: Tab) -> None:
    view, presenter, services = tab
    services.fault = EnvironmentFault(ErrorCode.CONTENT_MISMATCH, "changed since")
    view.table.select(OWNER.key)
    view.repair_button.click()
    await settled(lambda: bool(view.error_panel.isVisibleTo(view)))
    assert presenter.dialog is None
