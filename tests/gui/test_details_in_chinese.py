"""What went wrong this time is told in the language in force too; only the words of others stay as they came."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from ipnft_desktop.adapters.content.faults import mismatch, missing
from ipnft_desktop.adapters.database import backup_files, opening
from ipnft_desktop.adapters.machine.profile_folder import LocalProfile
from ipnft_desktop.adapters.profile_lock import ProfileFileLock
from ipnft_desktop.adapters.workspaces import files
from ipnft_desktop.adapters.workspaces.pending_return import PendingReturn
from ipnft_desktop.bootstrap import window as window_module
from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.domain.content import Cid, Codec
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.settings import SettingRefused, load_settings
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.widgets.error_words import error_detail, error_line, recorded_line
from ipnft_desktop.ui.widgets.phrases import say
from tests.gui.support.desk import open_desk
from tests.gui.support.waiting import settled

_CID = Cid.of_block(Codec.RAW, b"")


class _NoBackups:
    def make(self, *_: object) -> None:
        raise backup_files.DamagedDatabase("database disk image is malformed")


def _copying(_folder: Path) -> None:
    with files.workspace_faults(phrase("the duplicate")):
        raise PermissionError(13, "Permission denied")


def _backing_up(_folder: Path) -> None:
    with backup_files.faults(phrase("the backup")):
        raise PermissionError(13, "Permission denied")


def _returning(folder: Path) -> None:
    (folder / "return.json").write_text("{", "utf-8")
    PendingReturn(folder, None).settle()


def _migrating(_folder: Path) -> None:
    opening._back_up(cast("Any", _NoBackups()))


def _reading(_folder: Path) -> None:
    raise missing(_CID)


def _verifying(_folder: Path) -> None:
    raise mismatch(_CID, phrase("the stored bytes are damaged"))


def _places(folder: Path) -> dict[str, Any]:
    names = ("register", "content", "backups", "logs", "node_home")
    return {**{name: folder / name for name in names}, "secrets": ()}


@pytest.fixture
def in_chinese(qapp: QApplication) -> None:
    language().set(Language.ZH)


WORDS_OF_OTHERS = ("Permission denied", "database disk image is malformed")


@pytest.mark.usefixtures("in_chinese")
@pytest.mark.parametrize("fail", [_copying, _backing_up, _returning, _migrating, _reading, _verifying])
def test_details_of_failures(fail: Callable[[Path], None], tmp_path: Path) -> None:
    with pytest.raises(IpnftError) as failed:
        fail(tmp_path)
    told = error_detail(failed.value)
    english = told.replace(str(tmp_path), "").replace(_CID.text, "")
    for words in WORDS_OF_OTHERS:
        english = english.replace(words, "")
    assert any("\u4e00" <= sign <= "\u9fff" or sign == "：" for sign in told), told
    if fail is not _returning:  # which tells what the library says of the file
        assert not any("a" <= sign.lower() <= "z" for sign in english), told


@pytest.mark.usefixtures("in_chinese")
@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ({"node_port": 1}, "node_port：1 不在 1024 到 65535 之间"),
        ({"node_port": "x"}, "node_port：'x' 不是 int 类型"),
        ({"theme": "pink"}, "theme：'pink' 不是以下任何一项：'light', 'dark'"),
        ({"database_url": "postgresql://x/y"}, "database_url：共享登记簿需要共享网络，参见 rpc_url"),
        ([], "settings.json：其中不是 JSON 对象"),
    ],
)
async def test_settings_that_cannot_be_used(tmp_path: Path, kept: object, told: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps(kept), "utf-8")
    with pytest.raises(SettingRefused) as refused:
        load_settings(tmp_path, {})
    assert say(refused.value.told) == told
    profile = LocalProfile(tmp_path, ProfileFileLock(tmp_path / ".lock"), **_places(tmp_path))
    problem = profile.settings_problem()
    assert isinstance(problem, Phrase)
    assert say(problem) == told


@pytest.mark.usefixtures("in_chinese")
def test_a_profile_that_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    problem = LocalProfile(file, ProfileFileLock(file), **_places(tmp_path)).write_problem()
    assert isinstance(problem, Phrase)
    assert say(problem) == "它不是文件夹"


@pytest.mark.usefixtures("in_chinese")
def test_a_failure_within_a_failure() -> None:
    within = EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE, "the file is a database, but not of this program")
    waited = UserError(ErrorCode.QUEUE_TIMEOUT, str(within))
    assert error_line(waited).endswith(error_line(within))
    assert recorded_line(str(within)) == error_line(within)


async def test_notices_of_the_window(qapp: QApplication, tmp_path: Path) -> None:
    async def fails() -> None:
        raise RuntimeError("out of luck")

    async with open_desk(qapp, tmp_path) as desk:
        program: Program = desk.program
        try:
            program.use_language(Language.ZH)
            await settled(lambda: not program._tasks.is_running(window_module._CHANGE))
            toasts = program.window.toasts
            unexpected = EnvironmentFault(ErrorCode.UNEXPECTED, "RuntimeError: out of luck")
            for tasks in (program._tasks, program.pages._ways._tasks):
                toasts.clear()
                tasks.start(fails(), "fail")
                await settled(lambda: bool(toasts.texts))
                assert toasts.texts == (error_line(unexpected),)
            refused = tmp_path / "exported.json"
            refused.write_text(json.dumps({"confirmations": 99}), "utf-8")
            panel = program.pages.settings_view.error_panel
            program.pages.settings._on_file([refused])
            await settled(lambda: bool(panel.code))
            sentence = error_line(UserError(ErrorCode.VALIDATION_FAILED))
            assert any(label.text() == sentence for label in panel.findChildren(QLabel))
            toasts.clear()
            await desk.memory.core.setting_desk.settle()
            (tmp_path / "settings.json").write_text(json.dumps({"node_port": 1}), "utf-8")
            program.apply_settings()
            await settled(lambda: bool(toasts.texts))
            assert toasts.texts == ("有设置无法使用：node_port：1 不在 1024 到 65535 之间",)
            with pytest.raises(EnvironmentFault) as unusable:
                await desk.memory.core.setting_desk.states()
            assert error_detail(unusable.value) == "node_port：1 不在 1024 到 65535 之间"
        finally:
            language().set(Language.EN)
