"""The asset form: what was typed is checked beside its field, stored as it stands, and never lost unasked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.asset_changes import Side
from ipnft_desktop.domain.assets import AgreementType, Asset, Attachment, LicenceTerms
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, FieldProblem, ProblemKind, ValidationFailed
from ipnft_desktop.services.asset_files import FileToAttach
from ipnft_desktop.ui.register.asset_form import AssetForm
from ipnft_desktop.ui.register.conflict_dialog import ConflictDialog
from ipnft_desktop.ui.register.form_presenter import AssetFormPresenter
from ipnft_desktop.ui.register.licence_editor import LicenceEditor
from ipnft_desktop.ui.widgets.text import Text
from tests.gui.register_doubles import ENTERPRISES, MemoryRegister, asset_of, row
from tests.gui.support.dropping import drop_files

_PATIENCE_S = 3.0


class _Desk:
    """A host window with the presenter of the form over a register in memory."""

    def __init__(self) -> None:
        self.register = MemoryRegister([row(1)])
        self.host = QWidget()
        self.host.show()
        self.presenter = AssetFormPresenter(self.host, self.register)
        self.saved: list[UUID] = []
        self.presenter.saved.connect(self.saved.append)

    @property
    def form(self) -> AssetForm:
        assert self.presenter.form is not None
        return self.presenter.form

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(_PATIENCE_S):
            while not holds():  # noqa: ASYNC110 - whatever a person could see, not one event
                await asyncio.sleep(0)

    async def opened(self) -> AssetForm:
        await self.until(lambda: self.presenter.form is not None)
        return self.form

    async def open_filled(self) -> AssetForm:
        self.presenter.create()
        form = await self.opened()
        await self.until(lambda: form.enterprise.count() == len(ENTERPRISES))
        form.name.setText("Perovskite cell")
        form.enterprise.setCurrentIndex(0)
        form.creator_name.setText("Ada Lovelace")
        form.creation_date.setText("2020-02-29")
        return form

    async def close(self) -> None:
        await self.presenter.close()
        self.host.close()
        self.host.deleteLater()


@pytest.fixture
async def desk() -> AsyncIterator[_Desk]:
    opened = _Desk()
    yield opened
    await opened.close()


def _type(edit: QWidget, text: str) -> None:
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)


async def test_a_new_asset_is_stored_as_typed(desk: _Desk) -> None:
    form = await desk.open_filled()
    form.description.setPlainText("Two layers.")
    form.licence.set_terms(LicenceTerms(commercial_use=True, revenue_share_bp=250, expires_on=date(2040, 1, 1)))
    form.custom_fields.set_fields({"office": "EPO"})

    form.save_button.click()
    await desk.until(lambda: desk.saved)

    draft, files, kept = desk.register.stored[0]
    assert (draft.name, draft.creation_date, draft.description) == ("Perovskite cell", "2020-02-29", "Two layers.")
    assert draft.enterprise_id == ENTERPRISES[0].enterprise_id
    assert draft.licence == LicenceTerms(commercial_use=True, revenue_share_bp=250, expires_on=date(2040, 1, 1))
    assert draft.custom_fields == {"office": "EPO"}
    assert (files, kept) == ((), ())
    assert desk.presenter.form is None


async def test_an_empty_form_says_what_is_missing_and_goes_to_the_first(desk: _Desk) -> None:
    desk.presenter.create()
    form = await desk.opened()
    form.activateWindow()

    form.save_button.click()

    wrong = {name for name, field in form.fields.items() if field.error}
    assert wrong == {"name", "creator_name", "creation_date", "enterprise_id"}
    assert form.focusWidget() is form.name
    assert desk.register.stored == []


async def test_a_field_complains_only_once_touched_and_is_checked_live(desk: _Desk) -> None:
    desk.presenter.create()
    form = await desk.opened()
    tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011

    _type(form.creation_date, "19")
    assert form.fields["creation_date"].error == "Write the date as YYYY-MM-DD."
    assert form.fields["name"].error == ""
    _type(form.creation_date, tomorrow.isoformat())
    assert form.fields["creation_date"].error == "The date lies in the future."
    _type(form.creation_date, "1941-06-10")
    assert form.fields["creation_date"].error == ""

    _type(form.name, "x")
    QTest.keyClick(form.name, Qt.Key.Key_Backspace)
    assert form.fields["name"].error == "This field is required."


async def test_what_the_register_refuses_stands_beside_its_field_and_nothing_is_lost(desk: _Desk) -> None:
    form = await desk.open_filled()
    desk.register.failure = ValidationFailed(
        (
            FieldProblem("enterprise_id", ProblemKind.NOT_A_CHOICE),
            FieldProblem("attachments", ProblemKind.FILE_MISSING, "gone.pdf"),
        )
    )

    form.save_button.click()
    await desk.until(lambda: form.fields["attachments"].error)

    assert form.fields["attachments"].error == "There is no such file: gone.pdf"
    assert form.fields["enterprise_id"].error == "Choose one of the listed values."
    assert form.name.text() == "Perovskite cell"
    assert form.save_button.isEnabled()


async def test_after_a_fault_the_form_is_still_there_and_saves(desk: _Desk) -> None:
    form = await desk.open_filled()
    desk.register.failure = EnvironmentFault(ErrorCode.DISK_FULL)
    form.save_button.click()
    await desk.until(lambda: form.error_panel.code == "DISK_FULL")
    assert form.is_dirty

    form.save_button.click()

    await desk.until(lambda: desk.saved)


async def test_an_unforeseen_error_does_not_lock_the_form(desk: _Desk) -> None:
    form = await desk.open_filled()
    desk.register.failure = RuntimeError("boom")  # type: ignore[assignment]

    form.save_button.click()

    await desk.until(lambda: form.error_panel.code == "UNEXPECTED")
    assert form.save_button.isEnabled()


async def test_files_are_added_dropped_marked_and_removed(desk: _Desk, tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("a.pdf", "b.pdf", "c.pdf"))
    for path in (first, second, third):
        path.write_bytes(b"12345678")
    form = await desk.open_filled()
    form.attachments.add_files([first, second])
    drop_files(form.attachments, second, third)
    assert [entry.name for entry in form.attachments.entries] == ["a.pdf", "b.pdf", "c.pdf"]

    grid = form.attachments.layout().itemAt(0).layout()
    grid.itemAtPosition(5, 1).widget().setChecked(True)
    grid.itemAtPosition(5, 0).widget().menu_of_kinds().actions()[2].trigger()
    grid.itemAtPosition(0, 3).widget().click()
    form.save_button.click()
    await desk.until(lambda: desk.saved)

    deed = FileToAttach(third, confidential=True, agreement=AgreementType.ASSIGNMENT)
    assert desk.register.stored[0][1] == (FileToAttach(second), deed)


async def test_files_change_their_order_and_what_is_listed_twice_is_told(desk: _Desk, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    form = await desk.open_filled()
    drop_files(form, tmp_path / "a.pdf", tmp_path / "b.pdf")
    editor = form.attachments
    assert editor.notice.isHidden()
    editor.add_files([tmp_path / "a.pdf", other / "b.pdf"])
    assert editor.notice.text() == "a.pdf is listed already.\nTwo files are called b.pdf."

    grid = editor.layout().itemAt(0).layout()
    assert not grid.itemAtPosition(0, 2).widget().isEnabled()
    grid.itemAtPosition(4, 2).widget().click()
    assert [entry.source for entry in editor.entries] == [tmp_path / "a.pdf", other / "b.pdf", tmp_path / "b.pdf"]


async def test_each_line_says_how_far_its_file_is(desk: _Desk, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.pdf", "b.pdf")]
    for path in paths:
        path.write_bytes(b"12345678")
    form = await desk.open_filled()
    form.attachments.add_files(paths)
    states = [form.attachments.layout().itemAt(0).layout().itemAtPosition(line, 1).widget() for line in (0, 2)]
    assert [state.text() for state in states] == ["new", "new"]
    form.attachments.show_waiting(paths)
    form.attachments.show_progress(paths[0], 42)
    assert [state.text() for state in states] == ["copying 42 %", "waiting"]
    form.attachments.show_progress(paths[0], 100)
    assert states[0].text() == "done"

    desk.register.failure = ValidationFailed((FieldProblem("attachments", ProblemKind.FILE_CHANGED, "b.pdf"),))
    form.save_button.click()
    await desk.until(lambda: form.fields["attachments"].error)
    assert [state.text() for state in states] == ["new", "refused"]
    assert "b.pdf" in form.fields["attachments"].error


async def test_a_dropped_picture_is_previewed_and_stored_as_the_picture(desk: _Desk, tmp_path: Path) -> None:
    picture = tmp_path / "lamp.png"
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    image.save(str(picture))
    form = await desk.open_filled()
    shown = asyncio.Event()
    show = form.image.show_preview
    form.image.show_preview = lambda preview: (show(preview), shown.set())

    drop_files(form.image, picture)
    async with asyncio.timeout(_PATIENCE_S):
        await shown.wait()
    form.save_button.click()
    await desk.until(lambda: desk.saved)

    assert desk.register.stored[0][1] == (FileToAttach(picture, is_image=True),)


async def test_storing_shows_progress_and_can_be_stopped(desk: _Desk, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"12345678")
    form = await desk.open_filled()
    form.attachments.add_files([film])
    desk.register.gate.clear()

    form.save_button.click()
    await desk.until(lambda: form._progress.value() == 50)
    form.reject()
    assert form.isVisible()
    form.cancel_button.click()
    await desk.until(lambda: not form.is_busy)

    assert desk.register.stored == []
    assert form.name.text() == "Perovskite cell"
    assert form.attachments.entries[0].name == "film.mp4"


async def test_escape_asks_before_anything_is_lost(desk: _Desk) -> None:
    form = await desk.open_filled()

    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert form.question.isVisible()
    QTest.keyClick(form.question.decline_button, Qt.Key.Key_Escape)
    assert form.isVisible()
    assert form.name.text() == "Perovskite cell"

    form.cancel_button.click()
    form.question.confirm_button.click()
    assert desk.presenter.form is None


async def test_an_untouched_form_closes_at_once(desk: _Desk) -> None:
    desk.presenter.create()
    form = await desk.opened()
    await desk.until(lambda: form.enterprise.count())

    form.close()

    assert desk.presenter.form is None


async def test_editing_keeps_the_files_that_are_stored(desk: _Desk) -> None:
    picture = Attachment(UUID(int=3), "lamp.png", "image/png", 10, b"", "cid-1", is_image=True)
    paper = Attachment(UUID(int=4), "paper.pdf", "application/pdf", 10, b"", "cid-2", confidential=True)
    asset = asset_of(row(1), attachments=(picture, paper), custom_fields={"a": "b"})
    desk.presenter.edit(asset)
    form = await desk.opened()
    await desk.until(lambda: form.name.text() == "Asset 000001")
    assert (form.is_dirty, form.enterprise.currentText()) == (False, asset.enterprise.name)

    _type(form.name, "Lamp")
    form.save_button.click()
    await desk.until(lambda: desk.saved)

    draft, files, kept = desk.register.stored[0]
    assert (draft.name, draft.enterprise_id) == ("Lamp", asset.enterprise.enterprise_id)
    assert (draft.custom_fields, files, kept) == ({"a": "b"}, (), (picture, paper))


PAPER = Attachment(UUID(int=4), "paper.pdf", "application/pdf", 10, b"", "cid-2")


async def _open_edited(desk: _Desk, asset: Asset) -> AssetForm:
    desk.register.assets[asset.asset_id] = asset
    desk.presenter.edit(asset)
    form = await desk.opened()
    await desk.until(lambda: form.name.text() == asset.name)
    return form


async def test_what_somebody_else_saved_meanwhile_is_shown_beside_and_merged(desk: _Desk, tmp_path: Path) -> None:
    asset = asset_of(row(1), custom_fields={"Office": "EPO"}, attachments=(PAPER,))
    form = await _open_edited(desk, asset)
    _type(form.name, "Mine")
    form.description.setPlainText("Mine too.")
    new = tmp_path / "new.pdf"
    new.write_bytes(b"1")
    form.attachments.add_files([new])
    theirs = replace(asset, version=2, name="Theirs", creator_name="T. Hey", custom_fields={}, attachments=())
    desk.register.assets[asset.asset_id] = theirs

    form.save_button.click()
    await desk.until(lambda: form.findChild(ConflictDialog))
    dialog = form.findChild(ConflictDialog)
    assert dialog.chosen == {
        "name": Side.MINE,
        "description": Side.MINE,
        "creator_name": Side.THEIRS,
        "custom_fields.Office": Side.THEIRS,
        f"attachments.{PAPER.attachment_id}": Side.THEIRS,
    }
    assert "both of you: 1" in " ".join(text.text() for text in dialog.findChildren(Text))
    dialog.choices["name"].setCurrentIndex(1)
    dialog.save_button.click()
    await desk.until(lambda: desk.saved)

    draft, files, kept = desk.register.stored[0]
    assert (draft.name, draft.description, draft.creator_name) == ("Theirs", "Mine too.", "T. Hey")
    assert (draft.custom_fields, kept, [file.path for file in files]) == ({}, (), [new])


async def test_back_from_the_comparison_everything_typed_is_still_there(desk: _Desk) -> None:
    asset = asset_of(row(1))
    form = await _open_edited(desk, asset)
    _type(form.name, "Mine")
    desk.register.assets[asset.asset_id] = replace(asset, version=2, name="Theirs")
    form.save_button.click()
    await desk.until(lambda: form.findChild(ConflictDialog))
    dialog = form.findChild(ConflictDialog)

    dialog.theirs_button.click()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)

    assert form.name.text() == "Mine"
    assert form.isVisible()
    assert desk.register.stored == []


async def test_what_both_typed_alike_needs_no_question(desk: _Desk) -> None:
    asset = asset_of(row(1))
    form = await _open_edited(desk, asset)
    _type(form.name, "Same")
    desk.register.assets[asset.asset_id] = replace(asset, version=2, name="Same")

    form.save_button.click()

    await desk.until(lambda: desk.saved)
    assert desk.register.stored[0][0].name == "Same"


async def test_what_was_typed_for_an_asset_that_was_deleted_becomes_a_new_one(desk: _Desk) -> None:
    form = await _open_edited(desk, asset_of(row(1), attachments=(PAPER,)))
    _type(form.name, "Rescued")
    await desk.register.delete([row(1).asset_id])

    form.save_button.click()
    await desk.until(form.rescue.isVisible)
    assert form.error_panel.code == "ASSET_NOT_FOUND"
    form.rescue.confirm_button.click()
    await desk.until(lambda: desk.saved)

    draft, _, kept = desk.register.stored[0]
    assert (draft.name, kept) == ("Rescued", (PAPER,))
    assert desk.saved != [row(1).asset_id]


async def test_a_duplicate_is_a_new_asset_without_files(desk: _Desk) -> None:
    paper = Attachment(UUID(int=4), "paper.pdf", "application/pdf", 10, b"", "cid-2")
    desk.presenter.duplicate(asset_of(row(1), attachments=(paper,)))
    form = await desk.opened()
    await desk.until(lambda: form.name.text() == "Asset 000001")
    assert "files are not copied" in form.notice.text()

    form.save_button.click()
    await desk.until(lambda: desk.saved)

    assert desk.saved != [row(1).asset_id]
    assert desk.register.stored[0][2] == ()


async def test_only_one_form_is_open_at_a_time(desk: _Desk) -> None:
    form = await desk.open_filled()

    desk.presenter.create()

    assert desk.form is form
    assert form.name.text() == "Perovskite cell"


async def test_own_fields_change_their_order_by_button_and_by_keys(desk: _Desk) -> None:
    form = await desk.open_filled()
    editor = form.custom_fields
    editor.set_fields({"a": "1", "b": "2", "c": "3"})
    assert not editor._lines[0].up_button.isEnabled()

    editor._lines[2].up_button.click()
    await desk.until(lambda: all(line.isVisible() for line in editor._lines) and form.isActiveWindow())
    editor._lines[0].value.setFocus()
    QTest.keyClick(editor._lines[0].value, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    form.save_button.click()
    await desk.until(lambda: desk.saved)

    assert list(desk.register.stored[0][0].custom_fields) == ["c", "a", "b"]


async def test_how_many_own_fields_there_may_be_is_told(desk: _Desk) -> None:
    form = await desk.open_filled()
    editor = form.custom_fields
    editor.set_fields({f"name {number}": "x" for number in range(49)})
    editor.add_button.click()
    assert not editor.add_button.isEnabled()
    assert editor._count.text().startswith("49 of 50")


async def test_a_name_used_twice_is_told(desk: _Desk) -> None:
    form = await desk.open_filled()
    for _ in range(2):
        form.custom_fields.add_button.click()
        QTest.keyClicks(form.focusWidget(), "office")

    form.custom_fields.changed.emit()
    form.save_button.click()

    assert desk.register.stored == []
    assert form.fields["custom_fields"].error == "“office” is used twice."


@pytest.mark.parametrize(
    ("typed", "basis_points"), [("", 0), ("5", 500), ("2.5", 250), ("2,25", 225), ("100", 10_000), (" 7 ", 700)]
)
def test_a_share_in_percent_becomes_basis_points(typed: str, basis_points: int) -> None:
    editor = LicenceEditor()
    editor.share_edit.setText(typed)

    assert editor.problems() == {}
    assert editor.terms().revenue_share_bp == basis_points
    editor.deleteLater()


@pytest.mark.parametrize("typed", ["-1", "100.01", "1.234", "NaN", "inf", "five", "1e999"])
def test_a_share_that_is_none_is_told(typed: str) -> None:
    editor = LicenceEditor()
    editor.share_edit.setText(typed)

    assert editor.share_field.error
    assert editor.summary.text == ""
    editor.deleteLater()


def test_the_terms_are_told_in_plain_words() -> None:
    editor = LicenceEditor()
    editor.set_terms(LicenceTerms(False, True, True, False, 500, date(2030, 12, 31)))

    assert "5 % of the revenue is owed to the creator's side." in editor.summary.text.split("\n")
    editor.summary.language_button.click()
    assert "收入的 5% 归权利人一方。" in editor.summary.text.split("\n")
    assert editor.summary.warnings == ""
    editor.deleteLater()


def test_terms_that_are_seldom_meant_are_pointed_out_and_not_refused() -> None:
    editor = LicenceEditor()
    editor.share_edit.setText("5")
    editor.expiry_edit.setText("1999-12-31")

    assert editor.problems() == {}
    assert editor.summary.warnings.split("\n") == [
        "The licence has ended already.",
        "A share of the revenue is owed, but no commercial use is allowed.",
    ]
    editor.deleteLater()
