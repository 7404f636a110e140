"""What every way of looking into a chain answers about blocks, transactions and accounts."""

from __future__ import annotations

import pytest

from ipnft_desktop.adapters.chain.inspection.node_inspection import NodeInspection
from ipnft_desktop.domain.chain import ChainIdentity
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.inspection.transactions import TransactionLine
from ipnft_desktop.services.chain_ports import Chain, Signer
from ipnft_desktop.services.inspector_ports import ChainInspection
from tests.ports.chain.conftest import ChainUnderTest, MemoryUnderTest, NodeUnderTest
from tests.support.chain_fixtures import OTHER_RECIPIENT, RECIPIENT, mint, mint_call
from tests.support.memory_inspection import MemoryInspection


@pytest.fixture
def inspection(under_test: ChainUnderTest) -> ChainInspection:
    if isinstance(under_test, MemoryUnderTest):
        return MemoryInspection(under_test.chain)
    assert isinstance(under_test, NodeUnderTest)
    return NodeInspection(under_test.rpc)


async def test_blocks_come_newest_first_page_by_page(
    inspection: ChainInspection, chain: Chain, signer: Signer, identity: ChainIdentity
) -> None:
    receipt = await mint(chain, signer, identity, mint_call(RECIPIENT))
    head = await inspection.head()
    assert head == receipt.block.number
    page = await inspection.blocks(None, 2)
    assert [line.number for line in page.lines] == [head, head - 1]
    assert page.next_below == head - 1
    newest = page.lines[0]
    assert (newest.block_hash, newest.timestamp_s) == (receipt.block.block_hash, receipt.block.timestamp_s)
    assert (newest.transaction_count, newest.gas_used) == (1, receipt.gas_used)
    assert newest.parent_hash == page.lines[1].block_hash
    assert 0 < newest.fullness < 1
    rest = await inspection.blocks(2, 50)
    assert [line.number for line in rest.lines] == [1, 0]
    assert rest.next_below is None


async def test_a_block_is_found_by_height_and_by_hash(
    inspection: ChainInspection, chain: Chain, signer: Signer, identity: ChainIdentity
) -> None:
    receipt = await mint(chain, signer, identity, mint_call(RECIPIENT))
    found = await inspection.block(receipt.block.number)
    assert found is not None
    assert found == await inspection.block(receipt.block.block_hash)
    assert found.tx_hashes == (receipt.tx_hash,)
    assert found.header["hash"] == receipt.block.block_hash
    assert await inspection.block(receipt.block.number + 1) is None
    assert await inspection.block("0x" + "ab" * 32) is None


async def test_transactions_come_newest_first_page_by_page(
    inspection: ChainInspection, chain: Chain, signer: Signer, identity: ChainIdentity
) -> None:
    minted = [await mint(chain, signer, identity, mint_call(RECIPIENT)) for _ in range(3)]
    first = await inspection.transactions(None, 2)
    second = await inspection.transactions(first.next_below, 2)
    hashes = [line.tx_hash for line in (*first.lines, *second.lines)]
    assert hashes[:3] == [receipt.tx_hash for receipt in reversed(minted)]
    assert first.next_below == first.lines[-1].place
    line = first.lines[0]
    assert (line.sender, line.to, line.created) == (signer.address, identity.contract_address, None)
    assert (line.succeeded, line.gas_used, line.gas_price_wei) == (True, minted[2].gas_used, minted[2].gas_price_wei)
    assert line.fee_wei == line.gas_used * line.gas_price_wei
    assert len(line.selector) == 10


async def test_the_last_page_says_so(inspection: ChainInspection, identity: ChainIdentity) -> None:
    lines: list[TransactionLine] = []
    below, pages = None, 0
    while pages == 0 or below is not None:
        page = await inspection.transactions(below, 7)
        lines += page.lines
        below, pages = page.next_below, pages + 1
    places = [line.place for line in lines]
    assert places == sorted(places, reverse=True)
    assert len(set(places)) == len(places)
    creation = next(line for line in lines if line.created == identity.contract_address)
    assert (creation.to, creation.selector) == (None, "")


async def test_one_transaction_with_its_call_and_events(
    inspection: ChainInspection, chain: Chain, signer: Signer, identity: ChainIdentity
) -> None:
    call = mint_call(RECIPIENT, OTHER_RECIPIENT)
    receipt = await mint(chain, signer, identity, call)
    found = await inspection.transaction(receipt.tx_hash)
    assert found is not None
    assert found.block_hash == receipt.block.block_hash
    assert (await inspection.transactions_of(receipt.block.number)).lines == (found.line,)
    assert [log.address for log in found.logs] == [identity.contract_address] * 2
    assert [int(log.topics[3], 16) for log in found.logs] == [asset_id.int for asset_id in call.asset_ids]
    assert found.input
    assert found.gas_limit >= receipt.gas_used
    assert await inspection.transaction("0x" + "ab" * 32) is None


async def test_an_account_and_a_contract(
    inspection: ChainInspection, signer: Signer, chain: Chain, identity: ChainIdentity
) -> None:
    person, contract = await inspection.accounts([signer.address, identity.contract_address])
    assert (person.address, person.code_bytes, person.code_hash) == (signer.address, 0, "")
    assert person.nonce == await chain.nonce_of(signer.address)
    assert person.balance_wei > 0
    assert contract.code_bytes > 0
    assert contract.code_hash == identity.code_hash


async def test_a_node_that_is_gone_is_said_to_be(inspection: ChainInspection, chain: Chain) -> None:
    await chain.disconnect()
    for ask in (inspection.head(), inspection.blocks(None, 5), inspection.transaction("0x" + "00" * 32)):
        with pytest.raises(EnvironmentFault) as caught:
            await ask
        assert caught.value.code is ErrorCode.NODE_UNREACHABLE
