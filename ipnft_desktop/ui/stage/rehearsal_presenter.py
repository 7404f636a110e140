"""Rehearses, looks whether all is ready, and helps where a step fails: with its result, or with its picture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ipnft_desktop.domain.errors import IpnftError, UserError, with_code
from ipnft_desktop.domain.scenes import Scene, Show, StepState
from ipnft_desktop.domain.workspaces import Checkpoint
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.services.stage.readiness import Readiness, Surroundings
from ipnft_desktop.services.stage.rehearsal import OnProgress, PictureOf
from ipnft_desktop.services.stage.rehearsal_record import Rehearsed
from ipnft_desktop.ui.language import language
from ipnft_desktop.ui.stage.pictures import PictureCover, picture_of, read_picture, surroundings_of
from ipnft_desktop.ui.stage.ready_dialog import ReadyDialog
from ipnft_desktop.ui.stage.rehearsal_dialog import RehearsalDialog
from ipnft_desktop.ui.stage.slide import Slide
from ipnft_desktop.ui.stage.view import StageView
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_line
from ipnft_desktop.ui.workspaces.checkpoints_presenter import CheckpointsPresenter

_REHEARSE, _CANCEL, _LOOK, _SKIP, _READ, _PICTURE = (
    "rehearse",
    "cancel rehearsal",
    "look ready",
    "skip to result",
    "read rehearsal",
    "read picture",
)


class ShowState(Protocol):
    """What is needed of `services.stage.director.Director`."""

    @property
    def scenes(self) -> tuple[Scene, ...]: ...
    @property
    def show(self) -> Show | None: ...
    @property
    def is_running(self) -> bool: ...
    def observe(self, hear: Callable[[], None]) -> Callable[[], None]: ...


class RehearsalService(Protocol):
    """What is needed of `services.stage.rehearsal.Rehearsal`."""

    async def run(
        self, scenes: Sequence[Scene], picture_of: PictureOf, on_progress: OnProgress = ..., language: str = ...
    ) -> Rehearsed: ...
    async def cancel(self) -> None: ...


class StandByService(Protocol):
    """What is needed of `services.stage.standby.StandBy`."""

    async def refresh(self) -> None: ...
    def can_skip(self, show: Show) -> bool: ...
    def picture_of(self, show: Show) -> str: ...
    async def picture(self, show: Show) -> Path | None: ...
    def show_picture(self) -> None: ...
    async def skip(self, work: LongWork) -> None: ...


class ReadinessService(Protocol):
    """What is needed of `services.stage.readiness.StageReadiness`."""

    async def look(self, scenes: Sequence[Scene], surroundings: Surroundings | None) -> Readiness: ...


class RehearsalPresenter(QObject):
    """`notice` is a short message with its `Tone`; `changed` says that the slide is to be shown anew."""

    notice = Signal(str, object)
    changed = Signal()

    def __init__(
        self,
        view: StageView,
        director: ShowState,
        rehearsal: RehearsalService,
        standby: StandByService,
        readiness: ReadinessService,
        checkpoints: CheckpointsPresenter,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._director = director
        self._rehearsal = rehearsal
        self._standby = standby
        self._readiness = readiness
        self._checkpoints = checkpoints
        self._covers: dict[Slide, PictureCover] = {}
        self._image: tuple[str, QImage] | None = None
        self._tasks = PageTasks(self._on_unexpected)
        self.dialog: RehearsalDialog | None = None
        self.ready_dialog: ReadyDialog | None = None
        bar = view.preparation
        bar.rehearse_requested.connect(self._on_rehearse)
        bar.ready_requested.connect(self._on_ready)
        bar.checkpoint_requested.connect(checkpoints.ask_to_make)
        bar.return_requested.connect(self._on_return)
        checkpoints.listed.connect(self._on_listed)
        checkpoints.notice.connect(self.notice)

    @property
    def is_working(self) -> bool:
        """Whether something is under way that must not be given up."""
        return self._tasks.is_running(_REHEARSE) or self._tasks.is_running(_SKIP) or self._checkpoints.is_working

    def reload(self) -> None:
        """Read anew what rehearsals left, and which checkpoints there are."""
        self._checkpoints.reload()

    # --- where a step fails -----------------------------------------------------------------------------------

    def can_skip(self, show: Show) -> bool:
        """Whether the result of the scene is at hand, and nobody goes for it yet."""
        return not self.is_working and self._standby.can_skip(show)

    def has_picture(self, show: Show) -> bool:
        """Whether the step in view has a recorded picture."""
        return bool(self._standby.picture_of(show))

    def dress(self, slide: Slide, show: Show | None) -> None:
        """Lay the picture over a slide whose step counts as shown, and take it away from any other."""
        view = show.view if show is not None else None
        name = self._standby.picture_of(show) if show is not None and view and view.state is StepState.SHOWN else ""
        cover = self._covers.get(slide)
        if cover is None:
            if not name:
                return
            cover = self._covers[slide] = PictureCover(slide)
            slide.destroyed.connect(lambda: self._covers.pop(slide, None))
        image = self._image[1] if self._image is not None and self._image[0] == name else None
        cover.show_picture(image if name else None)

    def skip(self) -> None:
        """Go to the result of the scene."""
        if not self.is_working:
            self._tasks.start(self._skip(), _SKIP)

    def show_picture(self) -> None:
        """Show the picture of the step in the place of its result."""
        show = self._director.show
        if show is not None and not self._tasks.is_running(_PICTURE):
            self._tasks.start(self._show_picture(show), _PICTURE)

    # --- before the show --------------------------------------------------------------------------------------

    async def close(self) -> None:
        """Wait for nothing more; a rehearsal under way belongs to its service."""
        await self._tasks.close()
        await self._checkpoints.close()
        for dialog in (self.dialog, self.ready_dialog):
            if dialog is not None:
                dialog.hide()
                dialog.deleteLater()

    def _on_rehearse(self) -> None:
        if self.is_working or self._director.is_running:
            self.notice.emit(self.tr("Something is under way on stage. Rehearse when it is done."), Tone.WARN)
            return
        if self.dialog is not None:
            self.dialog.leave()
        dialog = self.dialog = RehearsalDialog(self._view)
        dialog.stop_requested.connect(lambda: self._tasks.start(self._rehearsal.cancel(), _CANCEL))
        dialog.finished.connect(self._on_dialog_closed)
        dialog.open()
        self._tasks.start(self._rehearse(dialog), _REHEARSE)

    async def _rehearse(self, dialog: RehearsalDialog) -> None:
        scenes = self._director.scenes
        try:
            rehearsed = await self._rehearsal.run(scenes, picture_of, dialog.show_progress, language().current.value)
        except WorkCancelled:
            dialog.leave()
            self.notice.emit(self.tr("The rehearsal was stopped; everything is as it was before."), Tone.OK)
        except IpnftError as error:
            dialog.show_error(error)
        except Exception as error:
            dialog.show_error(with_code(error))
            raise
        else:
            dialog.show_report(rehearsed, scenes)
        finally:
            self.reload()

    def _on_dialog_closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _on_ready(self) -> None:
        if self.ready_dialog is None:
            dialog = self.ready_dialog = ReadyDialog(self._view)
            dialog.again_requested.connect(self._look)
        self.ready_dialog.show()
        self.ready_dialog.raise_()
        self._look()

    def _look(self) -> None:
        if self.ready_dialog is not None and not self._tasks.is_running(_LOOK):
            self.ready_dialog.show_looking()
            self._tasks.start(self._looked(self.ready_dialog), _LOOK)

    async def _looked(self, dialog: ReadyDialog) -> None:
        scenes = self._director.scenes
        dialog.show_readiness(await self._readiness.look(scenes, surroundings_of(scenes)))

    def _on_return(self, checkpoint: Checkpoint) -> None:
        self._checkpoints.ask_to_return(checkpoint)

    def _on_listed(self, checkpoints: Sequence[Checkpoint]) -> None:
        self._view.preparation.show_checkpoints(checkpoints)
        if not self._tasks.is_running(_READ):
            self._tasks.start(self._read(), _READ)

    async def _read(self) -> None:
        try:
            await self._standby.refresh()
        except UserError:  # nobody is signed in
            return
        self.changed.emit()

    async def _skip(self) -> None:
        self.changed.emit()
        self.notice.emit(self.tr("Going to the result that the rehearsal made…"), Tone.NEUTRAL)
        try:
            await self._standby.skip(LongWork())
        except IpnftError as error:
            self.notice.emit(error_line(error), Tone.ERROR)
        else:
            self.notice.emit(self.tr("The scene is at its result."), Tone.OK)
        finally:
            self.reload()

    async def _show_picture(self, show: Show) -> None:
        name, file = self._standby.picture_of(show), await self._standby.picture(show)
        image = await asyncio.to_thread(read_picture, str(file)) if file is not None else QImage()
        if image.isNull():
            self.notice.emit(self.tr("The recorded picture cannot be read."), Tone.ERROR)
            return
        self._image = name, image
        self._standby.show_picture()

    def _on_unexpected(self, error: Exception) -> None:
        self.notice.emit(error_line(with_code(error)), Tone.ERROR)
