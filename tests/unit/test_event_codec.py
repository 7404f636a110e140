"""What the logs and the mints of our contract say, and what is none of its business."""

from __future__ import annotations

from uuid import UUID

import pytest

from ipnft_desktop.adapters.chain.event_codec import EventCodec
from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract
from ipnft_desktop.domain.chain import BlockRef, MintCall
from ipnft_desktop.domain.chain_events import ChainEvent, EventKind
from tests.support.chain_fixtures import OTHER_RECIPIENT, RECIPIENT

OURS = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
FORWARDER = "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512"
DIGEST = b"\x07" * 32


def mint_data(*recipients: str) -> bytes:
    ids = tuple(UUID(int=number) for number, _ in enumerate(recipients, 1))
    return CONTRACT.mint(MintCall(ids, recipients, DIGEST))


CONTRACT = IPAssetContract.load()


@pytest.mark.parametrize("recipients", [(RECIPIENT,), (RECIPIENT, RECIPIENT), (RECIPIENT, OTHER_RECIPIENT)])
def test_a_mint_sent_to_our_contract_names_its_directory(recipients: tuple[str, ...]) -> None:
    data = mint_data(*recipients)
    assert CONTRACT.events.directory_of_mint(OURS.lower(), data, OURS) == DIGEST
    assert CONTRACT.events.directory_of_mint(OURS, data[:60], OURS) is None


@pytest.mark.parametrize("to", [FORWARDER, None])
def test_the_same_call_of_another_contract_names_none(to: str | None) -> None:
    assert CONTRACT.events.directory_of_mint(to, mint_data(RECIPIENT), OURS) is None
    assert CONTRACT.events.directory_of_mint(to, mint_data(RECIPIENT), None) is None


def test_an_event_of_an_abi_that_has_no_meaning_here_stays_raw() -> None:
    uint = {"type": "uint256", "indexed": True}
    abi = [{"type": "event", "name": "ConsecutiveTransfer", "inputs": [{**uint, "name": "fromTokenId"}]}]
    raw = ChainEvent(BlockRef(1, "0x1", 1), "0x2", 0, OURS, (bytes(32), bytes(32)), b"", EventKind.FOREIGN)
    assert EventCodec(abi).read(raw, OURS).kind is EventKind.UNREADABLE
