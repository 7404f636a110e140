"""What a person without a mouse, or without sight, finds in a page or a dialog."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QTabBar,
    QTableView,
    QTextEdit,
    QToolButton,
    QWidget,
)

from ipnft_desktop.ui.widgets.dialog_parts import IconLabel

_INFORMATIVE = (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QProgressBar,
    QTabBar,
)
_MOST_STOPS = 300


def tab_stops(root: QWidget) -> list[QWidget]:
    """What Tab has to reach: visible, enabled, and taking the focus by Tab."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.window() is root.window()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not isinstance(widget, QDialog)
        and not _is_left_to_arrows(widget)
    ]


def _is_left_to_arrows(widget: QWidget) -> bool:
    """Of buttons that exclude each other Tab reaches the chosen one; the arrow keys go to the others."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and group.exclusive() and widget is not group.checkedButton()


def tab_walk(root: QWidget) -> list[QWidget]:
    """Where the focus goes while Tab is pressed, from the first stop in the root until it comes round."""
    stops = tab_stops(root)
    if not stops:
        return []
    walked: list[QWidget] = []
    stops[0].setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(_MOST_STOPS):
        focus = QApplication.focusWidget()
        assert focus is not None, "the focus is lost"
        if focus in walked:
            break
        walked.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    inside = [widget for widget in walked if root.isAncestorOf(widget) and not _is_left_to_arrows(widget)]
    # It goes round: the turn is where it fits best.
    turns = [inside[at:] + inside[:at] for at in range(len(inside))]
    return min(turns, key=lambda turn: (len(misplaced(turn)), _distance(turn[0])), default=[])


def _distance(widget: QWidget) -> int:
    """From the corner where reading begins."""
    corner = widget.mapTo(widget.window(), QPoint())
    return corner.x() + corner.y()


def misplaced(walked: list[QWidget]) -> list[str]:
    """Pairs in which Tab comes to the second although it stands before the first: above it, or left of it."""
    return [
        f"{describe(later)} is read before {describe(earlier)}"
        for earlier, later in pairwise(walked)
        if _stands_before(later, earlier)
    ]


def _stands_before(one: QWidget, other: QWidget) -> bool:
    """By the places of the two parts in which they are, of what holds both."""
    first, second = _lineage(one), _lineage(other)
    fork = next((at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), None)
    if fork is None:
        return len(first) < len(second)  # one holds the other
    here, there = (QRect(part.mapToGlobal(QPoint()), part.size()) for part in (first[fork], second[fork]))
    if here.bottom() < there.top():
        return here.left() < there.right()  # to the right begins another column
    return here.right() < there.left() and here.top() < there.bottom() and there.top() < here.bottom()


def _lineage(widget: QWidget) -> list[QWidget]:
    """What holds it, the outermost first, and itself."""
    line = [widget]
    while (parent := line[0].parentWidget()) is not None:
        line.insert(0, parent)
    return line


def describe(widget: QWidget) -> str:
    """For a message."""
    text = name_of(widget) or widget.objectName()
    owner = widget.parentWidget()
    return f"{type(widget).__name__} “{text}” in {type(owner).__name__}"


def name_of(widget: QWidget) -> str:
    """What a screen reader says it is."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def nameless(root: QWidget) -> Iterator[str]:
    """What takes the focus or tells something, and has no name."""
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or widget.window() is not root.window() or _is_inner(widget):
            continue
        takes_focus = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None
        is_ornament = isinstance(widget, IconLabel)  # it stands beside words that say the same
        is_picture = isinstance(widget, QLabel) and not widget.pixmap().isNull() and not is_ornament
        if (takes_focus or isinstance(widget, _INFORMATIVE) or is_picture) and not name_of(widget).strip():
            yield describe(widget)
        if isinstance(widget, QTableView):
            yield from _nameless_columns(widget)


def _nameless_columns(view: QTableView) -> Iterator[str]:
    model = view.model()
    for column in range(model.columnCount()) if model is not None else ():
        if model.columnCount() > 1 and not str(model.headerData(column, Qt.Orientation.Horizontal) or "").strip():
            yield f"column {column} of {describe(view)}"


def _is_inner(widget: QWidget) -> bool:
    """Parts that Qt makes for its own widgets."""
    owner = widget.parentWidget()
    return widget.objectName().startswith("qt_") or (
        isinstance(owner, QAbstractScrollArea | QComboBox | QLineEdit)
        and not isinstance(widget, QLabel)
        and type(widget).__module__.startswith("PySide6")
    )


def unmarked(stops: list[QWidget], elsewhere: QWidget) -> list[str]:
    """Stops that look the same with and without the focus; `elsewhere` takes it meanwhile."""
    found: list[str] = []
    for stop in stops:
        elsewhere.setFocus(Qt.FocusReason.TabFocusReason)
        without = stop.grab().toImage()
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        if stop.grab().toImage() == without:
            found.append(describe(stop))
    return found


def clipped(root: QWidget) -> list[str]:
    """Labels and buttons that are narrower than their text, though they do not shorten it themselves."""
    return [
        f"{describe(widget)}: {widget.width()} of {widget.sizeHint().width()} pixels"
        for widget in root.findChildren(QWidget)
        if widget.isVisible() and _is_clipped(widget)
    ]


def _is_clipped(widget: QWidget) -> bool:
    if isinstance(widget, QLabel):
        shortens = type(widget).__name__ == "ElidedLabel" or widget.wordWrap()
        return bool(widget.text()) and not shortens and widget.width() < widget.sizeHint().width() - 1
    if isinstance(widget, QToolButton):
        return widget.width() < widget.fontMetrics().horizontalAdvance(widget.text())
    if isinstance(widget, QAbstractButton) and widget.text():
        return widget.width() < widget.minimumSizeHint().width() - 1
    return False
