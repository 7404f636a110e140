"""The stage in the window: keys on page and screen, what stops a show and what does not, and the way on from anything.

Scenes on a real node, with the chain as oracle, are in tests/integration/test_stage.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ipnft_desktop.bootstrap.page_keys import REGISTER, STAGE
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.events import MintAdvanced
from ipnft_desktop.domain.people import Role
from ipnft_desktop.domain.scenes import Show, StageFault, StepState, StepView
from ipnft_desktop.services.stage.director import Director
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.stage import presenter as presenter_module
from ipnft_desktop.ui.stage.presenter import StagePresenter
from ipnft_desktop.ui.stage.screen import StageScreen
from ipnft_desktop.ui.stage.slide import HANGS_FROM_S
from ipnft_desktop.ui.stage.view import StageView
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Tone
from tests.gui.support.stage import (
    MemoryOracle,
    NoRegister,
    ScriptedFaults,
    ScriptedHands,
    StageDesk,
    StandIn,
    open_stage,
    scripted,
)
from tests.gui.support.waiting import settled, turns
from tests.support import samples
from tests.support.views.no_pictures import no_pictures
from tests.support.views.stage import CONFIRMING, SCENES, presenter_notes

Key = Qt.Key
NODE_GONE = EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "connection refused")
LAPTOP = QSize(1280 - 92, 720 - 28)


@dataclass
class Theatre:
    """A page with its presenter over the program's own director, whose hands are scripted."""

    view: StageView
    presenter: StagePresenter
    director: Director
    hands: ScriptedHands
    faults: ScriptedFaults
    stand_in: StandIn
    notices: list[tuple[str, Tone]] = field(default_factory=list[tuple[str, Tone]])

    @property
    def show(self) -> Show:
        assert self.director.show is not None
        return self.director.show

    @property
    def step(self) -> StepView:
        assert self.show.view is not None
        return self.show.view

    @property
    def screen(self) -> StageScreen:
        assert self.presenter.screen is not None
        return self.presenter.screen

    async def on_screen(self) -> StageScreen:
        """The large screen, once the keys go to it."""
        self.view.full_screen_button.click()
        await settled(self.screen.hasFocus)
        return self.screen

    async def pressed(self) -> StepView:
        """The next step, played."""
        self.director.on()
        await self.director.ended()
        return self.step


@asynccontextmanager
async def theatre(qtbot: QtBot) -> AsyncGenerator[Theatre]:
    view = StageView()
    qtbot.addWidget(view)
    hands, faults = ScriptedHands(), ScriptedFaults()
    director = scripted(hands, faults)
    stand_in = StandIn(director)
    presenter = StagePresenter(view, director, NoRegister(), no_pictures(), stand_in)
    director.give(SCENES)
    view.show_stage(is_ready=True)
    view.resize(LAPTOP)
    view.show()
    view.setFocus()
    await settled(view.hasFocus)
    made = Theatre(view, presenter, director, hands, faults, stand_in)
    presenter.notice.connect(lambda text, tone: made.notices.append((text, tone)))
    try:
        yield made
    finally:
        await presenter.close()
        await director.close()


# --- keys -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "back"), [(Key.Key_PageDown, Key.Key_PageUp), (Key.Key_Right, Key.Key_Left)])
async def test_a_clicker_goes_on_and_back_on_the_page(qtbot: QtBot, on: Key, back: Key) -> None:
    async with theatre(qtbot) as stage:
        qtbot.keyClick(stage.view, on)
        await stage.director.ended()
        qtbot.keyClick(stage.view, on)
        await stage.director.ended()
        assert (stage.show.at, stage.hands.done) == (1, ["asset", "mint"])
        qtbot.keyClick(stage.view, back)
        assert stage.show.at == 0
        qtbot.keyClick(stage.view, on)
        await turns()
        assert stage.hands.done == ["asset", "mint"], "what was played is shown and not played again"


async def test_the_large_screen_hears_every_key_of_the_clicker(qtbot: QtBot) -> None:
    async with theatre(qtbot) as stage:
        qtbot.keyClick(stage.view, Key.Key_F)
        screen = stage.screen
        await settled(screen.hasFocus)
        assert screen.isFullScreen()
        qtbot.keyClick(screen, Key.Key_PageDown)
        await stage.director.ended()
        assert (stage.show.at, screen.slide.headline.text()) == (0, SCENES[0].steps[0].headline.en)
        qtbot.keyClick(screen, Key.Key_PageUp)
        assert stage.show.at == -1
        qtbot.keyClick(screen, Key.Key_1, Qt.KeyboardModifier.ShiftModifier)
        await settled(lambda: stage.director.faults == {StageFault.CUT})
        assert screen.slide.fault_bar.text == "The connection is cut"
        qtbot.keyClick(screen, Key.Key_H)
        await settled(lambda: not stage.director.faults)
        assert screen.slide.fault_bar.isHidden()
        stage.hands.fault = NODE_GONE
        assert (await stage.pressed()).state is StepState.DONE, "it was played: shown again"
        assert (await stage.pressed()).state is StepState.FAILED
        stage.hands.fault = None
        qtbot.keyClick(screen, Key.Key_R)
        await stage.director.ended()
        assert stage.step.state is StepState.DONE


async def test_escape_leaves_the_screen_and_loses_nothing(qtbot: QtBot) -> None:
    async with theatre(qtbot) as stage:
        stage.hands.gate = asyncio.Event()
        await stage.on_screen()
        qtbot.keyClick(stage.screen, Key.Key_PageDown)
        await settled(lambda: stage.hands.done == ["asset"])
        qtbot.keyClick(stage.screen, Key.Key_Escape)
        assert stage.presenter.screen is None
        assert stage.presenter.is_working
        stage.hands.gate.set()
        await stage.director.ended()
        assert (stage.step.state, stage.view.slide.headline.text()) == (
            StepState.DONE,
            SCENES[0].steps[0].headline.en,
        )
        qtbot.keyClick(stage.view, Key.Key_Escape)
        assert stage.show.at == 0


async def test_the_curtain_falls_and_the_next_press_only_lifts_it(qtbot: QtBot) -> None:
    async with theatre(qtbot) as stage:
        qtbot.keyClick(stage.view, Key.Key_B)
        assert stage.presenter.screen is None, "there is nothing to hide"
        await stage.on_screen()
        qtbot.keyClick(stage.screen, Key.Key_B)
        assert stage.screen.is_black
        qtbot.keyClick(stage.screen, Key.Key_PageDown)
        assert not stage.screen.is_black
        assert stage.hands.done == []
        stage.view.activateWindow()
        stage.view.setFocus()
        await settled(stage.view.hasFocus)
        qtbot.keyClick(stage.view, Key.Key_B)  # the presenter's keyboard may be on the page
        assert stage.screen.is_black
        assert stage.screen.curtain.geometry() == stage.screen.rect()


async def test_each_fault_has_a_key_and_is_ticked_and_told_until_one_key_undoes_all(qtbot: QtBot) -> None:
    async with theatre(qtbot) as stage:
        keys = (Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_5, Key.Key_6)
        for fault, key in zip(StageFault, keys, strict=True):
            qtbot.keyClick(stage.view, key, Qt.KeyboardModifier.ShiftModifier)
            await settled(lambda fault=fault: stage.director.faults == {fault})
            assert stage.view.slide.fault_bar.isVisible()
            menu = stage.view.fault_menu()
            ticked = [action.text() for action in menu.actions() if action.isChecked()]
            menu.deleteLater()
            assert [text.split("\t")[1] for text in ticked] == [f"Shift+{list(StageFault).index(fault) + 1}"]
            qtbot.keyClick(stage.view, Key.Key_H)
            await settled(lambda: not stage.director.faults)
            assert stage.view.slide.fault_bar.isHidden()


# --- never stuck ----------------------------------------------------------------------------------------------------


async def test_a_step_that_hangs_shows_its_clock_and_can_be_left(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    async with theatre(qtbot) as stage:
        stage.hands.gate = asyncio.Event()
        slide = stage.view.slide
        stage.director.on()
        await settled(lambda: stage.step.state is StepState.RUNNING)
        stage.presenter.refresh()
        assert (slide.state.text(), slide.give_up_button.isVisible()) == ("Under way", False)
        monkeypatch.setattr(presenter_module, "_running_s", lambda _show, _now: HANGS_FROM_S + 4)
        stage.presenter.refresh()
        assert (slide.state.text(), slide.give_up_button.isVisible()) == ("Under way · 0:07", True)
        slide.give_up_button.click()
        await settled(lambda: stage.step.state is StepState.FAILED)
        assert slide.error_bar.text.startswith("STEP_GIVEN_UP – ")
        assert slide.again_button.isVisible()
        stage.director.back()
        assert stage.show.at == -1


async def test_ways_past_a_failed_step_are_offered_where_there_are_any(qtbot: QtBot) -> None:
    async with theatre(qtbot) as stage:
        slide = stage.view.slide
        stage.hands.fault = NODE_GONE
        await stage.pressed()
        assert slide.error_bar.text == "NODE_UNREACHABLE – The chain node does not answer – safe to retry"
        assert "connection refused" in slide.state.text()
        assert (slide.skip_button.isVisible(), slide.picture_button.isVisible()) == (False, False)

        stage.stand_in.result = stage.stand_in.picture = True
        stage.presenter.refresh()
        assert slide.picture_button.isVisible()
        slide.skip_button.click()
        assert stage.step.state is StepState.SKIPPED
        assert slide.skip_button.isHidden()
        assert (await stage.pressed()).state is StepState.FAILED
        slide.picture_button.click()
        assert stage.step.state is StepState.SHOWN
        assert stage.stand_in.dressed is stage.director.show
        stage.hands.fault = None
        assert (await stage.pressed()).state is StepState.DONE


async def test_trouble_that_is_shown_leads_on_by_the_step_behind_it(qtbot: QtBot) -> None:
    async with theatre(qtbot) as stage:
        stage.director.choose(SCENES[1])
        await stage.pressed()
        stage.hands.trouble = NODE_GONE
        await stage.faults.begin(StageFault.CUT)
        step = await stage.pressed()
        slide = stage.view.slide
        assert (step.state, step.error) == (StepState.DONE, NODE_GONE)
        assert (slide.on_button.text(), slide.on_button.isVisible()) == ("Connect again and retry", True)
        assert slide.heal_button.isVisible()
        stage.hands.trouble = None
        slide.on_button.click()
        await stage.director.ended()
        assert stage.step.step.step_id == "restore"
        assert slide.on_button.isHidden()


async def test_the_works_of_a_step_and_the_stages_of_their_mint_are_followed(qtbot: QtBot) -> None:
    async with theatre(qtbot) as stage:
        stage.hands.works = CONFIRMING.asset_ids
        await stage.pressed()
        stage.hands.gate = asyncio.Event()
        stage.director.on()
        await settled(lambda: stage.step.state is StepState.RUNNING)
        track = stage.view.slide.track
        assert track.isHidden()
        stage.presenter.hear(MintAdvanced(CONFIRMING))
        assert track.isVisible()
        assert (track.bar.value(), [name.text() for name in track.names]) == (
            60,
            ["Preparing", "Submitting", "Confirming", "Finalizing"],
        )
        assert "Confirming" in track.accessibleName()
        stage.hands.gate.set()
        await stage.director.ended()
        assert track.isHidden(), "the tiles tell what became of it"


# --- notes ----------------------------------------------------------------------------------------------------------


async def test_with_one_screen_the_notes_are_on_the_page_alone(qtbot: QtBot) -> None:
    async with theatre(qtbot) as stage:
        assert stage.view.notes.isHidden()
        qtbot.keyClick(stage.view, Key.Key_N)
        await stage.pressed()
        step = SCENES[0].steps[0]
        shown = stage.view.notes
        assert (shown.notes.text(), shown.following.text()) == (
            step.notes.en,
            f"Next: {SCENES[0].steps[1].headline.en}",
        )
        qtbot.keyClick(stage.view, Key.Key_F)
        assert stage.presenter.notes is None, "there is no other screen"
        told = [label.text() for label in stage.screen.findChildren(QLabel)]
        assert step.headline.en in told
        assert step.notes.en not in told, "never for the hall"


async def test_beside_another_screen_the_notes_have_a_window_with_the_keys_of_the_show(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Beamer:
        def geometry(self) -> QRect:
            return QRect(0, 0, 1024, 768)

    async with theatre(qtbot) as stage:
        here = stage.view.window().screen()
        monkeypatch.setattr(presenter_module.QGuiApplication, "screens", lambda: [here, Beamer()])
        stage.view.full_screen_button.click()
        notes = stage.presenter.notes
        assert notes is not None
        notes.activateWindow()
        notes.setFocus()
        await settled(notes.hasFocus)
        qtbot.keyClick(notes, Key.Key_PageDown)
        await stage.director.ended()
        assert notes.panel.notes.text() == SCENES[0].steps[0].notes.en
        assert stage.screen.slide.headline.text() == SCENES[0].steps[0].headline.en
        qtbot.keyClick(notes, Key.Key_B)
        assert stage.screen.is_black
        qtbot.keyClick(notes, Key.Key_Escape)
        assert (stage.presenter.screen, stage.presenter.notes) == (None, None)
        assert stage.show.at == 0


async def test_the_notes_tell_times_and_the_next_scene() -> None:
    notes = presenter_notes()
    panel = notes.panel
    assert (panel.clock.text(), panel.scene_clock.text()) == ("3:12", "this scene 0:05")
    show = Show(SCENES[0], 2, tuple(StepView(step, StepState.DONE, 1.0, 2.0) for step in SCENES[0].steps))
    panel.show_step(show, "Recover", 60.0, 0.0)
    assert panel.following.text() == "Next scene: Recover"
    panel.show_step(show, "", 60.0, 0.0)
    assert panel.following.text() == "This is the end of the show."
    notes.deleteLater()


# --- in the window --------------------------------------------------------------------------------------------------


async def ready(desk: StageDesk) -> StageView:
    """The stage in view, its scenes given."""
    desk.program.window.show_page(STAGE)
    await settled(lambda: bool(desk.director.scenes) and desk.program.pages.stage_view.is_on)
    return desk.program.pages.stage_view


async def test_a_scene_on_the_chain_in_memory_ends_with_one_token(qapp: QApplication, tmp_path: Path) -> None:
    async with open_stage(qapp, tmp_path) as desk:
        view = await ready(desk)
        for _ in SCENES[0].steps:
            view.next_button.click()
            await desk.director.ended()
        show = desk.director.show
        assert show is not None
        assert show.is_played, [each.error for each in show.steps]
        assert [desk.memory.chain.mints_of(each) for each in desk.director.cast_of(show.scene).asset_ids] == [1]
        await settled(lambda: view.slide.works.items[0].isVisible())
        assert " · " in view.slide.works.items[0].name.text()
        assert view.scenes.cards[0].mark.tone is Tone.OK
        assert view.slide.tiles[0].value.text() == "1"


async def test_two_tokens_of_one_work_are_told_and_never_passed_for_one(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def twice(_self: object, _contract: str, token_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        return dict.fromkeys(token_ids, ("0x" + "1" * 64, "0x" + "2" * 64))

    monkeypatch.setattr(MemoryOracle, "mints_of", twice)
    async with open_stage(qapp, tmp_path) as desk:
        view = await ready(desk)
        for _ in SCENES[0].steps:
            view.next_button.click()
            await desk.director.ended()
        show = desk.director.show
        assert show is not None
        assert [each.state for each in show.steps] == [StepState.DONE, StepState.DONE, StepState.FAILED]
        assert "2 tokens of 1 works" in str(show.steps[-1].error)


async def test_the_page_is_refused_to_whoever_may_not_and_offered_again(qapp: QApplication, tmp_path: Path) -> None:
    async with open_stage(qapp, tmp_path) as desk:
        view = await ready(desk)
        session = desk.core.session
        session.begin(samples.user(Role.VIEWER))
        assert view.faces.currentWidget() is view.refused
        assert (view.next_button.isVisible(), view.refused.button.isVisible()) == (False, False)
        session.end()
        assert view.refused.sentence == "Sign in first."
        view.refused.button.click()
        await settled(lambda: desk.program.pages.people.sign_in.dialog is not None)
        session.begin(samples.user())
        await settled(lambda: view.is_on)
        await settled(lambda: desk.program.pages.people.sign_in.dialog is None)


async def test_on_a_chain_of_others_nothing_is_played(qapp: QApplication, tmp_path: Path) -> None:
    async with open_stage(qapp, tmp_path, has_stage=False) as desk:
        view = desk.program.pages.stage_view
        desk.program.window.show_page(STAGE)
        assert view.faces.currentWidget() is view.refused
        told = [label.text() for label in view.refused.findChildren(QLabel) if label.isVisible()]
        assert view.refused.sentence in told
        assert len(told) == 2
        assert view.full_screen_button.isHidden()


async def test_signing_out_in_a_step_takes_the_works_from_every_screen(qapp: QApplication, tmp_path: Path) -> None:
    async with open_stage(qapp, tmp_path) as desk:
        view = await ready(desk)
        view.next_button.click()
        await desk.director.ended()
        await settled(lambda: view.slide.works.items[0].isVisible())
        name = view.slide.works.items[0].name.text()
        view.full_screen_button.click()
        presenter = desk.program.pages.stage.presenter
        assert presenter is not None
        assert presenter.screen is not None
        await desk.director.break_now(StageFault.CUT)
        desk.director.on()
        await settled(lambda: desk.director.is_running)
        desk.core.session.end()
        assert presenter.screen is None
        shown: list[QWidget] = [each for each in qapp.topLevelWidgets() if each.isVisible()]
        labels = [label.text() for each in shown for label in each.findChildren(QLabel) if label.isVisible()]
        assert name not in labels
        assert view.faces.currentWidget() is view.refused
        desk.core.session.begin(samples.user())
        await desk.director.heal()
        await desk.director.ended()
        while desk.director.show and desk.director.show.view and desk.director.show.view.state is StepState.FAILED:
            desk.director.again()
            await desk.director.ended()
        assert view.is_on
        await settled(lambda: view.slide.works.items[0].name.text() == name)


async def test_a_node_that_is_gone_leaves_the_stage_with_its_way_back(qapp: QApplication, tmp_path: Path) -> None:
    async with open_stage(qapp, tmp_path) as desk:
        view = await ready(desk)
        view.next_button.click()
        await desk.director.ended()
        await desk.core.environment.crash_node()
        await settled(lambda: desk.core.environment.ready is None)
        assert view.is_on
        view.next_button.click()
        await desk.director.ended()
        show = desk.director.show
        assert show is not None
        assert show.view is not None
        assert (show.view.state, view.slide.again_button.isVisible()) == (StepState.FAILED, True)
        view.slide.again_button.click()
        await desk.director.ended()
        assert desk.core.environment.ready is not None


async def test_before_anything_was_played_the_page_says_that_nothing_runs(qapp: QApplication, tmp_path: Path) -> None:
    async with open_stage(qapp, tmp_path) as desk:
        view = await ready(desk)
        await desk.core.environment.stop()
        await settled(lambda: view.faces.currentWidget() is view.absent)


async def test_another_language_and_theme_on_stage(qapp: QApplication, tmp_path: Path) -> None:
    async with open_stage(qapp, tmp_path) as desk:
        view = await ready(desk)
        view.next_button.click()
        await desk.director.ended()
        view.notes_button.click()
        view.full_screen_button.click()
        theme().set_dark(True)
        theme().finish()
        before = desk.program.pages
        desk.program.use_language(Language.ZH)
        await settled(lambda: desk.program.pages is not before and desk.program.pages.core is not None)
        await settled(lambda: desk.program.pages.stage.place is not None)
        fresh, presenter = desk.program.pages.stage_view, desk.program.pages.stage.presenter
        assert presenter is not None
        await settled(lambda: presenter.screen is not None)
        assert presenter.screen is not None
        assert presenter.screen.slide.headline.text() == SCENES[0].steps[0].headline.zh
        assert fresh.slide.headline.text() == SCENES[0].steps[0].headline.zh
        assert fresh.notes_button.isChecked()
        assert view.slide is not fresh.slide


async def test_pages_are_not_made_anew_while_a_step_runs(qapp: QApplication, tmp_path: Path) -> None:
    async with open_stage(qapp, tmp_path) as desk:
        view = await ready(desk)
        view.next_button.click()
        await desk.director.ended()
        desk.memory.chain.automine = False
        view.next_button.click()
        await settled(lambda: desk.director.is_running)
        before = desk.program.pages
        desk.program.use_language(Language.ZH)
        assert language().current is Language.EN
        assert desk.program.pages is before
        assert "A step is under way on stage" in desk.program.pages.obstacle
        desk.program.window.show_page(REGISTER)
        desk.program.window.show_page(STAGE)
        assert view.is_on
        await desk.director.give_up()
        assert desk.program.pages.obstacle == ""
