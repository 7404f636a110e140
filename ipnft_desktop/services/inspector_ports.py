"""What inspecting the chain needs from the outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from ipnft_desktop.domain.inspection.blocks import Block, BlockPage
from ipnft_desktop.domain.inspection.contracts import AbiEntry, AccountState, ContractAbi, ImportedAbi
from ipnft_desktop.domain.inspection.decoding import (
    CallReading,
    Decoded,
    DecodedValue,
    LogReading,
    Refusal,
    Undecoded,
)
from ipnft_desktop.domain.inspection.tracing import (
    CallFrame,
    GasStory,
    RawState,
    SlotChange,
    StateChange,
    Untold,
)
from ipnft_desktop.domain.inspection.transactions import (
    RawLog,
    RawTransaction,
    TransactionPage,
    TransactionPlace,
)


class ChainInspection(Protocol):
    """Reads what a chain holds, of whatever contract. Every method may raise EnvironmentFault NODE_UNREACHABLE; none
    changes anything. Answers of any length are read aside from the event loop."""

    async def head(self) -> int:
        """Height of the newest block."""
        ...

    async def blocks(self, below: int | None, limit: int) -> BlockPage:
        """At most `limit` blocks (>= 1) below a height, newest first; from the newest one for None."""
        ...

    async def block(self, at: int | str) -> Block | None:
        """By height or hash; None where the chain has none."""
        ...

    async def transactions(self, below: TransactionPlace | None, limit: int) -> TransactionPage:
        """At most `limit` transactions before a place, newest first. A chain of empty blocks is looked through for a
        bounded way: a page may have no lines and go on all the same."""
        ...

    async def transactions_of(self, number: int) -> TransactionPage:
        """All transactions of a block in the order of the block; `next_below` is None."""
        ...

    async def transaction(self, tx_hash: str) -> RawTransaction | None:
        """A mined transaction; None where the chain has none of this hash."""
        ...

    async def calls(self, tx_hash: str) -> CallFrame | Untold:
        """The transaction's own call with all inside it, run again by the node."""
        ...

    async def gas(self, transaction: RawTransaction) -> GasStory:
        """Where its gas went; as far as that is known without a trace where the node makes none."""
        ...

    async def state(self, tx_hash: str) -> RawState | Untold:
        """What it left changed."""
        ...

    async def accounts(self, addresses: Sequence[str], at: int | None = None) -> tuple[AccountState, ...]:
        """As they are after the block of a height; after the newest one for None."""
        ...

    async def storage(self, address: str, slots: Sequence[int], at: int | None = None) -> tuple[int, ...]:
        """Words of a contract's storage, 0 where nothing was ever written."""
        ...

    async def ask_contract(
        self, address: str, data: bytes, at: int | None = None, sender: str | None = None
    ) -> bytes | Refusal:
        """What a call answers that changes nothing."""
        ...


class ContractCodec(Protocol):
    """Reads and writes what contracts speak. All of it computes: call it in an executor. Nothing here raises for what
    a chain holds; it is told as `Undecoded`.

    The ABIs are those that apply at an address, the surest first; the first that fits is taken.
    """

    def standard_abis(self) -> tuple[ContractAbi, ...]:
        """ERC-20, ERC-721, ERC-1155 and the contracts of the laboratory."""
        ...

    def own_abi(self) -> ContractAbi:
        """That of IPAssetNFT."""
        ...

    def read_abi(self, name: str, content: str) -> tuple[ContractAbi, str]:
        """An ABI, or an artifact of Hardhat or Foundry with one in it, as a person brought it; and the ABI alone as
        JSON, which is read again by this method. Raises ValidationFailed (field `content`)."""
        ...

    def call(self, data: bytes, abis: Sequence[ContractAbi]) -> CallReading:
        """Call data by their selector."""
        ...

    def logs(self, logs: Sequence[RawLog], abis: Mapping[str, Sequence[ContractAbi]]) -> tuple[LogReading, ...]:
        """Events by their first topic, with the ABIs of each address; those of an address that is not named are the
        standard ones."""
        ...

    def error(self, data: bytes, abis: Sequence[ContractAbi]) -> Decoded | Undecoded:
        """What a call reverted with."""
        ...

    def answer(self, entry: AbiEntry, data: bytes) -> tuple[DecodedValue, ...] | Undecoded:
        """What a function returned."""
        ...

    def encode(self, entry: AbiEntry, texts: Sequence[str]) -> bytes:
        """A call of a function with arguments as a person typed them: decimal or 0x numbers, 0x-hex for bytes, true or
        false, JSON for lists and structs. Raises ValidationFailed; a field is called `argument.<index>`."""
        ...

    def methods(self, abis: Sequence[ContractAbi]) -> Mapping[str, str]:
        """Names of functions by selector (0x-hex); of an ABI that comes first where several know one."""
        ...

    def name_state(
        self, slots: Sequence[SlotChange], own_contract: str | None, known: Collection[int]
    ) -> tuple[StateChange, ...]:
        """The changed words with the variables they belong to, for the contract of ours at `own_contract`; all others
        stay raw. `known` are words that may be keys of a mapping: of events and call data, and accounts."""
        ...

    def slots_of(self, known: Collection[int]) -> tuple[int, ...]:
        """Where our contract keeps its variables that need no key, and those whose keys are among these words."""
        ...


class AbiTransaction(Protocol):
    """Part of `services.ports.Transaction`: ABIs that people imported, at most one an address."""

    def put_abi(self, imported: ImportedAbi) -> None:
        """Keep it; that of the same address gives way."""
        ...

    def remove_abi(self, address: str) -> bool:
        """Whether there was one."""
        ...

    def imported_abis(self, addresses: Collection[str] | None = None) -> tuple[ImportedAbi, ...]:
        """Those of these addresses and those for every contract; all of them for None; by name."""
        ...
