"""The status bar names the node and the database that the settings chose, once everything is ready."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from ipnft_desktop.domain.events import EnvironmentChanged
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.environment_state import EnvironmentReady
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.status_feed import StatusFeed
from ipnft_desktop.ui.widgets.status_strip import StatusStrip
from tests.gui.support.environment_stage import IDENTITY


class Desk:
    queue_depth = 0


class Environment:
    ready: EnvironmentReady | None = None


def test_it_names_what_the_settings_chose(qtbot: QtBot) -> None:
    hub, events, environment = EventHub(), AppEvents(), Environment()
    events.attach(hub)
    window = MainWindow()
    qtbot.addWidget(window)
    StatusFeed(window, Desk(), environment, events, None, node_name="chain.example:8545", database="PostgreSQL")
    strip = window.findChildren(StatusStrip)[0]

    def told() -> str:
        return " | ".join(part.accessibleName() for part in strip.findChildren(QAbstractButton))

    assert "chain.example" not in told()
    environment.ready = EnvironmentReady(1.0, IDENTITY, phrase("database"), phrase("content"))
    hub.publish(EnvironmentChanged(is_ready=True))

    assert "chain.example:8545 31337" in told()
    assert "Database PostgreSQL" in told()
