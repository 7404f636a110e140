"""The doctor's dialog over the real doctor and a scripted machine: rows, remedies, questions, report, roles."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow

from ipnft_desktop.domain.people import Role, User
from ipnft_desktop.services.backup_keeper import BackupFile, BackupReason, KeptBecause
from ipnft_desktop.services.doctor.findings import CheckKey, Level
from ipnft_desktop.services.doctor.ports import Leftover, PortUse
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.commands.registry import commands_of
from ipnft_desktop.ui.doctor.dialog import DoctorDialog
from ipnft_desktop.ui.doctor.presenter import DoctorPresenter
from ipnft_desktop.ui.doctor.row import CheckRow
from ipnft_desktop.ui.widgets.buttons import Button
from tests.gui.support.waiting import settled
from tests.support import samples
from tests.support.scripted_machine import MB, NOON, ORPHAN, STRANGER, ScriptedMachine

BACKUP = BackupFile("b.db", 300 * MB, NOON - timedelta(hours=3), "0004", BackupReason.AUTOMATIC, KeptBecause.RECENT)


@dataclass
class Surgery:
    window: QMainWindow
    machine: ScriptedMachine
    presenter: DoctorPresenter
    access: Access
    notices: list[str] = field(default_factory=list[str])
    folders: list[Path] = field(default_factory=list[Path])

    async def opened(self) -> DoctorDialog:
        """The dialog, once everything was looked at."""
        self.presenter.open()
        dialog = self.presenter.dialog
        assert dialog is not None
        await self.looked(dialog)
        return dialog

    async def looked(self, dialog: DoctorDialog) -> None:
        await settled(dialog.again_button.isEnabled)


@pytest.fixture
async def surgery(qapp: QApplication) -> AsyncIterator[Surgery]:
    window, machine = QMainWindow(), ScriptedMachine(backups=[BACKUP])
    access, folders = Access(window), list[Path]()
    doctor = machine.doctor()
    presenter = DoctorPresenter(window, doctor, access, folders.append)
    made = Surgery(window, machine, presenter, access, folders=folders)
    presenter.notice.connect(lambda text, _tone: made.notices.append(text))
    yield made
    await presenter.close()
    await doctor.close()
    window.close()
    window.deleteLater()


def button(row: CheckRow, text: str) -> Button:
    (found,) = [each for each, _ in row.buttons if each.text() == text]
    return found


async def test_it_looks_at_once_and_sums_up(surgery: Surgery) -> None:
    dialog = await surgery.opened()
    assert not dialog.isModal()
    assert dialog.summary == "18 good"
    assert set(dialog.rows) == set(CheckKey)
    assert all(row.finding is not None and row.finding.level is Level.OK for row in dialog.rows.values())
    assert dialog.rows[CheckKey.DISK].accessibleName() == "Disk space, Good: 80.0 GB of 250.0 GB are free."
    surgery.presenter.open()
    assert surgery.presenter.dialog is dialog, "one is enough"


async def test_what_is_wrong_stands_first_and_goes_back_when_mended(surgery: Surgery) -> None:
    surgery.machine.damaged.append(Leftover(Path("register.damaged-1.db"), MB))
    surgery.machine.loopback = "refused"
    dialog = await surgery.opened()
    dialog.show()
    assert dialog.summary == "16 good, 1 to look at, 1 wrong"
    order = sorted(dialog.rows.values(), key=lambda row: row.mapTo(dialog, row.rect().topLeft()).y())
    assert [row.key for row in order[:3]] == [CheckKey.LOOPBACK, CheckKey.LEFTOVERS, CheckKey.VERSIONS]
    surgery.machine.loopback = ""
    dialog.again_button.click()
    assert not dialog.again_button.isEnabled()
    await surgery.looked(dialog)
    assert dialog.summary == "17 good, 1 to look at"


async def test_what_cannot_be_undone_is_asked_first(surgery: Surgery) -> None:
    surgery.machine.orphans = [ORPHAN]
    dialog = await surgery.opened()
    row = dialog.rows[CheckKey.ORPHANS]
    button(row, "End it").click()
    assert row.question is not None
    assert "PID 4712" in row.question.accessibleName()
    row.question.decline_button.click()
    assert surgery.machine.orphans == [ORPHAN]
    button(row, "End it").click()
    row.question.confirm_button.click()
    await settled(lambda: not surgery.machine.orphans)
    await settled(lambda: dialog.summary == "18 good")
    assert surgery.notices == ["Processes ended: 1"]
    assert row.question is None


async def test_another_port_is_one_press(surgery: Surgery) -> None:
    surgery.machine.port = PortUse(False, STRANGER)
    dialog = await surgery.opened()
    row = dialog.rows[CheckKey.NODE_PORT]
    assert row.text == "Port 18545 is used by python3, PID 4711, user anna: python3 server.py"
    button(row, "Use port 18546").click()
    await settled(lambda: surgery.machine.kept == [18546])
    await settled(dialog.again_button.isEnabled)
    assert surgery.notices == ["The next start of the node uses port 18546."]


async def test_a_remedy_that_fails_says_why_beside_its_check(surgery: Surgery) -> None:
    surgery.machine.libraries, surgery.machine.has_network = {"pypdfium2": "no DLL"}, False
    dialog = await surgery.opened()
    row = dialog.rows[CheckKey.LIBRARIES]
    button(row, "Install again").click()
    await settled(lambda: row.error_code == "REMEDY_FAILED")
    assert button(row, "Install again").isEnabled()
    surgery.machine.has_network = True
    button(row, "Install again").click()
    await settled(lambda: dialog.summary == "18 good")
    assert row.error_code == ""


async def test_a_remedy_that_breaks_can_be_pressed_again(surgery: Surgery, monkeypatch: pytest.MonkeyPatch) -> None:
    surgery.machine.node_files = "Hardhat is not installed"
    dialog = await surgery.opened()
    row = dialog.rows[CheckKey.NODE_FILES]
    with monkeypatch.context() as broken:
        broken.setattr(surgery.machine, "reinstall_node_packages", lambda: 1 // 0)
        button(row, "Install again").click()
        await settled(lambda: row.error_code == "UNEXPECTED")
    button(row, "Install again").click()
    await settled(lambda: dialog.summary == "18 good")


async def test_the_report_and_the_folder_are_at_hand(surgery: Surgery) -> None:
    dialog = await surgery.opened()
    dialog.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.splitlines()[0].endswith("18 good")
    assert "[good]" in copied
    button(dialog.rows[CheckKey.PROFILE], "Open folder").click()
    assert surgery.folders == [surgery.machine.folder]


async def test_who_may_not_mend_is_told(surgery: Surgery) -> None:
    surgery.machine.orphans = [ORPHAN]
    surgery.access.follow(User(samples.uuid(), "eve", "Eve", Role.VIEWER, NOON))
    dialog = await surgery.opened()
    ending = button(dialog.rows[CheckKey.ORPHANS], "End it")
    assert not ending.isEnabled()
    assert "Viewer" in ending.refusal
    surgery.access.follow(User(samples.uuid(), "ada", "Ada", Role.ADMIN, NOON))
    assert ending.isEnabled()


async def test_closed_while_looking_it_can_be_opened_again(surgery: Surgery) -> None:
    goes_on = threading.Event()
    surgery.machine.sizes = lambda: (goes_on.wait() and surgery.machine.disk) or surgery.machine.disk  # type: ignore[method-assign]
    surgery.presenter.open()
    first = surgery.presenter.dialog
    assert first is not None
    await settled(lambda: CheckKey.MEMORY in first.rows)
    assert first.summary.startswith("Looking…")
    first.close()
    assert surgery.presenter.dialog is None
    goes_on.set()
    assert (await surgery.opened()).summary == "18 good"


async def test_the_command_goes_with_the_presenter(surgery: Surgery) -> None:
    (command,) = [each for each in commands_of(surgery.window) if each.key == "help.doctor check"]
    command.run()
    assert surgery.presenter.dialog is not None
    await surgery.presenter.close()
    assert not [each for each in commands_of(surgery.window) if each.key == "help.doctor check"]
