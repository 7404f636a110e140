"""Saves a played scene: a picture of each step's slide, and a page with what became of it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError, with_code
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.scenes import Scene, Show, StepState
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.services.stage.cast import Cast
from ipnft_desktop.services.stage.report import SceneReport
from ipnft_desktop.ui.stage.report_page import print_report, words_of
from ipnft_desktop.ui.stage.screen import StageScreen
from ipnft_desktop.ui.stage.view import StageView
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone, WindowSize
from ipnft_desktop.ui.widgets.error_words import error_line
from ipnft_desktop.ui.widgets.file_dialogs import ask_for_folder
from ipnft_desktop.ui.widgets.measures import percent_text

REPORT_FILE = "report.pdf"
_SAVE = "save the scene"


class Reports(Protocol):
    """What is needed of `services.stage.report.SceneReports`."""

    async def of(self, show: Show, number: int, cast: Cast) -> SceneReport: ...


class Playing(Protocol):
    """What is needed of `services.stage.director.Director`."""

    @property
    def scenes(self) -> tuple[Scene, ...]: ...
    @property
    def show(self) -> Show | None: ...
    @property
    def is_running(self) -> bool: ...
    def cast_of(self, scene: Scene) -> Cast: ...
    def observe(self, hear: Callable[[], None]) -> Callable[[], None]: ...


class RecordingPresenter(QObject):
    """`notice` is a short message with its `Tone`; `written` a message about files, and the folder they are in."""

    notice = Signal(str, object)
    written = Signal(str, object)

    def __init__(self, view: StageView, director: Playing, reports: Reports) -> None:
        super().__init__(view)
        self._view = view
        self._director = director
        self._reports = reports
        self._work: LongWork | None = None
        self._tasks = PageTasks(lambda error: self.notice.emit(error_line(with_code(error)), Tone.ERROR))
        self._end = director.observe(self.refresh)
        view.save_button.clicked.connect(self._on_save)
        view.saving_bar.action_requested.connect(self._on_stop)
        self.refresh()

    @property
    def is_working(self) -> bool:
        """Whether files are being written."""
        return self._tasks.is_running(_SAVE)

    def refresh(self) -> None:
        """A scene can be saved once something of it was played, and while nothing of it changes."""
        self._view.save_button.refuse(self._why_not())

    async def close(self) -> None:
        """Stop what is being written; nothing of it is left."""
        self._end()
        await self._tasks.close()

    def _why_not(self) -> str:
        show = self._director.show
        if self._work is not None:
            return self.tr("A scene is being saved.")
        if self._director.is_running:
            return self.tr("A step is under way.")
        is_played = show is not None and any(view.state is not StepState.WAITING for view in show.steps)
        return "" if is_played else self.tr("Nothing of the scene was played yet.")

    def _on_save(self) -> None:
        if not self._why_not():
            ask_for_folder(self._view, self.tr("Save the scene in a folder"), self._on_folder)

    def _on_folder(self, folder: Path) -> None:
        show = self._director.show
        if show is not None and not self._why_not():  # a step may have begun meanwhile
            self._work = LongWork(self._show_share)
            self._show_share(0.0)
            self._tasks.start(self._save(show, folder, self._work), _SAVE)
            self.refresh()

    def _on_stop(self) -> None:
        if self._work is not None:
            self._work.cancel()

    async def _save(self, show: Show, folder: Path, work: LongWork) -> None:
        try:
            place = await self._written(show, folder, work)
        except WorkCancelled:
            self.notice.emit(self.tr("Stopped. Nothing was saved."), Tone.WARN)
        except IpnftError as error:
            self.notice.emit(error_line(error), Tone.ERROR)
        else:
            self.written.emit(self.tr("The scene is saved in “{0}”").format(place.name), place)
        finally:
            self._work = None
            self._view.saving_bar.tell("")
            self.refresh()

    async def _written(self, show: Show, folder: Path, work: LongWork) -> Path:
        """The folder of the scene, whole; a name that is taken is never touched."""
        number = self._director.scenes.index(show.scene) + 1
        report = await self._reports.of(show, number, self._director.cast_of(show.scene))
        unfinished = folder / f".{uuid4().hex}.part"
        try:
            await work.run(unfinished.mkdir)
            played = [at for at, view in enumerate(show.steps) if view.state is not StepState.WAITING]
            for count, at in enumerate(played, 1):
                image = self._picture_of(replace(show, at=at), number)
                file = unfinished / f"{count:02d}-{show.steps[at].step.step_id}.png"
                await work.run(partial(_write_picture, image, file))
                await work.run(partial(work.report, count / (len(played) + 1)))
            words = words_of(report)
            await work.run(partial(print_report, words, unfinished / REPORT_FILE))
            await work.run(partial(work.report, 1.0))
            return await work.run(partial(_put_folder, unfinished, folder / show.scene.scene_id))
        except OSError as error:
            why = phrase("{name} cannot be written: {reason}", name=folder.name, reason=error.strerror or error)
            raise UserError(ErrorCode.VALIDATION_FAILED, why, field="target") from error
        finally:
            await asyncio.to_thread(shutil.rmtree, unfinished, ignore_errors=True)

    def _picture_of(self, show: Show, number: int) -> QImage:
        """The slide as the large screen shows it. A screen of its own, which nobody sees."""
        screen = StageScreen(self._view.window())
        try:
            screen.resize(WindowSize.FIRST_WIDTH, WindowSize.FIRST_HEIGHT)
            screen.slide.show_step(show, number, frozenset(), 0.0)
            return screen.grab().toImage()
        finally:
            screen.deleteLater()

    def _show_share(self, share: float) -> None:
        if self._work is not None:  # what a thread reported last may be heard after the end
            self._view.saving_bar.tell(self.tr("Saving the scene: {0}").format(percent_text(share * 100, 0)))


def _write_picture(image: QImage, file: Path) -> None:
    if not image.save(str(file)):
        raise OSError(f"cannot write {file.name}")


def _put_folder(finished: Path, target: Path) -> Path:
    """Give a finished folder this name, or where it is taken "name (2)", "name (3)" and so on."""
    number = 1
    while True:
        place = target if number == 1 else target.with_name(f"{target.name} ({number})")
        try:
            place.mkdir()
        except FileExistsError:
            number += 1
            continue
        try:
            for file in sorted(finished.iterdir()):
                file.rename(place / file.name)
        except OSError:
            shutil.rmtree(place, ignore_errors=True)
            raise
        return place
