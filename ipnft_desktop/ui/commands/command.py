"""One thing the program can do: its name, its keys, and whether it can be done now."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QWidget

from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.buttons import Button
from ipnft_desktop.ui.widgets.plain import plain_tooltip

Keys = str | QKeySequence.StandardKey | Qt.Key
_Context = Qt.ShortcutContext


class Group(StrEnum):
    """The menus that are not a page's own."""

    FILE = "file"
    MINT = "mint"
    VIEW = "view"
    HELP = "help"


class Command(QAction):
    """Belongs to the page, tab, list or window that made it, and lives as long as that: there is no other list of
    commands than the window's own tree, see `registry.py`.

    Its keys work while the focus is in its owner. Whether it can be done is asked when somebody wants to know; a key
    does nothing where the menu could not.
    """

    def __init__(
        self,
        owner: QWidget,
        key: str,
        title: str,
        act: Callable[[], object],
        *keys: Keys,
        icon: Icon | None = None,
        group: Group | None = None,
        refusal: Callable[[], str] = str,
        context: Qt.ShortcutContext = _Context.WidgetWithChildrenShortcut,
        is_key_only: bool = False,
    ) -> None:
        """`key` is the command's name for programs, in English words ("register.new asset"), by which the palette
        finds it in every language too; `title` is its name for people. `refusal` answers why it cannot be done now, or
        nothing; without a `group` it stands in the menu of its page. One that is `is_key_only` makes sense by its keys
        alone, such as the way out of a field: it stands in the list of keys and nowhere else."""
        super().__init__(title, owner)
        self.setObjectName(key)
        self.owner = owner
        self.icon_name = icon
        self.group = group
        self.is_key_only = is_key_only
        self._act = act
        self._refusal = refusal
        self.setMenuRole(QAction.MenuRole.NoRole)
        self.setAutoRepeat(False)
        self.setShortcuts([QKeySequence(each) for each in keys])
        self.setShortcutContext(context)
        self.triggered.connect(self.run)
        owner.addAction(self)

    @property
    def key(self) -> str:
        """Its name for programs."""
        return self.objectName()

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.text()

    @property
    def keys(self) -> str:
        """Its first keys as this system writes them, or nothing."""
        return self.shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    @property
    def all_keys(self) -> str:
        """All its keys, as this system writes them; where two have one name, as Return and Enter in Chinese, once."""
        written = (each.toString(QKeySequence.SequenceFormat.NativeText) for each in self.shortcuts())
        return ", ".join(dict.fromkeys(written))

    def refusal(self) -> str:
        """Why it cannot be done now, in one sentence, or nothing."""
        return self._refusal()

    def run(self) -> None:
        """Do it, if it can be done."""
        if not self.refusal():
            self._act()

    def dispose(self) -> None:
        """Be no command any more, at once; for one whose owner outlives what it does."""
        self.owner.removeAction(self)
        self.setParent(None)
        self.deleteLater()


def button_command(
    owner: QWidget,
    key: str,
    button: QAbstractButton,
    *keys: Keys,
    title: str = "",
    icon: Icon | None = None,
    group: Group | None = None,
    why_not: Callable[[], str] = str,
) -> Command:
    """A command that presses a button: it can be done where the button can be pressed, and is refused as the button
    is. `why_not` is told where the button is merely off or out of view. The button tells the keys on hover."""

    def refusal() -> str:
        reason = button.refusal if isinstance(button, Button) else ""
        is_there = button.isEnabledTo(owner) and button.isVisibleTo(owner)
        return reason or ("" if is_there else why_not() or _not_now())

    name = title or button.text().replace("&&", "&") or button.accessibleName()
    made = Command(owner, key, name, button.click, *keys, icon=icon, group=group, refusal=refusal)
    if made.keys and not button.toolTip():
        button.setToolTip(plain_tooltip(f"{name} ({made.keys})"))
    return made


def _not_now() -> str:
    """The reason where there is no better one."""
    return QCoreApplication.translate("Command", "Not possible now.")
