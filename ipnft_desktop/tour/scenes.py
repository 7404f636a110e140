"""Plays the scenes of the Stage page as a presenter would: by keys, on the page and on the large screen. After every
step the node itself is asked how many tokens there are."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from ipnft_desktop.adapters.chain.staged_node import ProxiedNode
from ipnft_desktop.bootstrap.page_keys import STAGE
from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.scenes import ENDED, Scene, StepState, StepView
from ipnft_desktop.services.stage.director import Director
from ipnft_desktop.tour.camera import Camera, StoryStuck, seen
from ipnft_desktop.tour.chain_oracle import NoAnswer, mints_of
from ipnft_desktop.tour.guide import Guide
from ipnft_desktop.tour.scene_report import PlayedStep
from ipnft_desktop.ui.language import language
from ipnft_desktop.ui.stage.presenter import StagePresenter
from ipnft_desktop.ui.stage.slide import Slide

STEP_PATIENCE_S = 60.0
"""Until a step that does not end counts as stuck; nothing waits for this time."""
MOST_TRIES = 6
_Key = Qt.Key
_NAMES_OF_X = {_Key.Key_PageDown: "Next", _Key.Key_F: "f", _Key.Key_Escape: "Escape", _Key.Key_H: "h"}


class OnStage(Guide):
    """Every other scene is played on the large screen. With `kills` the node is ended without warning in every step,
    and whatever the slide then offers is taken until the step has ended."""

    def __init__(self, program: Program, camera: Camera, folder: Path | None, *, kills: bool = False) -> None:
        """Pictures of each step go to `folder`, none without one."""
        super().__init__(program, camera)
        self._folder = folder
        self._kills = kills
        self._count = 0

    async def play(self) -> AsyncIterator[PlayedStep]:
        """All scenes, one after the other. Raises StoryStuck where a key does nothing or a step does not end."""
        self.window.show_page(STAGE)
        await seen("a window that hears keys", QGuiApplication.focusWindow)
        scenes = await seen("the scenes", lambda: self._director.scenes)
        for at, scene in enumerate(scenes):
            if at:
                await self._press(_Key.Key_PageDown)
            if self._director.show is None or self._director.show.scene is not scene:
                raise StoryStuck(f"the scene {scene.scene_id}")
            is_large = at % 2 == 1
            if is_large:
                await self._enter_the_large_screen()
            async for step in self._play_scene(scene):
                yield step
            if is_large:
                await self._leave_the_large_screen()

    async def _play_scene(self, scene: Scene) -> AsyncIterator[PlayedStep]:
        for at in range(len(scene.steps)):
            await self._press(_Key.Key_PageDown)
            show = self._director.show
            if show is None or show.scene is not scene or show.at != at:
                raise StoryStuck(f"step {at + 1} of the scene {scene.scene_id} behind PageDown")
            if self._kills:
                await self._kill()
            tries = 1
            await self._step_ended()
            while self._view.state is StepState.FAILED and self._kills and tries <= MOST_TRIES:
                offer = self._missing_offer()
                if offer:
                    raise StoryStuck(f"{scene.scene_id}: {self._view.step.step_id}: {offer}")
                await self._take_the_offer()
                tries += 1
            if at + 1 == len(scene.steps):
                await self._undo_faults()
            yield await self._looked_at(scene, tries, is_last=at + 1 == len(scene.steps))

    # --- what a person sees -----------------------------------------------------------------------------------

    async def _looked_at(self, scene: Scene, tries: int, *, is_last: bool) -> PlayedStep:
        view = self._view
        works = self._director.cast_of(scene).asset_ids
        found = await self._mints(scene)
        tokens = None if found is None else sum(map(len, found.values()))
        self._photograph(scene, view)
        failure = ""
        if view.state not in (ENDED if self._kills else {StepState.DONE}):
            failure = f"{view.state}: {view.error or ''}"
        elif self._slide.headline.text() != view.step.headline.of(language().current.value):
            failure = f"in view is “{self._slide.headline.text()}”"
        elif found is not None and any(len(made) > 1 for made in found.values()):
            failure = "a work with more than one token"
        elif is_last and (found is None or any(len(made) != 1 for made in found.values())):
            failure = "not one token a work"
        elif is_last and self._director.faults:
            failure = "a fault that is not undone"
        tx_hash = view.tx_hashes[0] if view.tx_hashes else ""
        if not failure and found is not None and tx_hash and tokens and not self._kills:
            made_by = {each for made in found.values() for each in made}
            failure = "" if made_by & set(view.tx_hashes) else "the node knows another transaction"
        return PlayedStep(
            scene.scene_id,
            view.step.step_id,
            view.state.value,
            view.seconds or 0.0,
            tokens,
            len(works),
            tx_hash,
            tries,
            failure,
        )

    async def _mints(self, scene: Scene) -> Mapping[UUID, tuple[str, ...]] | None:
        node, ready = self.core.adapters.node, self.core.environment.ready
        assert isinstance(node, ProxiedNode)
        await node.status()
        if ready is None or node.direct_url is None:
            return None
        works = self._director.cast_of(scene).asset_ids
        try:
            return await mints_of(node.direct_url, ready.identity.contract_address, works)
        except NoAnswer:
            return None

    def _photograph(self, scene: Scene, view: StepView) -> None:
        if self._folder is None:
            return
        self._count += 1
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / f"{self._count:02d}-{scene.scene_id}-{view.step.step_id}.png"
        if not self._surface.grab().save(str(file)):
            raise StoryStuck(f"cannot write {file.name}")

    def _missing_offer(self) -> str:
        """What is missing of an honest offer: the reason, and a way on."""
        if not self._slide.error_bar.text:
            return "failed without a reason in view"
        return "" if self._slide.again_button.isVisible() else "failed, and no way on in view"

    # --- what a person does -----------------------------------------------------------------------------------

    async def _take_the_offer(self) -> None:
        error = self._view.error
        if error is not None and error.code is ErrorCode.MINT_INVALID_STATE:
            self._director.pass_over(StepState.SHOWN)  # minted before the fault of the step could strike
            return
        await _outside(partial(QTest.mouseClick, self._slide.again_button, Qt.MouseButton.LeftButton))
        await self._step_ended()

    async def _undo_faults(self) -> None:
        """By its key; the chain stands again behind it."""
        if self._kills:
            await self._press(_Key.Key_H)
            await seen("a chain that stands", lambda: self.core.environment.ready and not self._director.faults)

    async def _enter_the_large_screen(self) -> None:
        await self._press(_Key.Key_F)
        await seen("the large screen", lambda: self._presenter.screen is not None)
        await seen("the large screen in focus", lambda: self._has_focus(self._surface))

    async def _leave_the_large_screen(self) -> None:
        await self._press(_Key.Key_Escape)
        await seen("the page again", lambda: self._presenter.screen is None)
        self.window.activateWindow()
        await seen("the page in focus", lambda: self._has_focus(self.window))

    async def _kill(self) -> None:
        status = await self.core.adapters.node.status()
        if status is not None and status.pid is not None:
            os.kill(status.pid, signal.SIGKILL)

    async def _step_ended(self) -> None:
        """By what the director tells."""
        news = asyncio.Event()
        stop = self._director.observe(news.set)
        try:
            async with asyncio.timeout(STEP_PATIENCE_S):
                while self._director.is_running:
                    news.clear()
                    if self._view.state is not StepState.RUNNING and self._view.state is not StepState.WAITING:
                        await self._director.ended()
                        break
                    await news.wait()
        except TimeoutError as error:
            raise StoryStuck(f"the end of the step {self._view.step.step_id}") from error
        finally:
            stop()
        self._presenter.refresh()

    async def _press(self, key: Qt.Key) -> None:
        """As a keyboard or a clicker sends it: to the window in focus, whatever that is."""
        focus = _focus()
        if focus is None:
            raise StoryStuck("a window in focus")
        if QGuiApplication.platformName() == "xcb" and (tool := shutil.which("xdotool")):
            await _typed(tool, key)
        else:
            await _outside(partial(QTest.keyClick, focus, key))

    def _has_focus(self, widget: QWidget) -> bool:
        focus = _focus()
        return focus is not None and focus is widget.windowHandle()

    @property
    def _presenter(self) -> StagePresenter:
        presenter = self.pages.stage.presenter
        assert presenter is not None
        return presenter

    @property
    def _director(self) -> Director:
        stage = self.core.stage
        assert stage is not None
        return stage.director

    @property
    def _surface(self) -> QWidget:
        return self._presenter.screen or self.window

    @property
    def _slide(self) -> Slide:
        return self._presenter.screen.slide if self._presenter.screen else self.pages.stage_view.slide

    @property
    def _view(self) -> StepView:
        show = self._director.show
        assert show is not None
        assert show.view is not None
        return show.view


def _focus() -> QWindow | None:
    """The window that hears keys."""
    return QGuiApplication.focusWindow()  # None while another program has the focus, whatever the stubs say


class _KeyEnds(QObject):
    """Hears that a key was let go, wherever in the program."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = asyncio.Event()
        QCoreApplication.instance().installEventFilter(self)  # pyright: ignore[reportOptionalMemberAccess]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt names it
        if event.type() is QEvent.Type.KeyRelease:
            self.heard.set()
        return False


async def _typed(tool: str, key: Qt.Key) -> None:
    """By the X server, as from a keyboard; returns once the program has heard the key go up again."""
    ends = _KeyEnds()
    try:
        typing = await asyncio.create_subprocess_exec(tool, "key", _NAMES_OF_X[key])
        await typing.wait()
        async with asyncio.timeout(STEP_PATIENCE_S):
            await ends.heard.wait()
    except TimeoutError as error:
        raise StoryStuck(f"the key {_NAMES_OF_X[key]}") from error
    finally:
        QCoreApplication.instance().removeEventFilter(ends)  # pyright: ignore[reportOptionalMemberAccess]


async def _outside(press: Callable[[], object]) -> None:
    """Press from outside of every task: what QTest sends is handled before it returns, and other tasks with it."""
    pressed = asyncio.get_running_loop().create_future()

    def send() -> None:
        press()
        pressed.set_result(None)

    QTimer.singleShot(0, send)
    await pressed
