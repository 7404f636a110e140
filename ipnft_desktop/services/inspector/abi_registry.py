"""Which ABIs apply at an address: that of our contract, what people imported, and the standards."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.errors import FieldProblem, ProblemKind, ValidationFailed
from ipnft_desktop.domain.inspection.contracts import (
    ABI_MAX_BYTES,
    ABI_NAME_MAX_CHARS,
    ContractAbi,
    ImportedAbi,
    general_key,
)
from ipnft_desktop.domain.inspection.decoding import AbiOrigin
from ipnft_desktop.domain.people import Permission, check_address, check_line
from ipnft_desktop.services.inspector_ports import ContractCodec
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.session import Session


class AbiRegistry:
    """Reading asks for somebody who is signed in, importing and removing for EDIT_ADDRESSES, as the names of addresses
    do: UserError SIGN_IN_REQUIRED or PERMISSION_DENIED."""

    def __init__(self, database: Database, codec: ContractCodec, session: Session, clock: Clock) -> None:
        self._database = database
        self._codec = codec
        self._session = session
        self._clock = clock
        self._read: dict[str, tuple[str, ContractAbi]] = {}

    async def imported(self) -> tuple[ImportedAbi, ...]:
        """What people imported, by name."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.imported_abis())

    async def own_contract(self) -> str | None:
        """Where the register's contract is; None before it is deployed."""
        self._session.require_reader()
        return await self._database.read(_own_contract)

    async def abis_of(self, addresses: Iterable[str]) -> Mapping[str, tuple[ContractAbi, ...]]:
        """What applies at these checksummed addresses, the surest first; the standards are the last everywhere."""
        self._session.require_reader()
        wanted = frozenset(addresses)
        kept, own = await self._database.read(lambda tx: (tx.imported_abis(wanted), _own_contract(tx)))
        return await asyncio.to_thread(self._join, wanted, kept, own)

    async def import_abi(self, address: str, name: str, content: str) -> ImportedAbi:
        """Keep an ABI for an address, for every contract where that is empty; that of before gives way. `content` is
        the ABI itself or an artifact of Hardhat or Foundry. Raises ValidationFailed (fields `address`, `name`,
        `content`)."""
        user = self._session.require(Permission.EDIT_ADDRESSES)
        of_address = check_address("address", address) if address.strip() else ()
        problems = [*of_address, *check_line("name", name, ABI_NAME_MAX_CHARS)]
        if not content.strip():
            problems.append(FieldProblem("content", ProblemKind.REQUIRED))
        elif len(content) > ABI_MAX_BYTES:
            problems.append(_too_large())
        if problems:
            raise ValidationFailed(tuple(problems))
        abi, plain = await asyncio.to_thread(self._codec.read_abi, name.strip(), content)
        key = parse_address(address) if address.strip() else general_key(name)
        kept = ImportedAbi(key, name.strip(), plain, user.name, self._clock.now())

        def work(tx: Transaction) -> None:
            tx.put_abi(kept)
            facts = {"name": kept.name, "entries": str(len(abi.entries))}
            tx.append_audit(user.name, "abi.import", kept.address, facts, kept.imported_at)

        await self._database.write(work)
        return kept

    async def import_file(self, address: str, name: str, file: Path) -> ImportedAbi:
        """As `import_abi` with the content of a file, which may be as long as ABI_MAX_BYTES."""
        self._session.require(Permission.EDIT_ADDRESSES)
        return await self.import_abi(address, name, await asyncio.to_thread(_content_of, file))

    async def remove(self, address: str) -> None:
        """Forget what was imported for an address; nothing where there is nothing."""
        user = self._session.require(Permission.EDIT_ADDRESSES)

        def work(tx: Transaction) -> None:
            if tx.remove_abi(address):
                tx.append_audit(user.name, "abi.remove", address, {}, self._clock.now())

        await self._database.write(work)

    def _join(
        self, addresses: Iterable[str], kept: Sequence[ImportedAbi], own: str | None
    ) -> dict[str, tuple[ContractAbi, ...]]:
        general = (self._abi_of(abi) for abi in kept if abi.is_general)
        standards = (*general, *self._codec.standard_abis())
        imported = {abi.address: self._abi_of(abi) for abi in kept if not abi.is_general}
        found: dict[str, tuple[ContractAbi, ...]] = {}
        for address in addresses:
            surest = (self._codec.own_abi(),) if address == own else ()
            found[address] = (*surest, *((imported[address],) if address in imported else ()), *standards)
        return found

    def _abi_of(self, kept: ImportedAbi) -> ContractAbi:
        """Read once as long as it is the same."""
        known = self._read.get(kept.address)
        if known is None or known[0] != kept.content or known[1].name != kept.name:
            abi = self._codec.read_abi(kept.name, kept.content)[0]
            known = (kept.content, replace(abi, origin=AbiOrigin.STANDARD) if kept.is_general else abi)
            self._read[kept.address] = known
        return known[1]


def _own_contract(tx: Transaction) -> str | None:
    identity = tx.chain_identity()
    return identity.contract_address if identity else None


def _content_of(file: Path) -> str:
    """Raises ValidationFailed (field `content`)."""
    refused = partial(FieldProblem, "content")
    try:
        if not file.is_file():
            raise ValidationFailed((refused(ProblemKind.FILE_MISSING, file.name),))
        with file.open("rb") as opened:
            content = opened.read(ABI_MAX_BYTES + 1)
    except OSError:
        raise ValidationFailed((refused(ProblemKind.FILE_UNREADABLE, file.name),)) from None
    if len(content) > ABI_MAX_BYTES:
        raise ValidationFailed((_too_large(),))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationFailed((refused(ProblemKind.FILE_UNREADABLE, file.name),)) from None


def _too_large() -> FieldProblem:
    return FieldProblem("content", ProblemKind.TOO_LONG, f"{ABI_MAX_BYTES:,}")
