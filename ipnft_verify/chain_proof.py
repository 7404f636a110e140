"""What a block holds: header, transaction and receipt, each proved by hashes up to the block's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ipnft_verify.broken import Broken
from ipnft_verify.keccak import keccak256
from ipnft_verify.rlp import Item, as_bytes, as_list, as_number, decode, encode
from ipnft_verify.signing import checksummed, recovered
from ipnft_verify.trie import TrieProof

TRANSFER = keccak256(b"Transfer(address,address,uint256)")
VALIDITY_CHANGED = keccak256(b"ValidityChanged(uint256,uint8,bytes32)")
DIRECTORY_AMENDED = keccak256(b"DirectoryAmended(uint256,bytes32,bytes32)")

_MINT_ASSET = keccak256(b"mintAsset(address,bytes16,bytes32)")[:4]
_BATCH_MINT = keccak256(b"batchMint(address,bytes16[],bytes32)")[:4]
_BATCH_MINT_TO = keccak256(b"batchMintTo(address[],bytes16[],bytes32)")[:4]
_WORD = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COUNTER_BYTES = 8
"""Of heights, times and amounts of gas, which clients keep in 64 bits; of anything else there are 256."""
_OLDEST_FIELDS, _LONDON_FIELDS = 15, 16
"""Fields of a header before and since EIP-1559; Prague has 21."""


@dataclass(frozen=True, slots=True)
class Header:
    """A block, as far as evidence needs it."""

    block_hash: bytes
    state_root: bytes
    transactions_root: bytes
    receipts_root: bytes
    number: int
    timestamp_s: int
    base_fee_wei: int

    @classmethod
    def read(cls, data: bytes) -> Header:
        """Fields in the order of the yellow paper, section 4.4.3, and of EIP-1559, 4895, 4844, 4788 and 7685."""
        fields = as_list(decode(data))
        if len(fields) < _OLDEST_FIELDS:
            raise ValueError("too few fields for the header of a block")
        base_fee_wei = as_number(fields[15]) if len(fields) >= _LONDON_FIELDS else 0
        state, transactions, receipts = map(as_bytes, fields[3:6])
        return cls(
            keccak256(data),
            state,
            transactions,
            receipts,
            as_number(fields[8], _COUNTER_BYTES),
            as_number(fields[11], _COUNTER_BYTES),
            base_fee_wei,
        )


@dataclass(frozen=True, slots=True)
class Transaction:
    """A signed transaction; the sender is who signed it."""

    tx_hash: bytes
    chain_id: int | None
    """Of the chain that it was signed for; None for one of before EIP-155, which is for any."""
    sender: str
    to: bytes
    data: bytes
    priority_fee_wei: int
    max_fee_wei: int

    @classmethod
    def read(cls, raw: bytes) -> Transaction:
        """Of any kind there is: legacy (EIP-155), 2930, 1559, 4844 and 7702."""
        kind = raw[0]
        if kind >= 0xC0:
            return cls._read_legacy(raw)
        fields = as_list(decode(raw[1:]))
        if not 1 <= kind <= 4:
            raise ValueError("a transaction of an unknown kind")
        signed = keccak256(raw[:1] + encode(fields[:-3]))
        parity, r, s = map(as_number, fields[-3:])
        has_one_price = kind == 1
        to = 4 if has_one_price else 5
        priority, most = (fields[2], fields[2]) if has_one_price else (fields[2], fields[3])
        return cls(
            keccak256(raw),
            as_number(fields[0]),
            recovered(signed, r, s, parity),
            as_bytes(fields[to]),
            as_bytes(fields[to + 2]),
            as_number(priority),
            as_number(most),
        )

    @classmethod
    def _read_legacy(cls, raw: bytes) -> Transaction:
        fields = as_list(decode(raw))
        v, r, s = map(as_number, fields[6:9])
        if len(fields) != 9:
            raise ValueError("a transaction of an unknown kind")
        has_chain = v >= 35
        chain_id = (v - 35) // 2 if has_chain else None
        chain: list[Item] = [] if chain_id is None else [_number(chain_id), b"", b""]
        signed = keccak256(encode([*fields[:6], *chain]))
        price = as_number(fields[1])
        sender = recovered(signed, r, s, (v - 35) % 2 if has_chain else v - 27)
        return cls(keccak256(raw), chain_id, sender, as_bytes(fields[3]), as_bytes(fields[5]), price, price)

    def price_wei(self, base_fee_wei: int) -> int:
        """Price per gas in a block of this base fee (EIP-1559)."""
        return min(self.max_fee_wei, base_fee_wei + self.priority_fee_wei)


@dataclass(frozen=True, slots=True)
class Log:
    """An event as the receipt has it."""

    address: bytes
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a transaction."""

    succeeded: bool
    cumulative_gas: int
    logs: tuple[Log, ...]

    @classmethod
    def read(cls, data: bytes) -> Receipt:
        """Of any kind (EIP-2718); the first field is a status since EIP-658."""
        fields = as_list(decode(data if data[0] >= 0xC0 else data[1:]))
        status, gas, _, logs = fields
        return cls(as_bytes(status) == b"\x01", as_number(gas, _COUNTER_BYTES), tuple(map(_log, as_list(logs))))


@dataclass(frozen=True, slots=True)
class Mined:
    """A transaction in its block."""

    header: Header
    transaction: Transaction
    receipt: Receipt
    gas_used: int


def transaction_in(header: Header, index: int, proof: bytes) -> Transaction:
    """The transaction at this place of a block. Raises Broken where the nodes do not prove one."""
    trie = TrieProof(header.transactions_root, _nodes(proof))
    raw = trie.value(encode(index))
    if raw is None or trie.unused:
        raise Broken("no_transaction")
    return Transaction.read(raw)


def receipt_in(header: Header, index: int, proof: bytes) -> tuple[Receipt, int]:
    """The receipt at this place, and the gas that the transaction alone used: a receipt tells the sum of the block up
    to it, so the one before it is proved too. Raises Broken where the nodes do not prove them."""
    trie = TrieProof(header.receipts_root, _nodes(proof))
    found = trie.value(encode(index))
    before = trie.value(encode(index - 1)) if index else None
    if found is None or (index and before is None) or trie.unused:
        raise Broken("no_receipt")
    receipt = Receipt.read(found)
    return receipt, receipt.cumulative_gas - (Receipt.read(before).cumulative_gas if before else 0)


def mined_in(header: bytes, index: int, transaction_proof: bytes, receipt_proof: bytes) -> Mined:
    """All of it at once, for an event of a token's history."""
    block = Header.read(header)
    return Mined(block, transaction_in(block, index, transaction_proof), *receipt_in(block, index, receipt_proof))


@dataclass(frozen=True, slots=True)
class MintOf:
    """What a mint says of one asset."""

    recipient: str
    directory_digest: bytes


def mint_in(data: bytes, asset_id: bytes) -> MintOf:
    """What the call of a mint says of an asset. Raises Broken where it mints another one, or nothing.

    Encoding: Solidity's ABI, as `contracts/interfaces/IIPAssetNFT.sol` names the calls.
    """
    selector, words = data[:4], data[4:]
    if selector == _MINT_ASSET:
        if words[_WORD : _WORD + 16] != asset_id:
            raise Broken("other_asset")
        return MintOf(_address(_word(words, 0)), _word(words, 2))
    if selector not in (_BATCH_MINT, _BATCH_MINT_TO):
        raise Broken("no_mint_call")
    ids = [word[:16] for word in _array(words, 1)]
    if asset_id not in ids:
        raise Broken("other_asset")
    recipients = [_word(words, 0)] * len(ids) if selector == _BATCH_MINT else _array(words, 0)
    return MintOf(_address(recipients[ids.index(asset_id)]), _word(words, 2))


def _word(words: bytes, index: int) -> bytes:
    found = words[index * _WORD : (index + 1) * _WORD]
    if len(found) != _WORD:
        raise ValueError("a call that is cut off")
    return found


def _array(words: bytes, index: int) -> list[bytes]:
    """The array that the argument at this place refers to."""
    content = words[int.from_bytes(_word(words, index), "big") :]
    length = int.from_bytes(_word(content, 0), "big")
    if length > len(content) // _WORD:
        raise ValueError("an array that is cut off")
    return [_word(content, 1 + number) for number in range(length)]


def _address(word: bytes) -> str:
    return checksummed(word[12:])


def _log(item: Item) -> Log:
    address, topics, data = as_list(item)
    return Log(as_bytes(address), tuple(map(as_bytes, as_list(topics))), as_bytes(data))


def moment(timestamp_s: int) -> str:
    """A block's time as the manifest writes it. Raises OverflowError beyond the year 9999."""
    return (_EPOCH + timedelta(seconds=timestamp_s)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _nodes(proof: bytes) -> list[bytes]:
    return [as_bytes(node) for node in as_list(decode(proof))]


def _number(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")
