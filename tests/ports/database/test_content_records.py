"""Which content the register names, and which was asked to go."""

from __future__ import annotations

from ipnft_desktop.domain.content import Cid, Codec
from ipnft_desktop.services.ports import Transaction
from tests.support import samples
from tests.support.register_under_test import RegisterUnderTest


def large(text: str) -> str:
    return Cid.of_block(Codec.DAG_PB, text.encode()).text


async def test_what_may_go_is_kept_until_it_is_done(register: RegisterUnderTest) -> None:
    def ask(tx: Transaction) -> None:
        tx.ask_content_removal([samples.cid("b")], samples.at(1))
        tx.ask_content_removal([samples.cid("b"), samples.cid("a")], samples.at(2))

    await register.database.write(ask)
    asked = await register.database.read(lambda tx: tx.contents_to_remove())
    assert asked == (samples.cid("b"), samples.cid("a"))
    await register.database.write(lambda tx: tx.end_content_removal(samples.cid("b")))
    assert await register.database.read(lambda tx: tx.contents_to_remove()) == (samples.cid("a"),)


async def test_content_is_named_by_attachments_and_metadata(register: RegisterUnderTest) -> None:
    (asset,) = await register.add(attachments=(samples.attachment(cid=samples.cid("file")),))
    await register.prepare(asset)
    metadata = samples.cid(str(asset.asset_id))
    asked = [samples.cid("file"), metadata, *(samples.cid(str(number)) for number in range(1_200))]
    found = await register.database.read(lambda tx: tx.contents_named(asked))
    assert found == {samples.cid("file"), metadata}


async def test_large_files_that_are_stored_as_they_are_come_in_pages(register: RegisterUnderTest) -> None:
    plain = sorted(large(str(number)) for number in range(5))
    for cid in (*plain, plain[0]):
        await register.add(attachments=(samples.attachment(cid=cid),))
    await register.add(attachments=(samples.attachment(cid=samples.cid()),))
    await register.add(attachments=(samples.attachment(cid=large("sealed"), confidential=True, sealed_key=b"key"),))

    found, after = list[str](), ""
    for size in (2, 2, 1, 0):
        page = await register.database.read(lambda tx, after=after: tx.large_contents(after, 2))
        assert len(page) == size
        found += page
        after = found[-1]
    assert found == plain


async def test_metadata_counts_as_that_of_a_former_token_from_a_new_chain_on(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    await register.mint(asset)
    assert await register.database.read(lambda tx: tx.metadata_of_former_tokens()) == ()
    await register.database.write(lambda tx: tx.retire_chain(samples.at(60)))
    assert await register.database.read(lambda tx: tx.metadata_of_former_tokens()) == (
        samples.cid(str(asset.asset_id)),
    )
