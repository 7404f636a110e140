"""The signing key in the window: unlocked, locked, made anew and replaced, over doubles."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from ipnft_desktop.adapters.chain.keystore_files import KeystoreFolder
from ipnft_desktop.adapters.chain.keystore_signer import KeystoreSigner
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.services.key_custody import KeyCustody
from ipnft_desktop.services.session import session_of_the_program
from ipnft_desktop.ui.keys.create_dialog import CreateKeystoreDialog
from ipnft_desktop.ui.keys.key_card import KeyCard, KeyState
from ipnft_desktop.ui.keys.presenter import KeyPresenter
from ipnft_desktop.ui.keys.unlock_dialog import UnlockDialog
from ipnft_desktop.ui.theme.tokens import Tone
from tests.gui.support.waiting import settled, turns
from tests.support import keystores

ADDRESS = "0x9c774352712350b37d9b5b4FA5862f940B595813"
PASSWORD = "correct horse battery"


class ScriptedKey:
    """Opens with one password, unless scripted otherwise; may wait until told."""

    def __init__(self) -> None:
        self.is_locked = True
        self.known_address: str | None = ADDRESS
        self.fault: IpnftError | None = None
        self.gate: asyncio.Event | None = None
        self.tried: list[str] = []

    async def prepare(self) -> None:
        if self.fault:
            raise self.fault

    @property
    def address(self) -> str:
        if self.known_address is None:
            raise UserError(ErrorCode.KEYSTORE_LOCKED)
        return self.known_address

    async def unlock(self, password: str) -> None:
        self.tried.append(password)
        if self.gate:
            await self.gate.wait()
        if self.fault:
            raise self.fault
        if password != PASSWORD:
            raise UserError(ErrorCode.KEYSTORE_WRONG_PASSWORD, "3 attempts are left", attempts_left="3")
        self.is_locked, self.known_address = False, ADDRESS

    def lock(self) -> None:
        self.is_locked = True

    def hear_signatures(self, listener: Callable[[], None]) -> None:
        pass


@dataclass
class ScriptedShelf:
    """Makes files that do not exist."""

    folder: Path = Path("/profile/keystores")
    fault: IpnftError | None = None
    gate: asyncio.Event | None = None
    made_with: list[str] = field(default_factory=list[str])
    imported: list[Path] = field(default_factory=list[Path])

    async def create(self, password: str) -> Path:
        self.made_with.append(password)
        if self.gate:
            await self.gate.wait()
        return self._answer()

    async def import_file(self, source: Path) -> Path:
        self.imported.append(source)
        return self._answer()

    def _answer(self) -> Path:
        if self.fault:
            raise self.fault
        return self.folder / "UTC--2026--9c77"


@dataclass
class OpenCard:
    """The card with everything a test touches."""

    card: KeyCard
    presenter: KeyPresenter
    key: ScriptedKey
    shelf: ScriptedShelf
    chosen: list[Path | None]
    notices: list[tuple[str, Tone]]

    def unlock_dialog(self) -> UnlockDialog:
        self.card.unlock_button.click()
        assert isinstance(self.presenter.dialog, UnlockDialog)
        return self.presenter.dialog

    def create_dialog(self) -> CreateKeystoreDialog:
        self.choose("Create a new key…")
        assert isinstance(self.presenter.dialog, CreateKeystoreDialog)
        return self.presenter.dialog

    def choose(self, text: str) -> None:
        menu = self.card.menu()
        next(action for action in menu.actions() if action.text() == text).trigger()
        menu.close()


def opened(qtbot: QtBot, *, demonstration: bool) -> OpenCard:
    card, key, shelf = KeyCard(), ScriptedKey(), ScriptedShelf()
    qtbot.addWidget(card)
    chosen: list[Path | None] = []
    notices: list[tuple[str, Tone]] = []
    session = session_of_the_program()
    custody = None if demonstration else KeyCustody(key, 900, session, set_alarm=lambda _s, _ring: NoAlarm())
    presenter = KeyPresenter(card, key, shelf, custody, chosen.append)
    presenter.notice.connect(lambda text, tone: notices.append((text, tone)))
    return OpenCard(card, presenter, key, shelf, chosen, notices)


class NoAlarm:
    def cancel(self) -> None:
        pass


@pytest.fixture
async def page(qapp: QApplication, qtbot: QtBot) -> AsyncIterator[OpenCard]:
    page = opened(qtbot, demonstration=False)
    page.card.show()
    page.presenter.activate()
    await settled(lambda: page.card.state is not KeyState.ABSENT)
    yield page
    await page.presenter.close()


@pytest.fixture
async def demonstration(qapp: QApplication, qtbot: QtBot) -> AsyncIterator[OpenCard]:
    page = opened(qtbot, demonstration=True)
    page.presenter.activate()
    await settled(lambda: page.card.state is not KeyState.ABSENT)
    yield page
    await page.presenter.close()


# --- the card ------------------------------------------------------------------------------------------------------


async def test_the_demonstration_key_is_called_by_its_name(demonstration: OpenCard) -> None:
    card = demonstration.card
    assert (card.state, card.address) == (KeyState.DEMONSTRATION, ADDRESS)
    assert "Demonstration key of the local chain" in card.note
    assert not card.unlock_button.isVisibleTo(card)
    assert not card.lock_button.isVisibleTo(card)
    demonstration.presenter.ask_to_unlock()
    assert demonstration.presenter.dialog is None
    assert "Back to the demonstration key" not in [action.text() for action in card.menu().actions()]


async def test_the_card_follows_the_lock(page: OpenCard) -> None:
    assert (page.card.state, page.card.address) == (KeyState.LOCKED, ADDRESS)
    dialog = page.unlock_dialog()
    dialog.unlock_requested.emit(PASSWORD)
    await settled(lambda: page.card.state is KeyState.UNLOCKED)
    assert "15 min" in page.card.note
    page.card.lock_button.click()
    assert (page.card.state, page.key.is_locked) == (KeyState.LOCKED, True)


async def test_an_account_known_after_the_first_unlock_is_shown_then(page: OpenCard) -> None:
    page.key.known_address = None
    page.presenter.activate()
    await settled(lambda: page.card.address == "")
    page.unlock_dialog().unlock_requested.emit(PASSWORD)
    await settled(lambda: page.card.address == ADDRESS)


async def test_a_file_that_is_no_keystore_is_told(page: OpenCard) -> None:
    page.key.fault = UserError(ErrorCode.KEYSTORE_INVALID, "there is no such file: gone.json")
    page.presenter.activate()
    await settled(lambda: "gone.json" in page.card.note)
    assert page.card.address == ""


# --- unlocking -------------------------------------------------------------------------------------------------------


async def test_enter_unlocks(page: OpenCard, qtbot: QtBot) -> None:
    dialog = page.unlock_dialog()
    assert not dialog.unlock_button.isEnabled()
    qtbot.keyClicks(dialog.password, PASSWORD)
    assert dialog.unlock_button.isEnabled()
    qtbot.keyClick(dialog.password, Qt.Key.Key_Return)
    await settled(lambda: page.presenter.dialog is None)
    assert page.key.tried == [PASSWORD]
    assert not page.key.is_locked


async def test_a_wrong_password_is_told_beside_the_field(page: OpenCard, qtbot: QtBot) -> None:
    dialog = page.unlock_dialog()
    qtbot.keyClicks(dialog.password, "wrong")
    dialog.unlock_button.click()
    await settled(lambda: bool(dialog.error))
    assert "3 attempts are left" in dialog.error
    assert dialog.password.accessibleDescription() == dialog.error
    assert dialog.password.selectedText()  # typing again replaces it
    qtbot.keyClicks(dialog.password, PASSWORD)
    assert (dialog.error, dialog.password.text()) == ("", PASSWORD)


async def test_the_last_attempt_is_announced(page: OpenCard) -> None:
    page.key.fault = UserError(ErrorCode.KEYSTORE_WRONG_PASSWORD, attempts_left="1")
    dialog = page.unlock_dialog()
    dialog.unlock_requested.emit("wrong")
    await settled(lambda: "One attempt" in dialog.error)


async def test_72_too_many_attempts_count_down(page: OpenCard, qtbot: QtBot) -> None:
    page.key.fault = UserError(ErrorCode.KEYSTORE_LOCKED, "try again in 65 s", wait_s="65")
    dialog = page.unlock_dialog()
    qtbot.keyClicks(dialog.password, "wrong")
    dialog.unlock_button.click()
    await settled(lambda: dialog.is_waiting)
    assert "1:05" in dialog.error
    assert not dialog.unlock_button.isEnabled()
    qtbot.keyClicks(dialog.password, PASSWORD)
    assert not dialog.unlock_button.isEnabled()
    assert "Too many" in dialog.error
    qtbot.keyClick(dialog.password, Qt.Key.Key_Return)
    await turns()
    assert page.key.tried == ["wrong"]

    dialog.show_refusal(UserError(ErrorCode.KEYSTORE_LOCKED, wait_s="0"))
    assert (dialog.is_waiting, dialog.error) == (False, "")
    assert dialog.unlock_button.isEnabled()


async def test_while_the_password_is_tried_the_dialog_says_so(page: OpenCard, qtbot: QtBot) -> None:
    page.key.gate = asyncio.Event()
    dialog = page.unlock_dialog()
    qtbot.keyClicks(dialog.password, PASSWORD)
    dialog.unlock_button.click()
    await settled(lambda: bool(page.key.tried))
    assert dialog.unlock_button.text() == "Unlocking…"
    assert not dialog.password.isEnabled()
    assert not dialog.unlock_button.isEnabled()
    page.key.gate.set()
    await settled(lambda: page.presenter.dialog is None)


async def test_cancelling_gives_the_attempt_up(page: OpenCard, qtbot: QtBot) -> None:
    page.key.gate = asyncio.Event()
    dialog = page.unlock_dialog()
    qtbot.keyClicks(dialog.password, PASSWORD)
    dialog.unlock_button.click()
    await settled(lambda: bool(page.key.tried))
    dialog.cancel_button.click()
    assert dialog.password.text() == ""
    page.key.gate.set()
    await turns()
    assert page.key.is_locked
    assert page.presenter.dialog is None
    page.key.gate = None
    page.unlock_dialog().unlock_requested.emit(PASSWORD)
    await settled(lambda: not page.key.is_locked)


async def test_asking_twice_opens_one_dialog(page: OpenCard) -> None:
    dialog = page.unlock_dialog()
    page.presenter.ask_to_unlock()
    assert page.presenter.dialog is dialog
    assert dialog.isVisible()


async def test_the_password_can_be_seen_until_it_is_handed_in(page: OpenCard, qtbot: QtBot) -> None:
    dialog = page.unlock_dialog()
    qtbot.keyClicks(dialog.password, "wrong")
    assert not dialog.password.is_seen
    assert dialog.password.eye.accessibleName() == "Show the password"
    dialog.password.eye.click()
    assert dialog.password.is_seen
    assert dialog.password.eye.accessibleName() == "Hide the password"
    dialog.unlock_button.click()
    assert not dialog.password.is_seen
    await settled(lambda: bool(dialog.error))


async def test_the_tab_key_goes_where_the_eye_goes(page: OpenCard) -> None:
    dialog = page.unlock_dialog()
    dialog.password.setText("x")
    assert _tab_chain(dialog.password, 4) == [
        dialog.password,
        dialog.password.eye,
        dialog.cancel_button,
        dialog.unlock_button,
    ]


def _tab_chain(first: QWidget, count: int) -> list[QWidget]:
    chain = [first]
    while len(chain) < count:
        following = chain[-1].nextInFocusChain()
        while following.focusPolicy() is Qt.FocusPolicy.NoFocus:
            following = following.nextInFocusChain()
        chain.append(following)
    return chain


# --- making and choosing keys ---------------------------------------------------------------------------------------


async def test_a_new_key_is_made_and_its_file_shown(page: OpenCard, qtbot: QtBot) -> None:
    dialog = page.create_dialog()
    qtbot.keyClicks(dialog.password, PASSWORD)
    qtbot.keyClick(dialog.password, Qt.Key.Key_Return)
    qtbot.keyClicks(dialog.repeated, PASSWORD)
    qtbot.keyClick(dialog.repeated, Qt.Key.Key_Return)
    await settled(lambda: dialog.is_made)
    file = page.shelf.folder / "UTC--2026--9c77"
    assert (page.shelf.made_with, page.chosen) == ([PASSWORD], [file])
    assert dialog.password.text() == dialog.repeated.text() == ""
    dialog.path.click()
    assert QGuiApplication.clipboard().text() == str(file)
    dialog.done_button.click()
    assert page.presenter.dialog is None


@pytest.mark.parametrize(
    ("password", "repeated", "wrong"),
    [("short", "short", {"password"}), (PASSWORD, PASSWORD + "x", {"repeated"}), ("", "x", {"password", "repeated"})],
)
async def test_a_weak_or_mistyped_password_is_refused_beside_its_field(
    page: OpenCard, qtbot: QtBot, password: str, repeated: str, wrong: set[str]
) -> None:
    dialog = page.create_dialog()
    qtbot.keyClicks(dialog.password, password)
    qtbot.keyClicks(dialog.repeated, repeated)
    dialog.create_button.click()
    await settled(lambda: any(field.error for field in dialog.fields.values()))
    assert {name for name, field in dialog.fields.items() if field.error} == wrong
    assert page.shelf.made_with == []
    assert dialog.create_button.isEnabled()


@pytest.mark.parametrize(("characters", "hint"), [(3, "9 more"), (12, "enough"), (16, "good"), (20, "strong")])
async def test_the_length_is_judged_while_typing(page: OpenCard, qtbot: QtBot, characters: int, hint: str) -> None:
    dialog = page.create_dialog()
    qtbot.keyClicks(dialog.password, "x" * characters)
    assert hint in dialog.password.accessibleDescription()


async def test_nothing_closes_while_the_key_is_made(page: OpenCard) -> None:
    page.shelf.gate = asyncio.Event()
    dialog = page.create_dialog()
    dialog.create_requested.emit(PASSWORD, PASSWORD)
    await settled(lambda: bool(page.shelf.made_with))
    assert dialog.create_button.text() == "Encrypting…"
    dialog.reject()
    assert page.presenter.dialog is dialog
    page.shelf.gate.set()
    await settled(lambda: dialog.is_made)
    dialog.reject()
    assert page.presenter.dialog is None


async def test_a_key_that_cannot_be_written_is_explained(page: OpenCard) -> None:
    page.shelf.fault = EnvironmentFault(ErrorCode.DISK_FULL)
    dialog = page.create_dialog()
    dialog.create_requested.emit(PASSWORD, PASSWORD)
    await settled(lambda: dialog.error_panel.code == "DISK_FULL")
    assert (page.chosen, dialog.is_made) == ([], False)
    page.shelf.fault = None
    dialog.create_requested.emit(PASSWORD, PASSWORD)
    await settled(lambda: dialog.is_made)


async def test_a_keystore_file_is_taken_over(page: OpenCard, tmp_path: Path) -> None:
    page.choose("Use a keystore file…")
    dialog = page.card.window().findChild(QFileDialog)
    assert dialog is not None
    dialog.filesSelected.emit([str(tmp_path / "mine.json")])
    dialog.close()
    await settled(lambda: bool(page.notices))
    assert page.shelf.imported == [tmp_path / "mine.json"]
    assert page.chosen == [page.shelf.folder / "UTC--2026--9c77"]
    assert page.notices[0][1] is Tone.OK


async def test_a_file_that_cannot_be_taken_over_is_told(page: OpenCard, tmp_path: Path) -> None:
    page.shelf.fault = UserError(ErrorCode.KEYSTORE_INVALID, "it is not of version 3")
    page.choose("Use a keystore file…")
    dialog = page.card.window().findChild(QFileDialog)
    assert dialog is not None
    dialog.filesSelected.emit([str(tmp_path / "mine.json")])
    dialog.close()
    await settled(lambda: bool(page.notices))
    assert (page.chosen, page.notices[0][1]) == ([], Tone.ERROR)
    assert "version 3" in page.notices[0][0]


async def test_the_demonstration_key_can_be_chosen_again(page: OpenCard) -> None:
    page.choose("Back to the demonstration key")
    assert page.chosen == [None]
    assert page.notices[0][1] is Tone.OK


async def test_a_closing_program_takes_the_dialog_along(qapp: QApplication, qtbot: QtBot) -> None:
    page = opened(qtbot, demonstration=False)
    page.key.gate = asyncio.Event()
    page.presenter.ask_to_unlock()
    dialog = page.presenter.dialog
    assert isinstance(dialog, UnlockDialog)
    dialog.unlock_requested.emit(PASSWORD)
    await settled(lambda: bool(page.key.tried))
    await page.presenter.close()
    assert (page.presenter.dialog, page.key.is_locked) == (None, True)


# --- row 75: secrets -------------------------------------------------------------------------------------------------


async def test_75_the_window_says_no_password_and_no_key(
    qapp: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The real signer behind the dialogs, while Qt's event loop logs all it does."""
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    card, shelf = KeyCard(), KeystoreFolder(tmp_path / "keys", scrypt_n=keystores.SCRYPT_N)
    qtbot.addWidget(card)
    signer = KeystoreSigner(keystores.keystore_file(tmp_path), lambda: False)
    custody = KeyCustody(signer, 900, session_of_the_program(), set_alarm=lambda _s, _ring: NoAlarm())
    presenter = KeyPresenter(card, signer, shelf, custody, lambda _: None)
    presenter.activate()
    await all_done()
    presenter.ask_to_unlock()
    unlocking = presenter.dialog
    assert isinstance(unlocking, UnlockDialog)
    for password in (keystores.PASSWORD + "x", keystores.PASSWORD):
        unlocking.password.setText(password)
        unlocking.unlock_requested.emit(unlocking.password.take())
        await all_done()
    assert (card.state, presenter.dialog) == (KeyState.UNLOCKED, None)
    card.create_requested.emit()
    creating = presenter.dialog
    assert isinstance(creating, CreateKeystoreDialog)
    creating.create_requested.emit(keystores.PASSWORD, keystores.PASSWORD)
    await all_done()
    assert creating.is_made
    await presenter.close()

    assert "in executor" in caplog.text  # Qt's loop did say what it runs
    seen = [caplog.text, *capfd.readouterr(), repr(vars(signer)), repr(vars(presenter)), *texts_below(tmp_path)]
    assert not any(keystores.PASSWORD in text or keystores.KEY.hex() in text.lower() for text in seen)


async def all_done() -> None:
    """Wait for every task that is under way; a loop that logs all it does must not be made to spin."""
    while running := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(running)


def texts_below(folder: Path) -> list[str]:
    """Every file's text."""
    return [file.read_text() for file in folder.rglob("*") if file.is_file()]
