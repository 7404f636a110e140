"""The form in which a workspace or a checkpoint gets its name; it stays while what it asks for is copied."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ipnft_desktop.domain.workspaces import NAME_MAX_CHARS
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.progress_panel import ProgressPanel


class NameForm(FormDialog):
    """`stop_requested` is Cancel while something is copied."""

    stop_requested = Signal()

    def __init__(
        self,
        title: str,
        sentence: str,
        submit: str,
        name: str = "",
        *,
        choice: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`name` is suggested; `choice` names a switch below it, left out where empty."""
        super().__init__(Icon.DATABASE, title, sentence, submit, parent)
        self.name = QLineEdit(name)
        self.name.setMaxLength(NAME_MAX_CHARS)
        self.name.selectAll()
        self.add_field("name", FormField(self.tr("Name"), self.name))
        self.switch = CheckBox(choice)
        self.switch.setVisible(bool(choice))
        self.add_part(self.switch)
        self.progress = ProgressPanel()
        self.progress.hide()
        self.add_part(self.progress)
        self.name.setFocus()

    def begin(self, what: str) -> None:
        """Something is being copied, which can be ended."""
        self.set_busy(True)
        self.progress.begin(what)
        self.progress.show()
        self.cancel_button.setEnabled(True)

    def set_busy(self, busy: bool) -> None:
        """While it is carried out nothing can be changed."""
        super().set_busy(busy)
        self.switch.setEnabled(not busy)
        self.progress.hide()

    def reject(self) -> None:
        """Close; what is being copied is ended first."""
        if self.is_busy:
            self.stop_requested.emit()
        else:
            super().reject()
