"""ABIs of others' contracts: one an address, by name."""

from __future__ import annotations

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.inspection.contracts import ImportedAbi
from tests.support import samples

FIRST, SECOND = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"


async def test_one_an_address_is_kept_until_it_is_removed(database: SqlDatabase) -> None:
    zebra = ImportedAbi(FIRST, "Zebra 斑马", '[{"type":"fallback"}]', "ann", samples.at(0))
    auction = ImportedAbi(SECOND, "auction", "[]", "bob", samples.at(1))
    for imported in (zebra, auction):
        await database.write(lambda tx, imported=imported: tx.put_abi(imported))
    assert await database.read(lambda tx: tx.imported_abis()) == (auction, zebra)

    for addresses, found in (((FIRST,), (zebra,)), ((FIRST, SECOND), (auction, zebra)), ((), ()), (("0x0",), ())):
        assert await database.read(lambda tx, of=addresses: tx.imported_abis(of)) == found

    other = ImportedAbi(FIRST, "Other", "[]", "bob", samples.at(2))
    await database.write(lambda tx: tx.put_abi(other))
    assert await database.read(lambda tx: tx.imported_abis()) == (auction, other)

    assert await database.write(lambda tx: tx.remove_abi(FIRST)) is True
    assert await database.write(lambda tx: tx.remove_abi(FIRST)) is False
    assert await database.read(lambda tx: tx.imported_abis()) == (auction,)
