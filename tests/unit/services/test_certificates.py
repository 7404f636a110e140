"""The validity of certificates over a whole core: set with a reason, told as a history, known at any height."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

import pytest

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.audit import AuditQuery
from ipnft_desktop.domain.certificates import StateSource, TimelineKind, Validity, ValidityEvent
from ipnft_desktop.domain.content import Cid, StoredFile
from ipnft_desktop.domain.contract_writes import ContractCall, WriteState
from ipnft_desktop.domain.errors import ErrorCode, UserError, ValidationFailed
from ipnft_desktop.domain.events import CertificateChanged, DomainEvent
from ipnft_desktop.domain.minting import TransactionPurpose
from ipnft_desktop.domain.people import Role
from ipnft_desktop.services.certificates import SET_VALIDITY
from ipnft_desktop.services.verified_facts import VerifiedField
from tests.support import samples
from tests.support.core_factory import MemoryCore, request

REASON = "Opposition pending before the office."


async def minted(memory: MemoryCore, count: int = 1) -> list[Asset]:
    assets = await memory.add_assets(count)
    for asset in assets:
        assert (await memory.core.desk.mint([request(asset)])).stage == "COMPLETED"
    return assets


async def validity_in_register(memory: MemoryCore, asset: Asset) -> Validity | None:
    return (await memory.core.certificates.validities([asset.asset_id])).get(asset.asset_id)


async def test_a_certificate_is_suspended_revoked_and_restored(memory: MemoryCore) -> None:
    (asset,) = await minted(memory)
    heard: list[DomainEvent] = []
    memory.core.events.subscribe(heard.append)
    certificates, seen = memory.core.certificates, Validity.VALID
    for validity in (Validity.SUSPENDED, Validity.REVOKED, Validity.VALID):
        change = await certificates.change(asset.asset_id, validity, f" {REASON} ", seen)
        assert (change.write.state, change.reason) == (WriteState.DONE, REASON)
        standing = await certificates.standing(asset.asset_id)
        assert (standing.register, standing.chain, standing.waiting) == (validity, validity, None)
        assert await validity_in_register(memory, asset) is validity
        seen = validity
    told = [event.asset_id for event in heard if isinstance(event, CertificateChanged)]
    assert told == [asset.asset_id] * 6
    assert memory.core.audit is not None
    entries = (await memory.core.audit.page(AuditQuery(action="certificate.change"))).entries
    assert [entry.line.changes["validity"] for entry in reversed(entries)] == [
        ("VALID", "SUSPENDED"),
        ("SUSPENDED", "REVOKED"),
        ("REVOKED", "VALID"),
    ]


async def test_the_hash_on_chain_leads_to_the_exact_bytes(memory: MemoryCore) -> None:
    (asset,) = await minted(memory)
    change = await memory.core.certificates.change(asset.asset_id, Validity.SUSPENDED, REASON, "VALID")
    (event,) = [e for e in await memory.chain.token_events(asset.asset_id.int) if isinstance(e, ValidityEvent)]
    stored = await memory.content.read(Cid.parse(change.document.cid))
    assert event.reason_hash == "0x" + hashlib.sha256(stored).hexdigest()
    told = json.loads(stored)
    assert (told["reason"], told["asset_id"], told["validity"]) == (REASON, str(asset.asset_id), "SUSPENDED")
    (recorded,) = await memory.core.adapters.database.read(lambda tx: tx.validity_changes(asset.asset_id))
    assert recorded.document.content == stored
    again = await memory.core.certificates.change(asset.asset_id, Validity.VALID, REASON, "SUSPENDED")
    assert again.document.reason_hash != change.document.reason_hash


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2_001, "to\u202egnorw"])
async def test_a_reason_is_required_and_readable(memory: MemoryCore, reason: str) -> None:
    (asset,) = await minted(memory)
    for refused in (
        memory.core.certificates.change(asset.asset_id, Validity.REVOKED, reason, "VALID"),
        memory.core.certificates.change_many([asset.asset_id], Validity.REVOKED, reason, lambda _done: True),
    ):
        with pytest.raises(ValidationFailed) as caught:
            await refused
        assert caught.value.field == "reason"


async def test_what_the_person_saw_must_still_hold(memory: MemoryCore) -> None:
    (asset,) = await minted(memory)
    await memory.core.certificates.change(asset.asset_id, Validity.SUSPENDED, REASON, "VALID")
    for validity, seen in ((Validity.REVOKED, "VALID"), (Validity.SUSPENDED, "SUSPENDED")):
        with pytest.raises(UserError) as caught:
            await memory.core.certificates.change(asset.asset_id, validity, REASON, seen)
        assert caught.value.code is ErrorCode.RECORD_CHANGED
    assert len(await memory.core.writes.writes()) == 1


async def test_a_draft_has_no_certificate(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    with pytest.raises(UserError) as caught:
        await memory.core.certificates.change(asset.asset_id, Validity.SUSPENDED, REASON, "VALID")
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.VIEWER])
async def test_only_an_administrator_changes_validity(memory: MemoryCore, role: Role) -> None:
    (asset,) = await minted(memory)
    memory.core.session.begin(samples.user(role=role))
    with pytest.raises(UserError) as caught:
        await memory.core.certificates.change(asset.asset_id, Validity.SUSPENDED, REASON, "VALID")
    assert caught.value.code is ErrorCode.PERMISSION_DENIED
    assert (await memory.core.certificates.standing(asset.asset_id)).chain == "VALID"  # anybody may look


async def test_a_change_on_its_way_keeps_another_one_away(memory: MemoryCore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ipnft_desktop.services.contract_writes.SEEN_WITHIN_S", 0.0)
    monkeypatch.setattr("ipnft_desktop.services.contract_writes.IDLE_S", 60.0)
    (asset,) = await minted(memory)
    memory.chain.lose_next_request()
    change = await memory.core.certificates.change(asset.asset_id, Validity.SUSPENDED, REASON, "VALID")
    assert change.write.state is WriteState.WAITING
    assert (await memory.core.certificates.standing(asset.asset_id)).waiting == change
    with pytest.raises(UserError) as caught:
        await memory.core.certificates.change(asset.asset_id, Validity.REVOKED, REASON, "VALID")
    assert caught.value.code is ErrorCode.RECORD_CHANGED
    assert (await memory.core.certificates.history(asset.asset_id))[-1].block_number is None


async def test_of_two_changes_from_the_same_sight_one_is_made(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asset,) = await minted(memory)
    certificates = memory.core.certificates
    add_bytes, is_done = memory.content.add_bytes, asyncio.Event()

    async def revoked_waits(document: bytes) -> StoredFile:
        if b"REVOKED" in document:
            await is_done.wait()
        return await add_bytes(document)

    async def suspend() -> None:
        await certificates.change(asset.asset_id, Validity.SUSPENDED, REASON, "VALID")
        is_done.set()

    monkeypatch.setattr(memory.content, "add_bytes", revoked_waits)
    found = await asyncio.gather(
        suspend(), certificates.change(asset.asset_id, Validity.REVOKED, REASON, "VALID"), return_exceptions=True
    )
    assert isinstance(found[1], UserError)
    assert found[1].code is ErrorCode.RECORD_CHANGED
    assert (await certificates.standing(asset.asset_id)).chain == "SUSPENDED"


async def test_a_change_that_nobody_waits_for_any_more_is_made_with_its_document(memory: MemoryCore) -> None:
    (asset,) = await minted(memory)
    write = memory.core.adapters.database.write

    async def give_up_at_the_commit(work: Any) -> Any:
        done = await write(work)
        if getattr(done, "purpose", None) is TransactionPurpose.CALL:
            asking.cancel()
            await asyncio.sleep(0)
        return done

    memory.core.adapters.database.write = give_up_at_the_commit  # type: ignore[method-assign]
    asking = asyncio.create_task(memory.core.certificates.change(asset.asset_id, Validity.REVOKED, REASON, "VALID"))
    with pytest.raises(asyncio.CancelledError):
        await asking
    memory.core.adapters.database.write = write  # type: ignore[method-assign]
    await memory.core.certificates.settle()
    (recorded,) = await memory.core.writes.writes()
    assert (await memory.core.writes.outcome(recorded.write_id)).state is WriteState.DONE
    await memory.core.removal.done()
    (change,) = await memory.core.adapters.database.read(lambda tx: tx.validity_changes(asset.asset_id))
    assert await memory.content.read(Cid.parse(change.document.cid)) == change.document.content


async def test_the_history_joins_reasons_with_events(memory: MemoryCore) -> None:
    (asset,) = await minted(memory)
    await memory.core.certificates.change(asset.asset_id, Validity.SUSPENDED, REASON, "VALID")
    stranger = ContractCall(
        (await memory.core.writes.writes())[0].call.target,
        SET_VALIDITY,
        (("", str(asset.asset_id.int)), ("", "2"), ("", "0x" + "ee" * 32)),
    )
    # Past the certificates: no document belongs to its hash.
    await memory.core.writes.carry_out(stranger, "", "a stranger")
    born, suspended, revoked = await memory.core.certificates.history(asset.asset_id)
    assert (born.kind, born.recipient) == (TimelineKind.MINTED, asset.enterprise.wallet_address)
    assert (suspended.validity, suspended.reason, suspended.is_known) == ("SUSPENDED", REASON, True)
    assert suspended.by == memory.core.session.actor
    assert (revoked.validity, revoked.reason, revoked.is_known) == ("REVOKED", "", False)
    assert [entry.block_number for entry in (born, suspended, revoked)] == sorted(
        entry.block_number or 0 for entry in (born, suspended, revoked)
    )


@pytest.mark.parametrize("keeps_history", [True, False])
async def test_its_state_is_known_at_any_height(memory: MemoryCore, keeps_history: bool) -> None:
    (asset,) = await minted(memory)
    change = await memory.core.certificates.change(asset.asset_id, Validity.REVOKED, REASON, "VALID")
    memory.chain.keeps_history = keeps_history
    assert change.write.mined is not None
    at, certificates = change.write.mined.block_number, memory.core.certificates
    before, after = [await certificates.state_at(asset.asset_id, number) for number in (at - 1, at)]
    assert (before.validity, after.validity) == ("VALID", "REVOKED")
    assert before.owner == after.owner == asset.enterprise.wallet_address
    assert after.source is (StateSource.CONTRACT if keeps_history else StateSource.EVENTS)
    unborn = await certificates.state_at(asset.asset_id, 0)
    assert (unborn.exists, unborn.owner, unborn.validity) == (False, "", "")
    for number in (-1, at + 1):
        with pytest.raises(ValidationFailed) as caught:
            await certificates.state_at(asset.asset_id, number)
        assert caught.value.field == "block"


async def test_many_are_changed_one_by_one(memory: MemoryCore) -> None:
    assets = await minted(memory, 3)
    (draft,) = await memory.add_assets()
    certificates = memory.core.certificates
    await certificates.change(assets[0].asset_id, Validity.SUSPENDED, REASON, "VALID")
    told: list[int] = []

    def go_on(done: int) -> bool:
        told.append(done)
        return True

    ids = [asset.asset_id for asset in (*assets, draft)]
    result = await certificates.change_many(ids, Validity.SUSPENDED, REASON, go_on)
    assert (result.changed, result.unchanged, result.left) == (tuple(ids[1:3]), (ids[0],), ())
    assert {asset_id: error.code for asset_id, error in result.failed.items()} == {
        draft.asset_id: ErrorCode.MINT_INVALID_STATE
    }
    assert told == [0, 1, 2, 3, 4]


async def test_the_rest_of_many_can_be_cancelled(memory: MemoryCore) -> None:
    ids = [asset.asset_id for asset in await minted(memory, 3)]
    result = await memory.core.certificates.change_many(ids, Validity.REVOKED, REASON, lambda done: done < 1)
    assert (result.changed, result.left) == ((ids[0],), tuple(ids[1:]))
    assert (await memory.core.certificates.standing(ids[1])).chain == "VALID"


async def test_verification_compares_with_what_the_register_knows(memory: MemoryCore) -> None:
    (asset,) = await minted(memory)
    await memory.core.certificates.change(asset.asset_id, Validity.SUSPENDED, REASON, "VALID")

    async def validity() -> tuple[str, str]:
        facts = await memory.core.verification.verify(asset.asset_id)
        return next((f.register, f.witnessed) for f in facts if f.field is VerifiedField.VALIDITY)

    assert await validity() == ("SUSPENDED", "SUSPENDED")
    call = (await memory.core.writes.writes())[0].call
    arguments = (call.arguments[0], ("", "0"), call.arguments[2])
    await memory.core.writes.carry_out(ContractCall(call.target, SET_VALIDITY, arguments), "", "a stranger")
    assert await validity() == ("SUSPENDED", "VALID")  # changed past the register
