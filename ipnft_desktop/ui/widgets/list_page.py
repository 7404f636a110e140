"""The frame of a page that lists what the register holds."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.list_faces import Face, ListFaces
from ipnft_desktop.ui.widgets.page import Page


class ListPage(Page):
    """There is something to list once the environment runs and somebody is signed in: until then, and where nothing is
    found, `faces` say so. `query_changed` carries what the person asks to see."""

    environment_requested = Signal()
    sign_in_requested = Signal()
    query_changed = Signal(object)
    reload_requested = Signal()

    def __init__(self, faces: ListFaces, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.faces = self.notice_ground = faces
        self.error_panel = ErrorPanel()
        again = self.error_panel.add_button(self.tr("Reload the list"))
        again.clicked.connect(self.reload_requested)
        faces.no_environment.action_requested.connect(self.environment_requested)
        faces.signed_out.action_requested.connect(self.sign_in_requested)

    @property
    def face(self) -> Face:
        """What fills the place of the list."""
        return self.faces.face

    @property
    def closed_reason(self) -> str:
        """Why nothing can be done with the list now, in one sentence, or nothing."""
        match self.face:
            case Face.NO_ENVIRONMENT:
                return self.tr("Start the environment first.")
            case Face.SIGNED_OUT:
                return self.tr("Sign in first.")
            case _:
                return ""
