"""The IPFS node's card and the list of an asset's public content, over a scripted service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.events import PublicationsChanged
from ipnft_desktop.domain.publications import (
    CheckResult,
    PeerInfo,
    Publication,
    PublicationCounts,
    PublicRoot,
    RootKind,
)
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.publishing import PublishingOverview
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.publishing.kubo_card import KuboCard
from ipnft_desktop.ui.publishing.kubo_presenter import KuboPresenter, OnCount
from ipnft_desktop.ui.publishing.publication_panel import PublicationPanel
from ipnft_desktop.ui.publishing.publication_presenter import PublicationPresenter
from ipnft_desktop.ui.theme.tokens import Tone
from tests.gui.support.waiting import settled, turns
from tests.support import samples

NODE = "http://127.0.0.1:5001"
ASSET = UUID(int=7)
AWAY = EnvironmentFault(ErrorCode.KUBO_UNAVAILABLE, "nothing answers at this address")


@dataclass
class ScriptedPublishing:
    """Answers as told, and notes what it was asked."""

    address: str = NODE
    publishes_minted: bool = False
    counts: PublicationCounts = field(default_factory=lambda: PublicationCounts(local=2, published=5))
    waiting_because: EnvironmentFault | None = None
    peer: PeerInfo | IpnftError = field(default_factory=lambda: PeerInfo("0.30.0", "12D3KooWpeer"))
    roots_of_asset: tuple[PublicRoot, ...] = ()
    refusal: IpnftError | None = None
    is_signed_out: bool = False
    gate: asyncio.Event | None = None
    asked: list[object] = field(default_factory=list[object])

    def use_node(self, address: str) -> None:
        if address == "nonsense":
            raise UserError(ErrorCode.VALIDATION_FAILED, "an address looks like this", field="kubo_api")
        self.address = address

    def publish_minted(self, wanted: bool) -> None:
        if self.refusal:
            raise self.refusal
        self.publishes_minted = wanted

    async def node(self) -> PeerInfo:
        if isinstance(self.peer, IpnftError):
            raise self.peer
        return self.peer

    async def overview(self) -> PublishingOverview:
        if self.is_signed_out:
            raise UserError(ErrorCode.SIGN_IN_REQUIRED)
        return PublishingOverview(self.address, self.counts, self.waiting_because)

    async def publish_all(self, on_progress: OnCount | None = None) -> int:
        await self._work("publish all", on_progress)
        return 2

    async def check(self, on_progress: OnCount | None = None) -> CheckResult:
        await self._work("check", on_progress)
        return CheckResult(5, 1)

    async def export_car(self, asset_id: UUID | None, target: Path, on_progress: OnCount | None = None) -> int:
        await self._work(target.name, on_progress)
        return 1_234_567

    async def roots(self, asset_id: UUID) -> tuple[PublicRoot, ...]:
        return self.roots_of_asset if asset_id == ASSET else ()

    async def publish(self, asset_ids: Collection[UUID]) -> int:
        await self._work(tuple(asset_ids), None)
        return 1

    async def check_asset(self, asset_id: UUID) -> CheckResult:
        return CheckResult(1, 1)

    async def _work(self, what: object, on_progress: OnCount | None) -> None:
        self.asked.append(what)
        if on_progress is not None:
            on_progress(3)
        if self.gate is not None:
            await self.gate.wait()
        if self.refusal:
            raise self.refusal


@dataclass
class Stage:
    card: KuboCard
    node: KuboPresenter
    panel: PublicationPanel
    asset: PublicationPresenter
    publishing: ScriptedPublishing
    hub: EventHub
    kept: list[tuple[str, object]] = field(default_factory=list[tuple[str, object]])
    notices: list[tuple[str, Tone]] = field(default_factory=list[tuple[str, Tone]])
    told: list[str] = field(default_factory=list[str])

    async def shown(self) -> None:
        self.node.activate()
        await settled(lambda: self.card.tag.text not in ("Asking…", ""))


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    hub, events = EventHub(), AppEvents()
    events.attach(hub)
    publishing, kept = ScriptedPublishing(), list[tuple[str, object]]()
    card, panel = KuboCard(), PublicationPanel()
    card.show()
    node = KuboPresenter(card, publishing, events, lambda name, value: kept.append((name, value)))
    asset = PublicationPresenter(panel, publishing, events)
    made = Stage(card, node, panel, asset, publishing, hub, kept)
    for part in (node, asset):
        part.notice.connect(lambda text, tone: made.notices.append((text, tone)))
    node.content_told.connect(made.told.append)
    yield made
    await node.close()
    await asset.close()
    for widget in (card, panel, events):
        widget.deleteLater()


async def test_the_card_tells_who_answers_and_what_is_where(stage: Stage) -> None:
    await stage.shown()
    assert (stage.card.tag.text, stage.card.counts) == ("Answers", "5 published · 2 only here")
    assert stage.told[-1] == "local + Kubo"
    stage.publishing.peer = AWAY
    stage.publishing.counts = PublicationCounts(waiting=3)
    stage.publishing.waiting_because = AWAY
    stage.node.activate()
    await settled(lambda: stage.card.tag.text == "Does not answer" and bool(stage.card.note))
    assert stage.card.note == "Waits: nothing answers at this address. It goes on by itself."
    assert stage.told[-1] == "local, Kubo away"


async def test_73_without_signing_in_the_card_tells_of_the_node_only(stage: Stage) -> None:
    stage.publishing.is_signed_out = True
    stage.node.activate()
    await settled(lambda: stage.card.tag.text == "Answers")
    assert stage.card.counts == "Sign in to see what is published."
    assert not next(a for a in stage.card.menu().actions() if a.text().startswith("Export")).isEnabled()
    stage.publishing.is_signed_out = False
    stage.node.activate()
    await settled(lambda: "5" in stage.card.counts)


async def test_without_an_address_there_is_one_thing_to_do(stage: Stage) -> None:
    stage.publishing.address = ""
    await stage.shown()
    assert stage.card.tag.text == "Not set"
    assert (stage.card.set_button.isVisible(), stage.card.publish_button.isVisible()) == (True, False)
    await settled(lambda: stage.told == ["local"])

    stage.card.set_button.click()
    for text, error in (("nonsense", "an address looks like this"), (NODE, "")):
        stage.card.address_edit.setText(text)
        QTest.keyClick(stage.card.address_edit, Qt.Key.Key_Return)
        assert stage.card.address_field.error == error
    assert stage.kept == [("kubo_api", NODE)]
    await settled(lambda: stage.card.tag.text == "Answers")
    assert stage.card.address_edit.text() == "", "what was typed may hold a password"


async def test_work_tells_how_far_it_is_and_can_be_cancelled(stage: Stage) -> None:
    await stage.shown()
    stage.publishing.gate = asyncio.Event()
    stage.card.publish_button.click()
    await settled(lambda: stage.card.progress == "3 assets looked at")
    assert not stage.card.check_button.isEnabled()
    stage.card.cancel_button.click()
    await settled(lambda: stage.card.progress == "")
    assert stage.notices == []

    stage.publishing.gate = None
    await turns()
    stage.card.publish_button.click()
    await settled(lambda: bool(stage.notices))
    await turns()
    stage.card.check_button.click()
    await settled(lambda: len(stage.notices) == 2)
    assert stage.notices == [
        ("2 addresses go out to the IPFS node", Tone.OK),
        ("The IPFS node lacks 1 of 5 addresses; Publish all brings them back.", Tone.WARN),
    ]


async def test_what_fails_is_told_on_the_card(stage: Stage) -> None:
    await stage.shown()
    stage.publishing.refusal = UserError(ErrorCode.PERMISSION_DENIED, "VIEWER may not PUBLISH")
    stage.card.check_button.click()
    await settled(lambda: stage.card.error_panel.code == "PERMISSION_DENIED")
    stage.card.automatic_box.click()
    assert not stage.card.automatic_box.isChecked()
    stage.publishing.refusal = None
    stage.card.automatic_box.click()
    assert stage.kept == [("kubo_publish_minted", True)]


async def test_an_archive_of_everything_is_saved(stage: Stage, tmp_path: Path) -> None:
    await stage.shown()
    menu = stage.card.menu()
    menu.actions()[-1].trigger()
    menu.deleteLater()
    (dialog,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, QFileDialog)]
    dialog.fileSelected.emit(str(tmp_path / "all.car"))
    dialog.close()
    await settled(lambda: stage.notices == [("all.car saved, 1.2 MB", Tone.OK)])


def root(name: str, kind: RootKind, **known: object) -> PublicRoot:
    cid = samples.cid(name)
    publication = Publication(cid, samples.NOW, **known) if known else None  # type: ignore[arg-type]
    return PublicRoot(cid, kind, name if kind is not RootKind.METADATA else "", publication)


async def test_the_list_tells_each_address_and_offers_what_helps(stage: Stage) -> None:
    stage.publishing.roots_of_asset = (
        root("directory", RootKind.METADATA, published_at=samples.NOW),
        root("a.pdf", RootKind.ATTACHMENT, published_at=samples.NOW, is_missing=True),
        root("b.pdf", RootKind.ATTACHMENT, failure="PUBLISHING_FAILED: no space"),
        root("c.pdf", RootKind.ATTACHMENT),
    )
    stage.asset.show_asset(ASSET)
    await settled(lambda: len(stage.panel.tags) == 4)
    assert [tag.text for tag in stage.panel.tags] == ["Published", "Missing", "Waiting", "Only here"]
    assert stage.panel.publish_button.text() == "Publish again"
    assert stage.panel.reason == "The IPFS node did not take the content as it is. no space"
    stage.panel.publish_button.click()
    await settled(lambda: stage.publishing.asked == [(ASSET,)])

    stage.publishing.roots_of_asset = (root("directory", RootKind.METADATA, published_at=samples.NOW),)
    stage.hub.publish(PublicationsChanged(()))
    await settled(lambda: [tag.text for tag in stage.panel.tags] == ["Published"])
    assert stage.panel.publish_button.isHidden()
    stage.panel.check_button.click()
    await settled(lambda: stage.notices == [("The IPFS node lacks it", Tone.WARN)])

    stage.asset.show_asset(None)
    await settled(stage.panel.isHidden)
