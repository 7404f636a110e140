"""File dialogs that leave the event loop running: the window's own, opened and answered by a call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from ipnft_desktop.domain.file_names import safe_file_name
from ipnft_desktop.ui.theme.theme import theme


def ask_where_to_save(parent: QWidget, file_name: str, use: Callable[[Path], object]) -> QFileDialog:
    """Ask for a place to save a file of this name; `use` gets it unless the person turns back."""
    dialog = _dialog(parent, QCoreApplication.translate("FileDialogs", "Save file"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(safe_file_name(file_name))

    def on_chosen(chosen: str) -> None:
        use(Path(chosen))

    dialog.fileSelected.connect(on_chosen)
    dialog.open()
    return dialog


def ask_for_files(
    parent: QWidget, title: str, use: Callable[[Sequence[Path]], object], *, name_filter: str = "", several: bool = True
) -> QFileDialog:
    """Ask for existing files; `use` gets them unless the person turns back."""
    dialog = _dialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles if several else QFileDialog.FileMode.ExistingFile)
    if name_filter:
        dialog.setNameFilter(name_filter)

    def on_chosen(chosen: list[str]) -> None:
        use([Path(path) for path in chosen])

    dialog.filesSelected.connect(on_chosen)
    dialog.open()
    return dialog


def ask_for_folder(parent: QWidget, title: str, use: Callable[[Path], object]) -> QFileDialog:
    """Ask for an existing folder; `use` gets it unless the person turns back."""
    dialog = _dialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)

    def on_chosen(chosen: str) -> None:
        use(Path(chosen))

    dialog.fileSelected.connect(on_chosen)
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    theme().dress(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    # The native dialog of some platforms runs a loop of its own and would hold up every running mint.
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    return dialog
