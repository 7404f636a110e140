"""Contracts, accounts and events of a real chain: what is known of them, what they answer, what lies in them."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.chain_events import EventFilter, EventKind
from ipnft_desktop.domain.contract_writes import ContractCall, WriteState
from ipnft_desktop.domain.errors import IpnftError, ProblemKind, UserError, ValidationFailed
from ipnft_desktop.domain.inspection.contracts import AbiEntry
from ipnft_desktop.domain.inspection.decoding import Decoded, Undecoded, ValueKind
from ipnft_desktop.domain.inspection.directory import (
    AccountSource,
    ContractDetail,
    ContractKind,
    ReadAnswer,
    ReadRefusal,
)
from ipnft_desktop.domain.inspection.tracing import StateChange
from ipnft_desktop.domain.inspection.typed_values import call_value
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork
from tests.support.chain_fixtures import RECIPIENT
from tests.support.inspected_program import Program, indexed, minted

ECHO = "6004356000526020" + "6000f3"
"""Answers the first argument of a call."""
ECHO_ABI = json.dumps(
    [
        {
            "type": "function",
            "name": "echo",
            "stateMutability": "view",
            "inputs": [{"name": "amount", "type": "uint256"}],
            "outputs": [{"name": "", "type": "uint256"}],
        }
    ]
)
LOGGER = "60006000a000"
"""Emits an event that says nothing."""
CREATION = "0x6006600c60003960066000f3" + LOGGER
"""Creates a contract with that code."""
ECHO_AT = "0x000000000000000000000000000000000000ec40"


async def detail_of(program: Program, address: str) -> ContractDetail:
    return await program.core.contracts.contract(address)


def entry(detail: ContractDetail, name: str) -> AbiEntry:
    return next(each for each in detail.functions if each.name == name)


def values(answer: ReadAnswer | ReadRefusal) -> list[str]:
    assert isinstance(answer, ReadAnswer)
    assert isinstance(answer.values, tuple)
    return [value.text for value in answer.values]


def words(told: tuple[StateChange, ...]) -> dict[str, dict[str, str]]:
    return {each.variable: {field.name: field.after.text for field in each.fields} for each in told}


# --- contracts ------------------------------------------------------------------------------------------------------


async def test_the_registers_contract_tells_what_it_is(program: Program) -> None:
    await minted(program)
    await indexed(program)
    detail = await detail_of(program, program.contract)
    own = detail.own
    assert own is not None
    identity = await program.core.adapters.database.read(lambda tx: tx.chain_identity())
    assert identity is not None
    assert (detail.line.kind, detail.line.abi_name) == (ContractKind.OURS, "IPAssetNFT")
    assert (own.instance_id, own.supply, own.terms.is_paused) == (identity.instance_id, 1, False)
    assert own.terms.admin == program.core.adapters.signer.address
    assert detail.name
    assert detail.symbol
    assert detail.line.state.code_hash == identity.code_hash
    creation = detail.line.creation
    assert creation is not None
    assert (creation.block_number, creation.creator) == (identity.deployment_block, own.terms.admin)
    assert {"mintAsset", "setValidity"} <= {each.name for each in detail.writes}
    assert not {each.name for each in detail.reads} & {"mintAsset", "setValidity"}


async def test_a_contract_that_somebody_creates_is_listed_and_one_that_is_gone_says_so(program: Program) -> None:
    directory = program.core.contracts
    before = await directory.contracts()
    assert before[0].address == program.contract
    tx_hash = await program.send(CREATION, None)
    receipt = await program.ask("eth_getTransactionReceipt", tx_hash)
    known = {line.address.lower(): line for line in await directory.contracts()}
    line = known[receipt["contractAddress"]]
    assert (line.kind, line.state.code_bytes, line.creation and line.creation.tx_hash) == (
        ContractKind.OTHER,
        len(LOGGER) // 2,
        tx_hash,
    )
    await program.place("", receipt["contractAddress"])
    gone = await detail_of(program, line.address)
    assert (gone.line.kind, gone.functions, gone.line.state.code_hash) == (ContractKind.NO_CODE, (), "")


async def test_every_function_that_reads_can_be_asked_now_and_at_a_past_block(program: Program) -> None:
    asking, detail = program.core.contract_asking, await detail_of(program, program.contract)
    before = await program.core.inspector.head()
    asset, _ = await minted(program)
    balance = entry(detail, "balanceOf")
    held = await asking.ask(program.contract, balance, [RECIPIENT])
    then = await asking.ask(program.contract, balance, [RECIPIENT], before)
    assert int(values(held)[0]) == int(values(then)[0]) + 1
    owner = await asking.ask(program.contract, entry(detail, "ownerOf"), [str(asset.asset_id)])
    assert values(owner) == [RECIPIENT]
    number = await asking.ask(program.contract, entry(detail, "tokenIdOf"), [str(asset.asset_id)])
    assert values(number) == [str(asset.asset_id.int)]
    royalty = await asking.ask(program.contract, entry(detail, "royaltyInfo"), [str(asset.asset_id), "2 ETH"])
    assert int(values(royalty)[1]) <= 2 * 10**18
    refused = await asking.ask(program.contract, entry(detail, "ownerOf"), ["12345"])
    assert isinstance(refused, ReadRefusal)
    assert isinstance(refused.error, Decoded)
    assert refused.error.name == "TokenDoesNotExist"


@pytest.mark.parametrize(
    ("name", "texts", "at", "field", "kind"),
    [
        ("balanceOf", ["0x12"], None, "argument.0", ProblemKind.NOT_AN_ADDRESS),
        ("royaltyInfo", ["1", "much"], None, "argument.1", ProblemKind.NOT_OF_TYPE),
        ("paused", [], 10**9, "block", ProblemKind.OUT_OF_RANGE),
    ],
)
async def test_what_cannot_be_asked_is_told_beside_its_field(
    program: Program, name: str, texts: list[str], at: int | None, field: str, kind: ProblemKind
) -> None:
    detail = await detail_of(program, program.contract)
    with pytest.raises(ValidationFailed) as refused:
        await program.core.contract_asking.ask(program.contract, entry(detail, name), texts, at)
    assert [(problem.field, problem.kind) for problem in refused.value.problems] == [(field, kind)]


async def test_a_stranger_is_asked_raw_and_by_an_imported_abi(program: Program) -> None:
    at = (await program.core.accounts.account(parse_address(await program.place(ECHO, ECHO_AT)))).address
    asking = program.core.contract_asking
    stranger = await detail_of(program, at)
    assert (stranger.line.kind, stranger.functions, stranger.own) == (ContractKind.OTHER, (), None)
    raw = await asking.ask_raw(at, "0x01020304" + f"{7:064x}")
    assert isinstance(raw, ReadAnswer)
    assert (raw.values, int.from_bytes(raw.data, "big")) == (Undecoded.UNKNOWN, 7)
    with pytest.raises(ValidationFailed):
        await asking.ask_raw(at, "0102")
    await program.core.abis.import_abi(at, "Echo", ECHO_ABI)
    known = await detail_of(program, at)
    assert (known.line.abi_name, [each.name for each in known.reads]) == ("Echo", ["echo"])
    assert values(await asking.ask(at, known.reads[0], ["20 gwei"])) == [str(20 * 10**9)]
    assert at in {line.address for line in await program.core.contracts.contracts()}


async def test_storage_is_told_by_name_by_key_and_by_number(program: Program) -> None:
    asset, _ = await minted(program)
    asking = program.core.contract_asking
    plain = words(await asking.plain_storage(program.contract))
    assert plain["_paused"] == {"_paused": "false"}
    assert plain["owner"] == {"owner": program.core.adapters.signer.address}
    of_token = await asking.keyed_storage(program.contract, str(asset.asset_id))
    owned = words(of_token)["ownerOf"]
    assert (owned["owner"], owned["validity"]) == (RECIPIENT, "0")
    assert all(each.keys[0].kind is not ValueKind.ADDRESS for each in of_token)
    of_holder = words(await asking.keyed_storage(program.contract, RECIPIENT))
    told = await asking.ask(
        program.contract, entry(await detail_of(program, program.contract), "balanceOf"), [RECIPIENT]
    )
    assert of_holder["balanceOf"]["balance"] == values(told)[0]
    word = await asking.slot(program.contract, "0")
    assert (word.variable, word.change.after) == ("_paused", 0)
    with pytest.raises(ValidationFailed):
        await asking.keyed_storage(program.contract, "the first one")


# --- accounts -------------------------------------------------------------------------------------------------------


async def test_accounts_tell_what_they_hold_and_what_they_had_a_part_in(program: Program) -> None:
    asset, tx_hash = await minted(program)
    await indexed(program)
    accounts = program.core.accounts
    known = {line.address: line for line in (await accounts.accounts()).lines}
    holder = known[RECIPIENT]
    assert {AccountSource.NODE, AccountSource.EVENTS} <= holder.sources
    assert (holder.token_count, holder.is_contract) == (1, False)
    assert holder.state.balance_wei == int(await program.ask("eth_getBalance", RECIPIENT, "latest"), 16)
    signer = known[program.core.adapters.signer.address]
    assert AccountSource.SIGNER in signer.sources
    assert signer.state.nonce == int(await program.ask("eth_getTransactionCount", signer.address, "latest"), 16)
    kept = {address: replace(line.state, balance_wei=7) for address, line in known.items() if address != RECIPIENT}
    renewed = {line.address: line.state.balance_wei for line in (await accounts.accounts(kept)).lines}
    assert {renewed[address] for address in kept} == {7}, "they were not asked for again"
    assert renewed[RECIPIENT] == holder.state.balance_wei
    assert [name for _, name in await accounts.tokens(RECIPIENT)] == [asset.name]
    history = await accounts.history(RECIPIENT)
    assert history.lines[0].event.tx_hash == tx_hash
    assert history.lines[0].asset_name == asset.name
    stranger = await accounts.account(program.contract)
    assert (stranger.is_contract, stranger.sources) == (True, {AccountSource.SOUGHT})


# --- events ---------------------------------------------------------------------------------------------------------


async def test_events_are_read_in_words_and_what_says_nothing_stays_raw(program: Program, tmp_path: Path) -> None:
    asset, tx_hash = await minted(program)
    created = (await program.ask("eth_getTransactionReceipt", await program.send(CREATION, None)))["contractAddress"]
    await program.send("0x", created)
    await indexed(program)
    events = program.core.chain_events
    page = await events.page(EventFilter())
    raw, minted_line = page.lines[0], next(line for line in page.lines if line.event.kind is EventKind.MINTED)
    assert (raw.event.address.lower(), raw.event.kind, raw.reading) == (created, EventKind.FOREIGN, Undecoded.NOTHING)
    assert (minted_line.asset_name, minted_line.event.tx_hash) == (asset.name, tx_hash)
    assert isinstance(minted_line.reading, Decoded)
    assert minted_line.reading.name == "Transfer"
    first = await events.page(EventFilter(), None, 1)
    assert (first.lines, first.next_anchor) == (page.lines[:1], page.lines[0].event.anchor)
    target = tmp_path / "events.csv"
    exports = program.core.event_exports
    count = await exports.export(EventFilter(tx_hash=tx_hash), SheetFormat.CSV, target, LongWork())
    rows = list(csv.DictReader(target.read_text("utf-8-sig").splitlines()))
    assert len(rows) == count == await events.count(EventFilter(tx_hash=tx_hash))
    told = next(row for row in rows if row["kind"] == "MINTED")
    assert (told["asset"], told["event"]) == (asset.name, "Transfer(address,address,uint256)")
    assert f"to={RECIPIENT}" in told["arguments"]


# --- writes ---------------------------------------------------------------------------------------------------------


async def test_what_is_written_is_refused_in_words_or_seen_by_the_next_reading(program: Program) -> None:
    detail, writes = await detail_of(program, program.contract), program.core.writes
    asset, _ = await minted(program)
    function = entry(detail, "setValidity")
    texts = (str(asset.asset_id), "1", "0x" + "07" * 32)
    arguments = tuple(
        (parameter.name, call_value(parameter, text)) for parameter, text in zip(function.inputs, texts, strict=True)
    )
    with pytest.raises(UserError) as caught:  # that has its record and its reason elsewhere
        await writes.send(ContractCall(program.contract, function.signature, arguments), "A test")
    assert caught.value.field == "function"
    changed = await program.core.certificates.change(asset.asset_id, Validity.SUSPENDED, "A test", "VALID")
    assert changed.write.state is WriteState.DONE
    asking = program.core.contract_asking
    validity = await asking.ask(program.contract, entry(detail, "validityOf"), [str(asset.asset_id)])
    assert values(validity) == ["1"]
    (stored,) = [
        each for each in await asking.keyed_storage(program.contract, str(asset.asset_id)) if each.variable == "ownerOf"
    ]
    assert next(field.after.text for field in stored.fields if field.name == "validity") == "1"
    unpaused = ContractCall(program.contract, entry(detail, "unpause").signature)
    with pytest.raises(IpnftError):
        await writes.simulate(unpaused)
    assert [write.call.name for write in await writes.writes()] == ["setValidity"]
