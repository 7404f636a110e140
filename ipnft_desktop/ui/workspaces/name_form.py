"""The form in which a workspace or a checkpoint gets its name; it stays while what it asks for is copied."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from PySide6.QtWidgets import QLineEdit, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.workspaces import NAME_MAX_CHARS
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.progress_panel import ProgressPanel

M = TypeVar("M")


class NameForm(FormDialog):
    """Cancel ends what is being copied, and closes the form where nothing is."""

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
        self._work: LongWork | None = None
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

    async def copy(self, make: Callable[[LongWork], Coroutine[Any, Any, M]]) -> M | None:
        """Copy what the form asks for; it closes once that is made, which is answered. None where it was ended, or was
        refused, which the form says."""
        work = self._work = LongWork(self.progress.show_share)
        self.set_busy(True)
        self.progress.begin(self.tr("Copying…"))
        self.progress.show()
        self.cancel_button.setEnabled(True)
        made: M | None = None
        refusal: IpnftError | None = None
        try:
            made = await make(work)
        except WorkCancelled:
            pass
        except IpnftError as error:
            refusal = error
        finally:
            self._work = None
            self.set_busy(False)
        if refusal is not None:
            self.show_refusal(refusal)
        elif made is not None:
            self.accept()
        return made

    def stop(self) -> None:
        """End what is being copied."""
        if self._work is not None:
            self._work.cancel()

    def set_busy(self, busy: bool) -> None:
        """While it is carried out nothing can be changed."""
        super().set_busy(busy)
        self.switch.setEnabled(not busy)
        self.progress.hide()

    def reject(self) -> None:
        """Close; what is being copied is ended first."""
        if self.is_busy:
            self.stop()
        else:
            super().reject()
