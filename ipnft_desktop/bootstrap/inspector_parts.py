"""The inspector's services, joined with the node that everything else speaks to as well."""

from __future__ import annotations

from dataclasses import dataclass

from ipnft_desktop.bootstrap.adapters import Adapters
from ipnft_desktop.services.address_book import AddressBook
from ipnft_desktop.services.inspector.abi_registry import AbiRegistry
from ipnft_desktop.services.inspector.chain_export import ChainExport
from ipnft_desktop.services.inspector.chain_inspector import ChainInspector
from ipnft_desktop.services.inspector.chain_search import ChainSearch
from ipnft_desktop.services.session import Session


@dataclass(frozen=True, slots=True)
class InspectorParts:
    """What looks into the chain."""

    abis: AbiRegistry
    inspector: ChainInspector
    search: ChainSearch
    exports: ChainExport


def inspector_parts(parts: Adapters, session: Session, address_book: AddressBook) -> InspectorParts:
    """Over the node and the register in use."""
    abis = AbiRegistry(parts.database, parts.codec, session, parts.clock)
    inspector = ChainInspector(parts.inspection, parts.codec, abis, parts.database, session, lambda: address_book.known)
    return InspectorParts(
        abis,
        inspector,
        ChainSearch(parts.inspection, parts.chain, parts.database, session),
        ChainExport(parts.sheets, inspector),
    )
