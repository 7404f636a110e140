"""How a chart says its axes and values."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.ui.charts.chart import Axis
from ipnft_desktop.ui.widgets.measures import local_time
from ipnft_desktop.ui.widgets.plain import visible


def axis_words(axis: Axis) -> str:
    """`Gas a token (gas)`."""
    if not axis.unit:
        return visible(axis.title)
    return QCoreApplication.translate("Chart", "{0} ({1})").format(visible(axis.title), visible(axis.unit))


def x_words(axis: Axis, x: float) -> str:
    """A value of the axis along the bottom."""
    return local_time(datetime.fromtimestamp(x, UTC)) if axis.is_time else axis.text(x)
