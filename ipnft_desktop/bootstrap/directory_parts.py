"""What the inspector knows of contracts, accounts and events, joined with node and index."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

from ipnft_desktop.bootstrap.adapters import Adapters
from ipnft_desktop.domain.errors import UserError
from ipnft_desktop.services.chain_index import ChainIndex
from ipnft_desktop.services.inspector.abi_registry import AbiRegistry
from ipnft_desktop.services.inspector.account_directory import AccountDirectory
from ipnft_desktop.services.inspector.contract_asking import ContractAsking
from ipnft_desktop.services.inspector.contract_creations import ContractCreations
from ipnft_desktop.services.inspector.contract_directory import ContractDirectory
from ipnft_desktop.services.inspector.event_export import EventExport
from ipnft_desktop.services.inspector.event_reading import EventReading
from ipnft_desktop.services.session import Session


@dataclass(frozen=True, slots=True)
class Directories:
    """What is known on the chain, beside its blocks and transactions."""

    events: EventReading
    event_exports: EventExport
    contracts: ContractDirectory
    asking: ContractAsking
    accounts: AccountDirectory


def directories(parts: Adapters, session: Session, abis: AbiRegistry, index: ChainIndex) -> Directories:
    """Over the node and the register in use."""
    events = EventReading(index, parts.codec, abis, parts.database, session)
    creations = ContractCreations(parts.inspection, index, parts.database)

    async def node_accounts() -> Collection[str]:
        """Only where their published keys may sign: elsewhere they are accounts like any other."""
        from ipnft_desktop.adapters.chain.keystore_signer import demo_addresses

        return await asyncio.to_thread(demo_addresses) if parts.chain.is_local else ()

    async def signers() -> Collection[str]:
        try:
            return (await asyncio.to_thread(lambda: parts.signer.address),)
        except UserError:  # a keystore that does not tell its account, or cannot be read
            return ()

    return Directories(
        events,
        EventExport(parts.sheets, events),
        ContractDirectory(parts.inspection, parts.codec, abis, index, creations, parts.database, session),
        ContractAsking(parts.inspection, parts.codec, abis, session),
        AccountDirectory(parts.inspection, index, events, parts.database, session, node_accounts, signers),
    )
