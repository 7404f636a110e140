"""Alerts in the window: a bell that counts, notices that merge, a panel that says what to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QPushButton
from pytestqt.qtbot import QtBot

from ipnft_desktop.domain.alerts import Alert, AlertKind
from ipnft_desktop.domain.audit import AuditFault
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.events import (
    AlertCleared,
    AlertRaised,
    DomainEvent,
    EnvironmentChanged,
    WritingFrozen,
)
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.ui.alerts import notices, presenter, wording
from ipnft_desktop.ui.alerts.alert_list import ALERT_ROLE
from ipnft_desktop.ui.alerts.panel import AlertPanel
from ipnft_desktop.ui.alerts.presenter import AlertPresenter
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.status_feed import StatusFeed
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.widgets.audit_words import audit_fault
from ipnft_desktop.ui.widgets.status_strip import StatusSegment, StatusStrip
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from tests.gui.register_doubles import EPOCH
from tests.gui.support.waiting import turns

ASSET = UUID(int=7)
MINT = {"job": str(UUID(int=5)), "asset": str(ASSET), "asset_name": "Vase", "assets": "1"}


def alert(number: int, kind: AlertKind = AlertKind.MINT_TOO_OLD, *, passed: bool = False, **facts: str) -> Alert:
    cleared_at = EPOCH + timedelta(minutes=5) if passed else None
    return Alert(number, kind, "", {**MINT, **facts}, EPOCH, cleared_at)


class Record:
    """Answers like `AlertService`."""

    def __init__(self) -> None:
        self.alerts: tuple[Alert, ...] = ()
        self.failure: IpnftError | None = None
        self.refused = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def recent(self) -> tuple[Alert, ...]:
        kept = self.alerts
        await self.gate.wait()
        if self.failure is not None:
            self.refused.set()
            raise self.failure
        return kept


class NoDesk:
    queue_depth = 0


class NoEnvironment:
    ready = None


class Scene:
    """A window with a bell, over a record that a test fills."""

    def __init__(self) -> None:
        self.record = Record()
        self.hub, self.events = EventHub(), AppEvents()
        self.events.attach(self.hub)
        self.window = MainWindow()
        self.window.add_page("register", "Register", Icon.LIST_TREE)
        self.status = StatusFeed(self.window, NoDesk(), NoEnvironment(), self.events, None, "Hardhat", "SQLite")
        self.presenter = AlertPresenter(self.window, self.window.toasts, self.record, self.events)
        self.presenter.open_count_changed.connect(self.status.show_open_alerts)
        self.window.link_segment(StatusSegment.ALERTS, self.presenter.open)
        self.opened: list[UUID] = []
        self.presenter.mint_requested.connect(self.opened.append)
        self.window.show()

    @property
    def panel(self) -> AlertPanel:
        panel = self.presenter.panel
        assert panel is not None
        return panel

    @property
    def bell(self) -> QAbstractButton:
        strip = self.window.findChildren(StatusStrip)[0]
        return next(b for b in strip.findChildren(QAbstractButton) if "alert" in b.accessibleName())

    def listed(self) -> list[int]:
        model = self.panel.list.model()
        return [model.index(at, 0).data(ALERT_ROLE).alert_id for at in range(model.rowCount())]

    async def hears(self, event: DomainEvent) -> int:
        """The number of open alerts once it is told anew."""
        return await self.counts(lambda: self.hub.publish(event))

    async def counts(self, act: Callable[[], object]) -> int:
        """The same for whatever tells it."""
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        counted = self.presenter.open_count_changed.connect(lambda count: told.done() or told.set_result(count))
        act()
        count = await told
        self.presenter.open_count_changed.disconnect(counted)
        return count

    async def starts_with(self, *alerts: Alert) -> int:
        self.record.alerts = alerts
        return await self.counts(self.presenter.reload)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presenter, "_REFRESH_MS", 0)
    monkeypatch.setattr(notices, "MERGED_MS", 0)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    made = Scene()
    yield made
    await made.presenter.close()
    made.window.close()
    made.window.deleteLater()


# --- bell -----------------------------------------------------------------------------------------------------------


async def test_the_bell_counts_what_is_open(scene: Scene) -> None:
    assert scene.bell.accessibleName() == "No open alerts"
    assert await scene.starts_with(alert(1), alert(2), alert(3, passed=True)) == 2
    assert scene.bell.accessibleName() == "2 open alerts"
    assert await scene.hears(AlertCleared(alert(1, passed=True))) == 1
    assert scene.bell.accessibleName() == "1 open alert"
    assert await scene.hears(AlertRaised(alert(4))) == 2


async def test_the_bell_keeps_its_count_when_the_environment_ends(scene: Scene) -> None:
    await scene.starts_with(alert(1))
    scene.hub.publish(EnvironmentChanged(is_ready=False))
    assert scene.bell.accessibleName() == "1 open alert"


async def test_an_alert_told_while_the_record_is_read_is_not_forgotten(scene: Scene) -> None:
    scene.record.alerts = (alert(1),)
    scene.record.gate.clear()
    scene.presenter.reload()
    await asyncio.sleep(0)
    assert await scene.hears(AlertRaised(alert(2))) == 1
    scene.record.gate.set()
    assert await scene.hears(AlertRaised(alert(3))) >= 2
    scene.presenter.open()
    assert scene.listed()[:2] == [3, 2]


async def test_73_nobody_reads_alerts_without_signing_in(scene: Scene) -> None:
    await scene.starts_with(alert(1))
    scene.presenter.open()
    scene.presenter.show_signed_out()
    assert scene.panel.is_empty
    await scene.hears(AlertRaised(alert(2)))
    scene.presenter.open()
    await turns()
    assert scene.panel.is_empty
    assert not scene.window.toasts.texts, "a notice names the asset"
    assert scene.bell.accessibleName() == "2 open alerts"
    scene.record.alerts = (alert(1), alert(2))
    assert await scene.counts(scene.presenter.reload) == 2
    assert not scene.panel.is_empty


def test_a_bell_that_leads_nowhere_is_not_shown(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    bell = next(b for b in window.findChildren(QAbstractButton) if b.accessibleName() == "No open alerts")
    assert not bell.isVisible()


async def test_blocked_writing_is_told_in_the_status_bar(scene: Scene) -> None:
    scene.hub.publish(WritingFrozen(EnvironmentFault(ErrorCode.CHAIN_RESET)))
    tags = [tag.text for tag in scene.window.findChildren(StatusTag) if tag.isVisible()]
    assert tags == ["WRITING BLOCKED"]


# --- notices --------------------------------------------------------------------------------------------------------


async def test_a_new_alert_is_a_notice_that_leads_to_it(scene: Scene) -> None:
    await scene.starts_with(alert(1), alert(2))
    assert scene.window.toasts.texts == (), "what was known before is no news"
    await scene.hears(AlertRaised(alert(3, AlertKind.RETRIES_FAILED, failed="4")))
    await scene.hears(AlertCleared(alert(2, passed=True)))
    assert scene.window.toasts.texts == ("Retries do not help: 4 in a row failed",)
    next(b for b in scene.window.toasts.findChildren(QPushButton) if b.text() == "Show").click()
    assert scene.panel.isVisible()
    assert scene.panel.list.current == alert(3, AlertKind.RETRIES_FAILED, failed="4")


async def test_many_old_mints_are_one_notice(scene: Scene) -> None:
    await scene.starts_with()
    for number in range(1, 1_000):
        scene.hub.publish(AlertRaised(alert(number)))
    assert await scene.hears(AlertRaised(alert(1_000))) == 1_000
    assert scene.window.toasts.texts == ("1,000 mints are open for more than ten minutes",)


async def test_one_old_mint_is_told_by_name(scene: Scene) -> None:
    await scene.starts_with()
    await scene.hears(AlertRaised(alert(1)))
    assert scene.window.toasts.texts == ("Open for more than ten minutes: Vase",)


# --- panel ----------------------------------------------------------------------------------------------------------


async def test_the_bell_opens_the_panel_with_open_alerts_first(scene: Scene, qtbot: QtBot) -> None:
    await scene.starts_with(alert(4, passed=True), alert(2), alert(3), alert(1, passed=True))
    qtbot.mouseClick(scene.bell, Qt.MouseButton.LeftButton)
    assert scene.panel.isVisible()
    assert not scene.panel.isModal()
    assert scene.listed() == [3, 2, 4, 1]
    assert scene.panel.summary == "2 open · 2 passed"
    assert scene.panel.list.current == alert(3)


async def test_the_keyboard_opens_the_panel_walks_it_and_opens_the_mint(scene: Scene, qtbot: QtBot) -> None:
    other = alert(1, asset=str(UUID(int=8)))
    await scene.starts_with(alert(2), other)
    shortcut = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(scene.window, Qt.Key.Key_A, shortcut)
    qtbot.keyClick(scene.panel.list, Qt.Key.Key_Down)
    assert scene.panel.list.current == other
    qtbot.keyClick(scene.panel.list, Qt.Key.Key_Return)
    assert scene.opened == [UUID(int=8)]
    qtbot.keyClick(scene.panel, Qt.Key.Key_Escape)
    assert not scene.panel.isVisible()


async def test_the_button_opens_the_mint_of_the_alert_in_view(scene: Scene) -> None:
    await scene.starts_with(alert(1))
    scene.presenter.open()
    assert scene.panel.detail.open_button.text() == "Open mint"
    scene.panel.detail.open_button.click()
    assert scene.opened == [ASSET]


async def test_an_alert_about_no_mint_has_nothing_to_open(scene: Scene) -> None:
    await scene.starts_with(Alert(1, AlertKind.SUCCESS_RATE_LOW, "", {}, EPOCH))
    scene.presenter.open()
    assert not scene.panel.detail.open_button.isVisible()
    scene.panel.list.activated.emit(scene.panel.list.currentIndex())
    assert scene.opened == []


async def test_an_alert_about_the_audit_log_names_the_row_and_leads_there(scene: Scene) -> None:
    asked: list[bool] = []
    scene.presenter.audit_requested.connect(lambda: asked.append(True))
    await scene.starts_with(Alert(1, AlertKind.AUDIT_BROKEN, "", {"fault": "EDITED", "row": "17"}, EPOCH))
    scene.presenter.open()
    assert scene.panel.detail.headline == "The audit log is not proved"
    assert scene.panel.detail.open_button.text() == "Open audit log"
    scene.panel.detail.open_button.click()
    assert (asked, scene.opened) == ([True], [])


@pytest.mark.parametrize("fault", AuditFault)
def test_every_fault_of_the_audit_log_is_told_with_its_row(fault: AuditFault) -> None:
    sentence = audit_fault(fault, "17")
    assert "17" in sentence
    assert sentence != audit_fault("unknown", "17")


async def test_an_alert_that_passes_in_view_keeps_the_mark_and_says_so(scene: Scene) -> None:
    await scene.starts_with(alert(3), alert(2), alert(1))
    scene.presenter.open(2)
    scene.record.alerts = (alert(3), alert(1), alert(2, passed=True))
    await scene.hears(AlertCleared(alert(2, passed=True)))
    assert scene.listed() == [3, 1, 2]
    assert scene.panel.list.current == alert(2, passed=True)
    assert scene.panel.detail.headline == "A mint was open for more than ten minutes"
    assert "Nothing needs doing" in scene.panel.detail.advice


async def test_no_alerts_and_no_register_say_what_belongs_here(scene: Scene) -> None:
    scene.presenter.open()
    assert scene.panel.is_empty
    await scene.starts_with(alert(1))
    assert not scene.panel.is_empty
    await scene.starts_with()
    assert scene.panel.is_empty


async def test_a_record_that_cannot_be_read_is_told_above_what_is_known(scene: Scene) -> None:
    await scene.starts_with(alert(1))
    scene.record.failure = EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE)
    scene.presenter.open()
    await scene.record.refused.wait()
    await asyncio.sleep(0)  # the refusal has reached whoever asked
    assert scene.panel.error_panel.code == "DATABASE_UNAVAILABLE"
    assert scene.listed() == [1]
    scene.record.failure = None
    await scene.starts_with(alert(1))
    assert scene.panel.error_panel.code == ""


async def test_text_from_outside_is_shown_inert(scene: Scene) -> None:
    await scene.starts_with(alert(1, asset_name="<b>Vase</b>\u202e"))
    scene.presenter.open()
    index = scene.panel.list.currentIndex()
    told = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Open: A mint is open for more than ten minutes. <b>Vase</b>⟨U+202E⟩"


@pytest.mark.parametrize("dark", [False, True])
async def test_the_panel_paints_in_both_themes(scene: Scene, dark: bool) -> None:
    await scene.starts_with(alert(2), alert(1, passed=True))
    theme().set_dark(dark)
    theme().finish()
    scene.presenter.open()
    picture = scene.panel.grab().toImage()
    ground = picture.pixelColor(3, 3)
    assert ground.name() == theme().tokens.surface
    assert any(picture.pixelColor(x, y).name() == theme().tokens.warn for x in range(30, 60) for y in range(55, 85)), (
        "the icon of an open alert"
    )


@pytest.mark.parametrize("kind", list(AlertKind))
@pytest.mark.parametrize("passed", [False, True])
def test_every_kind_says_what_it_is_and_what_to_do(kind: AlertKind, passed: bool) -> None:
    told = alert(1, kind, passed=passed)
    assert wording.headline(told)
    assert wording.explanation(told)
    assert all(wording.advice(told))
    assert wording.headline(told) != wording.headline(replace(told, cleared_at=None if passed else EPOCH))


def test_a_batch_is_told_by_its_first_asset() -> None:
    assert wording.about(alert(1, assets="2")) == "Vase and 1 more"
    assert wording.about(alert(1, assets="25")) == "Vase and 24 more"
    assert wording.about(alert(1, AlertKind.SUCCESS_RATE_LOW)) == "Latest failure: Vase"
