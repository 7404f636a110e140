"""The certificate on the NFT card over a scripted service: history, changes, a past block, many at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication

from ipnft_desktop.domain.certificates import (
    PastState,
    ReasonDocument,
    StateSource,
    TimelineEntry,
    TimelineKind,
    Validity,
    ValidityChange,
)
from ipnft_desktop.domain.contract_writes import ContractCall, ContractWrite
from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    IpnftError,
    ProblemKind,
    UserError,
    ValidationFailed,
)
from ipnft_desktop.domain.events import CertificateChanged
from ipnft_desktop.domain.people import Permission, Role
from ipnft_desktop.services.certificates import CertificateStanding, ManyChanged, OnProgress
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.validity.panel import SHOWN_ENTRIES, CertificatePanel
from ipnft_desktop.ui.validity.presenter import CertificatePresenter
from ipnft_desktop.ui.validity.validity_dialog import ValidityDialog
from tests.gui.support.nft_examples import CONTRACT, MINED, T0, TX_HASH, WALLET
from tests.gui.support.waiting import turns
from tests.support import samples

ASSET = UUID(int=7)
REASON = "Opposition pending."
BORN = TimelineEntry(TimelineKind.MINTED, TX_HASH, 149, T0, WALLET, recipient=WALLET)


def a_write(**changes: object) -> ContractWrite:
    write = ContractWrite(1, ContractCall(CONTRACT, "f()"), TX_HASH, WALLET, 3, 50_000, T0, "ada", REASON, MINED, T0)
    return replace(write, succeeded=True, **changes)  # type: ignore[arg-type]


@dataclass
class ScriptedCertificates:
    """Answers as told, and remembers what was asked for."""

    validity: str = "VALID"
    entries: tuple[TimelineEntry, ...] = (BORN,)
    fault: IpnftError | None = None
    write: ContractWrite = field(default_factory=a_write)
    changed: list[tuple[object, ...]] = field(default_factory=list[tuple[object, ...]])
    reads: int = 0

    async def standing(self, asset_id: UUID) -> CertificateStanding:
        self.reads += 1
        if self.fault:
            raise self.fault
        return CertificateStanding(asset_id, Validity.VALID, self.validity)

    async def history(self, asset_id: UUID) -> tuple[TimelineEntry, ...]:
        return self.entries

    async def state_at(self, asset_id: UUID, block_number: int) -> PastState:
        if block_number > 200:
            raise ValidationFailed((FieldProblem("block", ProblemKind.OUT_OF_RANGE, "0 to 200"),))
        return PastState(block_number, "0x9c", T0, True, WALLET, "REVOKED", StateSource.EVENTS)

    async def change(self, asset_id: UUID, validity: Validity, reason: str, seen: str) -> ValidityChange:
        if self.fault:
            raise self.fault
        self.changed.append((asset_id, validity, reason, seen))
        return ValidityChange(asset_id, validity, ReasonDocument(b"{}"), self.write)

    async def change_many(
        self, asset_ids: Sequence[UUID], validity: Validity, reason: str, on_progress: OnProgress
    ) -> ManyChanged:
        self.changed.append((tuple(asset_ids), validity, reason))
        assert on_progress(0)
        self.stop()
        assert not on_progress(1)
        return ManyChanged(tuple(asset_ids[:1]), (), {}, tuple(asset_ids[1:]))

    def stop(self) -> None:
        """Somebody presses the button while the first is under way."""
        dialog = the_dialog()
        assert dialog.stop_button.isVisible()
        dialog.stop_button.click()


@dataclass
class Stage:
    panel: CertificatePanel
    presenter: CertificatePresenter
    certificates: ScriptedCertificates
    hub: EventHub
    access: Access
    notices: list[tuple[str, Tone]] = field(default_factory=list[tuple[str, Tone]])


def the_dialog() -> ValidityDialog:
    (dialog,) = [top for top in QApplication.topLevelWidgets() if isinstance(top, ValidityDialog) and top.isVisible()]
    return dialog


@pytest.fixture
async def stage(qapp: QApplication) -> AsyncIterator[Stage]:
    panel, hub, events, certificates = CertificatePanel(), EventHub(), AppEvents(), ScriptedCertificates()
    events.attach(hub)
    access = Access(panel)
    presenter = CertificatePresenter(panel, certificates, events, lambda: "Induction motor")
    built = Stage(panel, presenter, certificates, hub, access)
    for button in panel.buttons:
        access.guard(button, Permission.CHANGE_VALIDITY, button.refuse)
    presenter.notice.connect(lambda text, tone: built.notices.append((text, tone)))
    panel.show()
    yield built
    await presenter.close()
    events.detach()
    events.deleteLater()
    panel.close()
    panel.deleteLater()


async def shown(stage: Stage, validity: str = "VALID") -> Stage:
    stage.certificates.validity = validity
    stage.presenter.show_asset(ASSET)
    await turns(10)
    return stage


@pytest.mark.parametrize(
    ("validity", "offered"),
    [("VALID", [True, True, False]), ("SUSPENDED", [False, True, True]), ("REVOKED", [False, False, True])],
)
async def test_what_is_offered_follows_from_how_it_stands(stage: Stage, validity: str, offered: list[bool]) -> None:
    await shown(stage, validity)
    assert [button.isVisibleTo(stage.panel) for button in stage.panel.buttons] == offered
    assert stage.panel.entries == (BORN,)


async def test_a_certificate_is_suspended_with_a_reason(stage: Stage) -> None:
    await shown(stage)
    stage.panel.suspend_button.click()
    dialog = the_dialog()
    dialog.submit_button.click()
    assert dialog.fields["reason"].error
    assert stage.certificates.changed == []
    dialog.editor.setPlainText(f" {REASON} ")
    assert not dialog.fields["reason"].error
    dialog.submit_button.click()
    await turns(10)
    assert stage.certificates.changed == [(ASSET, Validity.SUSPENDED, REASON, "VALID")]
    assert stage.notices == [("The certificate is suspended.", Tone.OK)]


@pytest.mark.parametrize(
    ("changes", "tone", "word"),
    [
        ({"succeeded": False, "revert": "ContractPaused"}, Tone.ERROR, "ContractPaused"),
        ({"succeeded": None, "mined": None}, Tone.WARN, "recorded"),
    ],
)
async def test_what_a_block_says_is_told(stage: Stage, changes: dict[str, object], tone: Tone, word: str) -> None:
    stage.certificates.write = replace(a_write(), **changes)  # type: ignore[arg-type]
    await shown(stage)
    stage.panel.revoke_button.click()
    the_dialog().editor.setPlainText(REASON)
    the_dialog().submit_button.click()
    await turns(10)
    ((text, seen),) = stage.notices
    assert (seen, word in text) == (tone, True)


async def test_a_refusal_keeps_the_dialog_and_the_reason(stage: Stage) -> None:
    await shown(stage)
    stage.panel.suspend_button.click()
    stage.certificates.fault = UserError(ErrorCode.RECORD_CHANGED, "it is REVOKED by now")
    dialog = the_dialog()
    dialog.editor.setPlainText(REASON)
    dialog.submit_button.click()
    await turns(10)
    assert dialog.isVisible()
    assert (dialog.reason, dialog.error_panel.isVisible()) == (REASON, True)
    dialog.leave()
    await turns(3)


async def test_a_past_block_is_looked_at(stage: Stage) -> None:
    await shown(stage)
    stage.panel.look_button.click()
    assert stage.panel.past == ""  # no block is named
    for block, words in (("149", "Revoked"), ("201", "0 to 200")):
        stage.panel.block_field.setText(block)
        stage.panel.look_button.click()
        await turns(5)
        assert words in stage.panel.past
    stage.presenter.show_asset(UUID(int=8))
    assert (stage.panel.past, stage.panel.block_field.text()) == ("", "")


async def test_a_change_elsewhere_is_shown_at_once(stage: Stage) -> None:
    await shown(stage)
    told: list[bool] = []
    stage.presenter.changed.connect(lambda: told.append(True))
    stage.certificates.validity = "SUSPENDED"
    stage.hub.publish(CertificateChanged(UUID(int=9), a_write()))
    await turns(5)
    assert (stage.certificates.reads, told) == (1, [])
    stage.hub.publish(CertificateChanged(ASSET, a_write()))
    await turns(5)
    assert stage.panel.restore_button.isVisibleTo(stage.panel)
    assert told == [True]


async def test_a_long_history_begins_with_its_newest(stage: Stage) -> None:
    stage.certificates.entries = tuple(
        replace(BORN, kind=TimelineKind.TRANSFERRED, block_number=number) for number in range(SHOWN_ENTRIES + 2)
    )
    await shown(stage)
    assert len(stage.panel._rows) == SHOWN_ENTRIES
    assert stage.panel._earlier.text() == "2 earlier ones"


async def test_a_chain_that_is_away_is_said(stage: Stage) -> None:
    stage.certificates.fault = EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "no connection")
    await shown(stage)
    assert stage.panel.error_panel.isVisibleTo(stage.panel)
    assert not any(button.isVisibleTo(stage.panel) for button in stage.panel.buttons)


async def test_many_are_changed_and_the_rest_is_cancelled(stage: Stage) -> None:
    ids = [UUID(int=number) for number in range(1, 4)]
    stage.presenter.ask_many(ids, Validity.SUSPENDED, stage.panel)
    the_dialog().editor.setPlainText(REASON)
    the_dialog().submit_button.click()
    await turns(10)
    assert stage.certificates.changed == [(tuple(ids), Validity.SUSPENDED, REASON)]
    ((text, tone),) = stage.notices
    assert (text, tone) == ("1 certificate changed. 2 were left as they are.", Tone.OK)


async def test_whoever_may_not_is_told_why(stage: Stage) -> None:
    stage.access.follow(samples.user(role=Role.OPERATOR))
    await shown(stage)
    assert stage.panel.suspend_button.refusal
    assert not stage.panel.suspend_button.isEnabled()
