"""The Stage page: the scenes at the left, the step in view at the right in large type."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ipnft_desktop.domain.scenes import StageFault
from ipnft_desktop.ui.stage.commands import StageCommands
from ipnft_desktop.ui.stage.scene_list import SceneList
from ipnft_desktop.ui.stage.slide import Slide
from ipnft_desktop.ui.stage.wording import fault_title
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Tone
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.no_environment import NoEnvironment
from ipnft_desktop.ui.widgets.notice_bar import NoticeBar
from ipnft_desktop.ui.widgets.page import Page
from ipnft_desktop.ui.widgets.text import Text


class StageView(Page):
    """`on_requested` and `back_requested` are the clicker, `full_screen_requested` the large screen; `fault_requested`
    carries a `StageFault`."""

    on_requested = Signal()
    back_requested = Signal()
    full_screen_requested = Signal()
    fault_requested = Signal(object)
    environment_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Stage"), self.tr("The show, scene by scene, on the real chain"), parent)
        self.scenes = SceneList()
        self.slide = Slide()
        self.next_button = SecondaryButton(self.tr("Next step"), Icon.CHEVRON_RIGHT)
        self.fault_button = SecondaryButton(self.tr("Break something"), Icon.TRIANGLE_ALERT)
        self.save_button = SecondaryButton(self.tr("Save the scene…"), Icon.DOWNLOAD)
        self.full_screen_button = PrimaryButton(self.tr("Full screen"), Icon.MONITOR)
        self.absent = NoEnvironment(self.tr("The scenes are played on its chain."))
        self.refused = EmptyState(Icon.LOCK, self.tr("No stage here"))
        self.saving_bar = NoticeBar(Tone.ACCENT, self.tr("Stop"))
        self.left_out_bar = NoticeBar(Tone.WARN, self.tr("Read the scenes again"))
        self.faces = QStackedWidget()
        self._lay_out()
        self.commands = StageCommands(self)
        self.absent.action_requested.connect(self.environment_requested)
        self.next_button.clicked.connect(self.on_requested)
        self.full_screen_button.clicked.connect(self.full_screen_requested)
        self.fault_button.clicked.connect(self._offer_faults)
        self.show_stage(is_ready=False)

    def show_stage(self, *, is_ready: bool, refusal: str = "") -> None:
        """Show the stage, or why there is none."""
        if refusal:
            self.refused.say(self.tr("No stage here"), refusal)
        self.faces.setCurrentWidget(self.refused if refusal else self.ground if is_ready else self.absent)
        for button in (self.next_button, self.fault_button, self.save_button, self.full_screen_button):
            button.setVisible(is_ready and not refusal)

    @property
    def is_on(self) -> bool:
        """Whether scenes can be played."""
        return self.faces.currentWidget() is self.ground

    def _lay_out(self) -> None:
        self.header.add_action(self.next_button)
        self.header.add_action(self.fault_button)
        self.header.add_action(self.save_button)
        self.header.add_action(self.full_screen_button)
        self.ground = QWidget()
        side = QVBoxLayout()
        side.setSpacing(Space.M)
        side.addWidget(self.scenes)
        side.addStretch(1)
        keys = self.tr("PageDown next step · PageUp back · B black · F full screen · H undo the fault")
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
        menu = Menu(self)
        for fault in StageFault:
            menu.addAction(fault_title(fault)).triggered.connect(
                lambda _checked=False, fault=fault: self.fault_requested.emit(fault)
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.fault_button.mapToGlobal(self.fault_button.rect().bottomLeft()))
