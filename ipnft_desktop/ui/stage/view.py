"""The Stage page: the scenes at the left, the step in view at the right in large type."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from ipnft_desktop.domain.scenes import StageFault
from ipnft_desktop.ui.stage.clicker import FAULT_KEYS, HEAL_KEYS
from ipnft_desktop.ui.stage.commands import StageCommands
from ipnft_desktop.ui.stage.notes import NotesPanel
from ipnft_desktop.ui.stage.preparation import PreparationBar
from ipnft_desktop.ui.stage.scene_list import SceneList
from ipnft_desktop.ui.stage.slide import Slide
from ipnft_desktop.ui.stage.wording import fault_title
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Tone
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.no_environment import NoEnvironment
from ipnft_desktop.ui.widgets.notice_bar import NoticeBar
from ipnft_desktop.ui.widgets.page import Page
from ipnft_desktop.ui.widgets.text import Text


class StageView(Page):
    """`on_requested` and `back_requested` are the clicker, `full_screen_requested` the large screen and
    `black_requested` its curtain; `fault_requested` carries a `StageFault`."""

    on_requested = Signal()
    back_requested = Signal()
    full_screen_requested = Signal()
    black_requested = Signal()
    fault_requested = Signal(object)
    environment_requested = Signal()
    sign_in_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Stage"), self.tr("The show, scene by scene, on the real chain"), parent)
        self.has_screen = False
        """Whether the stage is on the full screen just now."""
        self._faults: Collection[StageFault] = ()
        self.scenes = SceneList()
        self.slide = Slide()
        self.notes = NotesPanel()
        self.notes.hide()
        self.back_button = SecondaryButton(self.tr("Back"))
        self.preparation = PreparationBar()
        self.next_button = SecondaryButton(self.tr("Next step"), Icon.CHEVRON_RIGHT)
        self.notes_button = SecondaryButton(self.tr("Notes"), Icon.FILE_TEXT)
        self.notes_button.setCheckable(True)
        self.fault_button = SecondaryButton(self.tr("Faults"), Icon.TRIANGLE_ALERT)
        self.save_button = SecondaryButton(self.tr("Save the scene…"), Icon.DOWNLOAD)
        self.full_screen_button = PrimaryButton(self.tr("Full screen"), Icon.MONITOR)
        self.absent = NoEnvironment(self.tr("The scenes are played on its chain."))
        self.refused = EmptyState(Icon.LOCK, self.tr("No stage here"))
        self.saving_bar = NoticeBar(Tone.ACCENT, self.tr("Stop"))
        self.left_out_bar = NoticeBar(Tone.WARN, self.tr("Read the scenes again"))
        self.faces = QStackedWidget()
        theme().dress(self.faces)
        for part in (self.saving_bar, self.left_out_bar):
            theme().dress(part)
        self._lay_out()
        self.commands = StageCommands(self)
        self.absent.action_requested.connect(self.environment_requested)
        self.refused.action_requested.connect(self.sign_in_requested)
        self.back_button.clicked.connect(self.back_requested)
        self.next_button.clicked.connect(self.on_requested)
        self.notes_button.toggled.connect(self.notes.setVisible)
        self.full_screen_button.clicked.connect(self.full_screen_requested)
        self.fault_button.clicked.connect(self._offer_faults)
        self.show_stage(is_ready=False)

    def show_stage(self, *, is_ready: bool, refusal: str = "", may_sign_in: bool = False) -> None:
        """Show the stage, or why there is none; `may_sign_in` offers what would end the refusal."""
        if refusal:
            self.refused.say(self.tr("No stage here"), refusal, self.tr("Sign in…") if may_sign_in else "")
        self.faces.setCurrentWidget(self.refused if refusal else self.ground if is_ready else self.absent)
        for button in (self.preparation, self.save_button, self.full_screen_button):
            button.setVisible(is_ready and not refusal)

    def show_faults(self, faults: Collection[StageFault]) -> None:
        """What is broken now; the menu ticks it."""
        self._faults = faults

    @property
    def is_on(self) -> bool:
        """Whether scenes can be played."""
        return self.faces.currentWidget() is self.ground

    def fault_menu(self) -> QMenu:
        """Everything that can be broken, what is broken ticked, and the way back."""
        menu = Menu(self)
        for fault, keys in FAULT_KEYS.items():
            action = menu.addAction(_with_keys(fault_title(fault), keys))
            action.setCheckable(True)
            action.setChecked(fault in self._faults)
            action.setEnabled(fault not in self._faults)
            action.triggered.connect(lambda _checked=False, fault=fault: self.fault_requested.emit(fault))
        menu.addSeparator()
        undo = menu.addAction(_with_keys(self.tr("Undo every fault"), HEAL_KEYS[0]))
        undo.setEnabled(bool(self._faults))
        undo.triggered.connect(self.slide.heal_requested)
        return menu

    def _lay_out(self) -> None:
        self.header.add_action(self.preparation)
        self.header.add_action(self.save_button)
        self.header.add_action(self.full_screen_button)
        presses = QHBoxLayout()
        presses.setSpacing(Space.S)
        for button in (self.back_button, self.next_button, self.notes_button, self.fault_button):
            presses.addWidget(button, 1)
        self.ground = QWidget()
        side = QVBoxLayout()
        side.setSpacing(Space.M)
        side.addWidget(self.scenes)
        side.addWidget(self.notes)
        side.addStretch(1)
        side.addLayout(presses)
        keys = self.tr("PgDown next · PgUp back · B black · F full screen · H undo the fault")
        side.addWidget(Text(keys, TextSize.CAPTION, ink=Ink.MUTED, wrap=True))
        self.side_ground = QWidget(self.ground)
        self.side_ground.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        self.side_ground.setFixedWidth(Size.WIDE_SIDE_PANEL)
        line = QHBoxLayout(self.ground)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.L)
        line.addWidget(self.side_ground)
        line.addWidget(self.slide, 1)
        for face in (self.ground, self.absent, self.refused):
            self.faces.addWidget(face)
        self.body.addWidget(self.left_out_bar)
        self.body.addWidget(self.saving_bar)
        self.body.addWidget(self.faces)

    def _offer_faults(self) -> None:
        menu = self.fault_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.fault_button.mapToGlobal(self.fault_button.rect().bottomLeft()))


def _with_keys(title: str, keys: str) -> str:
    """A line of the menu with its keys at the right; they are the page's, so the line itself listens to none."""
    return f"{title}\t{QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)}"
