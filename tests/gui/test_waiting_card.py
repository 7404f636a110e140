"""The card of what waits to be minted together, over the real service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.batch_gathering import GatheringPolicy
from ipnft_desktop.domain.batch_runs import Congestion
from ipnft_desktop.domain.people import Role
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.batch.waiting_card import WaitingCard
from ipnft_desktop.ui.batch.waiting_presenter import WaitingPresenter
from tests.gui.support.waiting import settled
from tests.support import samples
from tests.support.core_factory import MemoryCore

PATIENT = GatheringPolicy(longest_wait=timedelta(hours=1))


@dataclass
class OpenCard:
    """The card over a core, with a clock in reach."""

    memory: MemoryCore
    card: WaitingCard
    access: Access
    presenter: WaitingPresenter
    told: list[str] = field(default_factory=list[str])

    async def waits(self, *assets: Asset) -> None:
        await self.memory.core.automatic.request([asset.asset_id for asset in assets])
        await settled(lambda: self.card.table.records.count == len(assets) and not self.presenter.is_reading)

    def lines(self) -> list[list[str]]:
        model = self.card.table.records
        return [[str(model.index(row, at).data()) for at in range(3)] for row in range(model.rowCount())]


@asynccontextmanager
async def a_card(profile: Path) -> AsyncIterator[OpenCard]:
    memory = await MemoryCore(profile).start()
    memory.core.automatic.use_policy(PATIENT)
    events, access = AppEvents(), Access()
    events.attach(memory.core.events)
    access.follow(memory.core.session.user)
    card = WaitingCard(access)
    presenter = WaitingPresenter(card, memory.core.automatic, events, lambda: datetime.now(UTC) + timedelta(seconds=60))
    events.catch_up(memory.core.events)
    made = OpenCard(memory, card, access, presenter)
    presenter.notice.connect(lambda text, _tone: made.told.append(text))
    card.show()
    presenter.reload()
    await settled(lambda: card.congestion.value == "Low" and not presenter.is_reading)
    try:
        yield made
    finally:
        await presenter.close()
        events.detach()
        await memory.core.close()
        card.close()
        card.deleteLater()


async def test_it_says_what_waits_how_long_still_and_by_which_rule(qapp: QApplication, tmp_path: Path) -> None:
    async with a_card(tmp_path) as opened:
        assert "Nothing waits" in opened.card.empty.text()
        assert not opened.card.send_button.isVisible()
        (asset,) = await opened.memory.add_assets()
        await opened.waits(asset)
        ((name, asked, left),) = opened.lines()
        assert (name, asked.endswith(opened.memory.core.session.actor)) == (asset.name, True)
        assert 3500 < int(left.replace(",", "").removesuffix(" s")) <= 3540, "a minute of the hour is over"
        assert (opened.card.size_wanted.value, opened.card.longest_wait.value) == ("35", "3,600 s")
        assert "as the chain has it" in opened.card.congestion.accessibleName()
        opened.memory.core.automatic.use_policy(
            GatheringPolicy(longest_wait=timedelta(hours=2), congestion=Congestion.HIGH)
        )
        await settled(lambda: opened.card.congestion.value == "High" and opened.card.size_wanted.value == "15")
        assert "set by hand" in opened.card.congestion.accessibleName()
        await opened.memory.core.environment.stop()
        await settled(lambda: opened.lines()[0][2] == "–")


async def test_a_line_is_withdrawn_and_the_others_are_sent(qapp: QApplication, tmp_path: Path) -> None:
    async with a_card(tmp_path) as opened:
        assets = await opened.memory.add_assets(3)
        await opened.waits(*assets)
        assert opened.card.table.select(assets[1].asset_id)
        opened.card.withdraw_button.click()
        await settled(lambda: opened.card.table.records.count == 2)
        assert opened.told == ["1 asset waits no more; nothing was sent."]
        opened.card.send_button.click()
        await settled(lambda: opened.card.table.records.count == 0)
        await settled(lambda: opened.told[1:] == ["2 assets are on their way."])
        (run,) = await opened.memory.core.runs.recent()
        await opened.memory.core.runs.outcome(run.run_id)
        assert [opened.memory.chain.mints_of(asset.asset_id) for asset in assets] == [1, 0, 1]


async def test_what_cannot_be_sent_is_told_in_the_card(qapp: QApplication, tmp_path: Path) -> None:
    async with a_card(tmp_path) as opened:
        (asset,) = await opened.memory.add_assets()
        await opened.waits(asset)
        await opened.memory.core.environment.stop()
        opened.card.send_button.click()
        await settled(lambda: opened.card.error_panel.code == "NODE_UNREACHABLE")
        assert opened.card.table.records.count == 1


async def test_who_may_not_mint_looks_only_and_nobody_sees_nothing(qapp: QApplication, tmp_path: Path) -> None:
    async with a_card(tmp_path) as opened:
        (asset,) = await opened.memory.add_assets()
        await opened.waits(asset)
        viewer = samples.user(Role.VIEWER)
        opened.memory.core.session.begin(viewer)
        opened.access.follow(viewer)
        assert opened.lines(), "a viewer reads"
        assert not opened.card.withdraw_button.isEnabled()
        assert not opened.card.send_button.isEnabled()
        stranger = samples.user(Role.OPERATOR, samples.enterprise(name="Borealis"))
        opened.access.follow(stranger)
        assert "no member" in opened.card.withdraw_button.refusal
        opened.memory.core.session.end()
        opened.access.follow(None)
        opened.presenter.show_signed_out()
        assert (opened.lines(), opened.card.congestion.value) == ([], "–")
        assert "Sign in" in opened.card.empty.text()


async def test_out_of_view_it_reads_nothing_and_then_catches_up(qapp: QApplication, tmp_path: Path) -> None:
    async with a_card(tmp_path) as opened:
        opened.card.hide()
        (asset,) = await opened.memory.add_assets()
        await opened.memory.core.automatic.request([asset.asset_id])
        assert not opened.presenter.is_reading
        opened.card.show()
        await settled(lambda: opened.card.table.records.count == 1)
