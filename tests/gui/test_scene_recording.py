"""A played scene saved as pictures and a page; the keys of the large screen; scenes that are left out."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QObject, Qt, SignalInstance
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from ipnft_desktop.adapters.scene_files import BrokenScene
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.scene_text import SceneProblem
from ipnft_desktop.domain.scenes import Scene, Show, StepState, StepView, opened
from ipnft_desktop.services.stage.cast import Cast
from ipnft_desktop.services.stage.report import MintOfScene, SceneReport
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.stage.recording_presenter import REPORT_FILE, RecordingPresenter
from ipnft_desktop.ui.stage.report_page import ReportPage, words_of
from ipnft_desktop.ui.stage.screen import StageScreen
from ipnft_desktop.ui.stage.view import StageView
from ipnft_desktop.ui.stage.wording import left_out_text
from ipnft_desktop.ui.theme.paper import MARGIN_MM, PAGE_MM
from ipnft_desktop.ui.theme.paper_text import dots
from ipnft_desktop.ui.theme.tokens import Tone
from tests.gui.test_certificates import pictures
from tests.support.views.stage import SCENES, played

TX, OTHER, CONTRACT = "0x" + "9c" * 32, "0x" + "ab" * 32, "0x" + "5f" * 20
PATIENCE_S = 20


def report_of(show: Show, number: int = 2) -> SceneReport:
    mints = (MintOfScene(TX, 12, 1, 180_000), MintOfScene(OTHER, 13, 5, 500_000))
    made_at = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
    return SceneReport(show, number, made_at, 6, 6, mints, 680_000, 44.4, 31_337, CONTRACT)


def plain(text: str) -> str:
    """Without spaces, and with the letters that stand for the same: a PDF file may tell a radical for its letter."""
    return unicodedata.normalize("NFKC", "".join(text.split()))


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@dataclass
class Playing:
    """A director that stands still."""

    show: Show | None
    is_running: bool = False
    scenes: tuple[Scene, ...] = SCENES
    listeners: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def cast_of(self, scene: Scene) -> Cast:
        assert scene in self.scenes
        return Cast()

    def observe(self, hear: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(hear)
        return lambda: self.listeners.remove(hear) if hear in self.listeners else None


class Reports:
    """Answers once it may."""

    def __init__(self) -> None:
        self.may = asyncio.Event()
        self.asked = asyncio.Event()
        self.may.set()
        self.error: EnvironmentFault | None = None

    async def of(self, show: Show, number: int, cast: Cast) -> SceneReport:
        assert cast == Cast()
        self.asked.set()
        await self.may.wait()
        if self.error is not None:
            raise self.error
        return report_of(show, number)


@dataclass
class Bench:
    """The page with the presenter over it."""

    view: StageView
    director: Playing
    reports: Reports
    presenter: RecordingPresenter

    async def heard(self, signal: SignalInstance, act: Callable[[], object]) -> tuple[str, object]:
        """What a signal tells behind an act."""
        told: asyncio.Future[tuple[str, object]] = asyncio.get_running_loop().create_future()
        ear = QObject()

        def hear(text: str, what: object) -> None:
            if not told.done():
                told.set_result((text, what))

        connection = signal.connect(hear)
        act()
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await told
        finally:
            signal.disconnect(connection)
            ear.deleteLater()

    def choose(self, folder: Path) -> None:
        self.view.save_button.click()
        chooser = next(each for each in self.view.findChildren(QFileDialog) if each.isVisible())
        chooser.fileSelected.emit(str(folder))
        chooser.close()


@pytest.fixture
async def bench(qapp: QApplication) -> AsyncIterator[Bench]:
    view, director, reports = StageView(), Playing(played(opened(SCENES[1]), 3)), Reports()
    view.show_stage(is_ready=True)
    view.show()
    made = Bench(view, director, reports, RecordingPresenter(view, director, reports))
    yield made
    await made.presenter.close()
    view.close()
    view.deleteLater()


async def test_a_scene_is_saved_as_pictures_and_a_page(bench: Bench, tmp_path: Path) -> None:
    told, place = await bench.heard(bench.presenter.written, lambda: bench.choose(tmp_path))
    assert place == tmp_path / "recover"
    assert "recover" in told
    names = names_in(tmp_path / "recover")
    assert names == ["01-asset.png", "02-cut.png", "03-restore.png", REPORT_FILE], "only steps that were played"
    pictures = [QImage(str(tmp_path / "recover" / name)) for name in names[:3]]
    assert {(picture.width(), picture.height()) for picture in pictures} == {(1440, 900)}
    assert len({bytes(picture.constBits()) for picture in pictures}) == 3, "each of its own step"
    assert bench.view.saving_bar.isHidden()


@pytest.mark.parametrize("spoken", Language)
async def test_the_page_says_everything_in_the_windows_language(bench: Bench, tmp_path: Path, spoken: Language) -> None:
    language().set(spoken)
    await bench.heard(bench.presenter.written, lambda: bench.choose(tmp_path))
    document = pypdfium2.PdfDocument(tmp_path / "recover" / REPORT_FILE)
    assert len(document) == 1
    text = plain(document[0].get_textpage().get_text_range())
    document.close()
    for wanted in (TX, OTHER, CONTRACT, "31337", "680,000", "44.4"):
        assert wanted in text
    for step in SCENES[1].steps:
        assert plain(step.headline.of(spoken.value)) in text
    assert pictures(tmp_path / "recover" / REPORT_FILE) == [0], "lines and letters only"


async def test_what_lies_there_is_never_overwritten(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "recover").write_text("mine")
    await bench.heard(bench.presenter.written, lambda: bench.choose(tmp_path))
    _told, place = await bench.heard(bench.presenter.written, lambda: bench.choose(tmp_path))
    assert place == tmp_path / "recover (3)"
    assert (tmp_path / "recover").read_text() == "mine"


async def test_stopped_nothing_is_left(bench: Bench, tmp_path: Path) -> None:
    bench.reports.may.clear()
    bench.choose(tmp_path)
    async with asyncio.timeout(PATIENCE_S):
        await bench.reports.asked.wait()
    assert bench.view.saving_bar.isVisible()
    assert bench.view.save_button.refusal, "one at a time"

    def stop() -> None:
        bench.view.saving_bar.button.click()
        bench.reports.may.set()

    _told, tone = await bench.heard(bench.presenter.notice, stop)
    assert tone is Tone.WARN
    assert names_in(tmp_path) == []
    assert (bench.view.saving_bar.isHidden(), bench.view.save_button.refusal) == (True, "")


async def test_closed_in_the_middle_nothing_is_left(bench: Bench, tmp_path: Path) -> None:
    bench.reports.may.clear()
    bench.choose(tmp_path)
    async with asyncio.timeout(PATIENCE_S):
        await bench.reports.asked.wait()
    bench.reports.may.set()
    await asyncio.sleep(0)
    await bench.presenter.close()
    assert names_in(tmp_path) == []
    assert bench.director.listeners == []
    bench.director.observe(lambda: None)
    bench.presenter._end = lambda: None  # pyright: ignore[reportPrivateUsage] - the fixture closes again


@pytest.mark.parametrize("fails", ["the report", "the folder"])
async def test_what_keeps_it_from_being_saved_is_told(bench: Bench, tmp_path: Path, fails: str) -> None:
    folder = tmp_path / "gone" if fails == "the folder" else tmp_path
    if fails == "the report":
        bench.reports.error = EnvironmentFault(ErrorCode.NODE_UNREACHABLE)
    _told, tone = await bench.heard(bench.presenter.notice, lambda: bench.choose(folder))
    assert tone is Tone.ERROR
    assert names_in(tmp_path) == []


async def test_there_is_nothing_to_save_before_a_step_and_while_one_runs(bench: Bench) -> None:
    assert not bench.view.save_button.refusal
    bench.director.is_running = True
    bench.presenter.refresh()
    assert bench.view.save_button.refusal
    bench.director.is_running, bench.director.show = False, opened(SCENES[1])
    bench.presenter.refresh()
    assert bench.view.save_button.refusal
    assert not bench.view.save_button.isEnabled()


async def test_the_longest_scene_fits_on_one_page(qapp: QApplication) -> None:
    step = SCENES[1].steps[1]
    view = StepView(step, StepState.SKIPPED, 0.0, 1.0)
    show = Show(SCENES[1], 0, (view,) * 20)
    report = replace(report_of(show), mints=report_of(show).mints * 30)
    assert ReportPage(words_of(report)).fitted().end <= dots(PAGE_MM.height() - MARGIN_MM)


async def test_the_large_screen_hears_its_keys_from_the_start(qapp: QApplication) -> None:
    screen = StageScreen()
    pressed: list[str] = []
    screen.clicker.on.connect(lambda: pressed.append("on"))
    screen.show()
    screen.activateWindow()
    QTest.qWaitForWindowActive(screen)
    focus = QApplication.focusWidget()
    assert focus is not None, "without a focus a window hears no key"
    QTest.keyClick(focus, Qt.Key.Key_PageDown)
    assert pressed == ["on"]
    screen.close()
    screen.deleteLater()


async def test_scenes_that_are_left_out_are_named_with_all_their_problems(qapp: QApplication) -> None:
    problems = (
        SceneProblem("step 2 (cut)", phrase("unknown key “{key}”", key="untill")),
        SceneProblem("", phrase("a scene has 1 to {most} steps", most=20)),
    )
    text = left_out_text([BrokenScene(Path("/somewhere/mine.toml"), problems)])
    assert text.splitlines()[1:] == [
        "mine.toml: step 2 (cut): unknown key “untill”",
        "mine.toml: a scene has 1 to 20 steps",
    ]
    assert left_out_text([]) == ""
