"""Notices over a part of the window; they never take the focus and never block."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Tone
from ipnft_desktop.ui.widgets.buttons import IconButton, LinkButton
from ipnft_desktop.ui.widgets.dialog_parts import IconLabel
from ipnft_desktop.ui.widgets.text import Text

_SHOWN_MS = 6_000
_MOST = 4
_LOOK = {
    Tone.OK: (Icon.CIRCLE_CHECK, Ink.OK),
    Tone.WARN: (Icon.TRIANGLE_ALERT, Ink.WARN),
    Tone.ERROR: (Icon.CIRCLE_ALERT, Ink.ERROR),
}


class _Toast(QFrame):
    def __init__(self, tone: Tone, key: str) -> None:
        super().__init__()
        self.setProperty("toast", True)
        self.key = key
        self.act: Callable[[], object] | None = None
        self.on_gone: Callable[[], object] | None = None
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(_SHOWN_MS)
        self.close_button = IconButton(Icon.X, self.tr("Dismiss"))
        self.action_button = LinkButton()
        for button in (self.close_button, self.action_button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._leaves_by_itself = tone is not Tone.ERROR
        self._text = Text("", TextSize.BODY, wrap=True)
        line = QHBoxLayout(self)
        line.setContentsMargins(Space.M, Space.S, Space.S, Space.S)
        line.setSpacing(Space.S)
        line.addWidget(IconLabel(*_LOOK.get(tone, (Icon.INFO, Ink.ACCENT))))
        line.addWidget(self._text, 1)
        line.addWidget(self.action_button)
        line.addWidget(self.close_button)

    def tell(self, text: str, action: str, act: Callable[[], object] | None) -> None:
        """Show a text and what can be done about it; the time in view begins anew."""
        self.setAccessibleName(text)
        self._text.setText(text)
        self.act = act
        self.action_button.setText(action)
        self.action_button.setVisible(act is not None)
        if self._leaves_by_itself:
            self.timer.start()


class ToastStack(QWidget):
    """The pile of notices over a host widget; the newest lies at the bottom, four at most are kept.

    They lie at the lower right of the host, or of the part of it that `stand_over` names.
    """

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        theme().dress(self)
        self._host = self._ground = host
        self._toasts: list[_Toast] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(Space.S)
        self.setFixedWidth(Size.NOTICE)
        self.hide()
        host.installEventFilter(self)

    @property
    def texts(self) -> tuple[str, ...]:
        """The notices in view, oldest first."""
        return tuple(toast.accessibleName() for toast in self._toasts)

    def show_toast(
        self,
        text: str,
        tone: Tone = Tone.ACCENT,
        action: str = "",
        on_action: Callable[[], object] | None = None,
        key: str = "",
        on_gone: Callable[[], object] | None = None,
    ) -> None:
        """Show a notice. It leaves by itself after six seconds; an error stays until it is dismissed. `on_gone` is
        called when it leaves without its action.

        A notice in view that has the same key is told anew instead, and keeps its tone.
        """
        toast = self._of(key) or self._add(tone, key)
        toast.tell(text, action, on_action)
        toast.on_gone = on_gone
        self._place()

    def stand_over(self, ground: QWidget) -> None:
        """Lie over this part of the host from now on, wherever it moves."""
        self._ground.removeEventFilter(self)
        self._ground = ground
        ground.installEventFilter(self)
        self._place()

    def is_shown(self, key: str) -> bool:
        """Whether a notice of this key is in view."""
        return self._of(key) is not None

    def clear(self) -> None:
        """Dismiss every notice."""
        for toast in tuple(self._toasts):
            self._dismiss(toast)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner when the ground changes its size or place."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return super().eventFilter(watched, event)

    def _of(self, key: str) -> _Toast | None:
        return next((toast for toast in self._toasts if key and toast.key == key), None)

    def _add(self, tone: Tone, key: str) -> _Toast:
        toast = _Toast(tone, key)
        toast.close_button.clicked.connect(lambda: self._dismiss(toast))
        toast.action_button.clicked.connect(lambda: self._on_action(toast))
        toast.timer.timeout.connect(lambda: self._dismiss(toast))
        self._toasts.append(toast)
        self._box.addWidget(toast)
        toast.show()
        for old in self._toasts[:-_MOST]:
            self._dismiss(old)
        return toast

    def _on_action(self, toast: _Toast) -> None:
        toast.on_gone = None
        self._dismiss(toast)
        if toast.act is not None:
            toast.act()

    def _dismiss(self, toast: _Toast) -> None:
        if toast not in self._toasts:
            return
        self._toasts.remove(toast)
        self._box.removeWidget(toast)
        toast.timer.stop()
        toast.hide()
        toast.deleteLater()
        self._place()
        if toast.on_gone is not None:
            toast.on_gone()

    def _place(self) -> None:
        self.setVisible(bool(self._toasts))
        if not self._toasts:
            return
        self._box.activate()
        height = (
            self._box.heightForWidth(Size.NOTICE) if self._box.hasHeightForWidth() else self._box.sizeHint().height()
        )
        self.resize(Size.NOTICE, height)
        corner = self._ground.mapTo(self._host, QPoint(self._ground.width(), self._ground.height()))
        self.move(corner - QPoint(Size.NOTICE + Space.L, height + Space.L))
        self.raise_()
