"""Repairs over SQLite, local blocks, checkpoints and a real Hardhat node: what a token's contract says, and what was
lost, comes back, and the node is asked past the program where it counts."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.contract_writes import ContractCall, WriteState
from ipnft_desktop.domain.reconciliation import Cause, Finding
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.settings import Settings
from tests.support import samples
from tests.support.core_factory import request, when_indexed
from tests.support.node_oracle import ask
from tests.support.signed_in import signed_in

AMEND = "amendDirectory(uint256,bytes32)"
FILE = hashlib.shake_256(b"score").digest(600_000)


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    built = signed_in(build_core(tmp_path, Settings(demo_data=False)))
    await built.environment.start(lambda _: None)
    yield built
    await built.close()


async def minted(core: Core, count: int = 2) -> list[Asset]:
    """In one transaction, each with a public file."""
    stored = await core.adapters.content.add_bytes(FILE)
    owner = samples.enterprise()
    file = {"file_name": "score.pdf", "size_bytes": len(FILE), "sha256": stored.sha256, "cid": stored.cid.text}
    assets = [samples.asset(owner, name=f"Asset {number}") for number in range(count)]
    drafts = [
        samples.asset(owner, asset_id=asset.asset_id, name=asset.name, attachments=(samples.attachment(**file),))
        for asset in assets
    ]
    await core.register.add_assets(drafts, (owner,))
    await core.desk.mint([request(asset) for asset in drafts])
    return [await core.register.asset(asset.asset_id) for asset in drafts]


async def findings(core: Core) -> tuple[Finding, ...]:
    await when_indexed(core)
    return (await core.reconciliation.reconcile(LongWork())).findings


def change(core: Core, statement: str, *values: object) -> None:
    """Past the program."""
    with closing(sqlite3.connect(core.profile / DATABASE_FILE)) as connection, connection:
        assert connection.execute(statement, values).rowcount


async def amended(core: Core, asset: Asset) -> tuple[bytes, Cid]:
    """Other metadata of the asset, stored as a directory of its own."""
    assert asset.mint is not None
    metadata = await core.adapters.content.read(Cid.parse(str(asset.mint.metadata_cid)))
    changed = metadata.replace(asset.name.encode(), b"Amended")
    ((directory, _),) = await core.adapters.content.add_directories([{f"{asset.asset_id}.json": changed}])
    return changed, directory


async def asked(core: Core, method: str, *params: object) -> object:
    status = await core.environment.node_status()
    assert status is not None
    return await asyncio.to_thread(ask, status.rpc_url, method, *params)


def contract_of(core: Core) -> str:
    assert core.environment.ready is not None
    return core.environment.ready.identity.contract_address


async def test_an_amendment_of_ours_is_taken_with_its_transaction_told(core: Core) -> None:
    first, second = await minted(core)
    _, directory = await amended(core, first)
    arguments = (("tokenId", str(first.asset_id.int)), ("directoryDigest", "0x" + directory.digest.hex()))
    write = await core.writes.send(ContractCall(contract_of(core), AMEND, arguments), "a wrong name was minted")
    assert write.state is WriteState.DONE
    (finding,) = await findings(core)
    assert finding.cause is Cause.URI_DIFFERS
    preview = await core.repairs.preview(finding)
    assert preview.after == f"ipfs://{directory.text}/{first.asset_id}.json"
    assert write.tx_hash in str(preview.told)
    assert "sent from this register" in str(preview.told)

    (changed,) = (await core.repairs.repair(finding)).findings
    assert changed.cause is Cause.RECORD_CHANGED
    assert [each.mine for each in (await core.repairs.preview(changed)).fields] == ["Amended"]
    assert (await core.repairs.repair(changed)).findings == ()
    assert await findings(core) == ()
    assert (await core.register.asset(first.asset_id)).name == "Amended"
    assert await core.register.asset(second.asset_id) == second, "the other one of its batch is as it was"

    assert (await core.repairs.undo(changed)).findings == (changed,)
    assert {each.cause for each in (await core.repairs.undo(finding)).findings} == {Cause.URI_DIFFERS}
    assert (await core.register.asset(first.asset_id)).mint == first.mint


async def test_an_amendment_past_this_register_is_told_with_who_sent_it(core: Core) -> None:
    (asset,) = await minted(core, 1)
    _, directory = await amended(core, asset)
    contract, owner = contract_of(core), core.adapters.signer.address
    call = ContractCall(
        contract,
        AMEND,
        (("tokenId", str(asset.asset_id.int)), ("directoryDigest", "0x" + directory.digest.hex())),
    )
    data = (await core.writes.simulate(call)).data
    sent = {"from": owner, "to": contract, "data": "0x" + data.hex()}
    tx_hash = await asked(core, "eth_sendTransaction", sent)
    (finding,) = await findings(core)
    told = str((await core.repairs.preview(finding)).told)
    assert (str(tx_hash) in told, owner in told, "this register" in told) == (True, True, False)


async def test_gas_block_and_record_come_from_the_receipt(core: Core) -> None:
    first, second = await minted(core)
    of_mints = "WHERE job_id IS NOT NULL"
    for damage, cause in (
        (f"UPDATE transactions SET gas_used = 1 {of_mints}", Cause.GAS_DIFFERS),
        (f"UPDATE transactions SET block_number = 1 {of_mints}", Cause.OTHER_BLOCK),
        (f"UPDATE transactions SET block_number = NULL, block_hash = NULL {of_mints}", Cause.NO_RECORD),
        (f"DELETE FROM transactions {of_mints}", Cause.NO_RECORD),
    ):
        change(core, damage)
        found = await findings(core)
        assert {each.cause for each in found} == {cause}
        await core.repairs.repair(found[0])
        assert await findings(core) == (), "they share the transaction"
    for asset in (first, second):
        mint = (await core.register.asset(asset.asset_id)).mint
        assert mint is not None
        assert asset.mint is not None
        assert mint.mined == asset.mint.mined
        receipt = await asked(core, "eth_getTransactionReceipt", str(mint.tx_hash))
        assert isinstance(receipt, dict)
        assert int(str(receipt["gasUsed"]), 16) == (mint.mined.gas_used if mint.mined else None)


async def test_lost_content_comes_back_from_a_checkpoint(core: Core) -> None:
    (asset,) = await minted(core, 1)
    assert asset.mint is not None
    checkpoint = await core.checkpoints.make("Before the loss", LongWork())
    content = core.adapters.content
    metadata, file = Cid.parse(str(asset.mint.metadata_cid)), Cid.parse(asset.attachments[0].cid)
    kept = await content.read(metadata)
    change(core, "UPDATE assets SET name = 'Another'")
    await content.remove_blocks([metadata, *await content.block_cids([file])])
    found = {each.cause: each for each in await findings(core)}
    assert found.keys() == {Cause.METADATA_MISSING, Cause.FILE_MISSING}
    for finding in found.values():
        preview = await core.repairs.preview(finding)
        assert (checkpoint.name in str(preview.told), preview.needs_file) == (True, False)
        await core.repairs.repair(finding)
    assert (await content.read(metadata), await content.read(file)) == (kept, FILE)
    (changed,) = await findings(core)
    assert changed.cause is Cause.RECORD_CHANGED
    assert (await core.repairs.repair(changed)).findings == ()
    assert (await core.register.asset(asset.asset_id)).name == "Asset 0"
