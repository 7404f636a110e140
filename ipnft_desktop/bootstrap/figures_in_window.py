"""Joins the figures of the register to the window: their tab of the Gas page."""

from __future__ import annotations

from collections.abc import Generator

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.figures.presenter import FiguresPresenter
from ipnft_desktop.ui.figures.view import FiguresTab
from ipnft_desktop.ui.gas.view import GasView
from ipnft_desktop.ui.widgets.toast import ToastStack


def add_figures_tab(view: GasView) -> Generator[None, None, FiguresTab]:
    """Make the tab, in pieces."""
    tab = FiguresTab(view.tab_ground, whole=False)
    view.add_tab(QCoreApplication.translate("FiguresInWindow", "This register"), tab)
    tab.sign_in_requested.connect(view.sign_in_requested)
    yield from tab.build()
    yield
    return tab


def figures_presenter(tab: FiguresTab, core: Core, events: AppEvents, toasts: ToastStack) -> FiguresPresenter:
    """What runs the tab over a core."""
    presenter = FiguresPresenter(tab, core.figures, core.runs, core.run_exports, events)
    presenter.notice.connect(toasts.show_toast)
    return presenter
