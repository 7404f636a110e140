"""Enterprises with their wallets and members, and the address book with its files."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.address_import import AddressImport, LineStanding
from ipnft_desktop.domain.assets import Enterprise
from ipnft_desktop.domain.errors import ErrorCode, FieldProblem, ProblemKind, UserError, ValidationFailed
from ipnft_desktop.domain.events import AddressBookChanged, EnterpriseChanged
from ipnft_desktop.domain.people import AddressBookEntry, Role
from ipnft_desktop.domain.sheets import SheetFormat
from tests.support import samples
from tests.support.core_factory import MemoryCore, hear_changes, request

ALICE = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
BOB = "0x90F79bf6EB2c4f870365E785982E1f101E93b906"
CAROL = "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"


@pytest.fixture
def core(memory: MemoryCore) -> Core:
    return memory.core


@pytest.fixture
async def owner(core: Core) -> Enterprise:
    return await core.enterprises.create("Aurora Laboratories", samples.RECIPIENT, "Treasury")


@contextmanager
def refused(code: ErrorCode) -> Iterator[None]:
    with pytest.raises(UserError) as caught:
        yield
    assert caught.value.code is code


@contextmanager
def problem(field: str, kind: ProblemKind) -> Iterator[None]:
    with pytest.raises(ValidationFailed) as caught:
        yield
    assert caught.value.problems == (FieldProblem(field, kind, caught.value.problems[0].limit),)


def audited(core: Core) -> list[tuple[str, dict[str, str], dict[str, list[str]] | None]]:
    """Action, facts and changes, newest first."""
    with closing(sqlite3.connect(core.profile / DATABASE_FILE)) as connection:
        rows = connection.execute("SELECT action, facts, changes FROM audit_log ORDER BY audit_id DESC")
        return [(row[0], json.loads(row[1]), json.loads(row[2] or "null")) for row in rows]


# --- enterprises ----------------------------------------------------------------------------------------------------


async def test_an_enterprise_with_its_assets_and_members(core: Core, owner: Enterprise) -> None:
    otto = await core.people.create_user("Otto", "Otto", Role.OPERATOR, (), "correct horse battery")
    await core.register.add_assets([samples.asset(owner), samples.asset(owner)])
    await core.enterprises.change_members(owner.enterprise_id, added=[otto.user_id])
    (standing,) = await core.enterprises.list()
    assert (standing.enterprise, standing.asset_count) == (owner, 2)
    assert [(user.name, user.enterprise_ids) for user in standing.members] == [
        ("Otto", frozenset({owner.enterprise_id}))
    ]
    core.session.begin(standing.members[0])
    await core.register.add_assets([samples.asset(owner)])  # a member may
    core.session.begin(samples.user())
    await core.enterprises.change_members(owner.enterprise_id, removed=[otto.user_id])
    assert (await core.enterprises.list())[0].members == ()
    assert [line[0] for line in audited(core)][:3] == [
        "enterprise.remove_member",
        "asset.create",
        "enterprise.add_member",
    ]


async def test_who_is_signed_in_becomes_a_member_at_once(core: Core, owner: Enterprise) -> None:
    otto = await core.people.create_user("Otto", "Otto", Role.ADMIN, (), "correct horse battery")
    core.session.begin(otto)
    await core.enterprises.change_members(owner.enterprise_id, added=[otto.user_id])
    assert core.session.user == replace(otto, enterprise_ids=frozenset({owner.enterprise_id}))


async def test_another_name_and_wallet_are_seen_everywhere(core: Core, owner: Enterprise) -> None:
    (asset,) = [samples.asset(owner)]
    await core.register.add_assets([asset])
    heard = hear_changes(core)
    changed = await core.enterprises.change(owner, " Zenith ", ALICE.lower(), "Vault")
    assert changed == Enterprise(owner.enterprise_id, "Zenith", ALICE, "Vault")
    assert (await core.register.row(asset.asset_id)).enterprise_name == "Zenith"
    assert (core.address_book.label_of(ALICE), core.address_book.label_of(samples.RECIPIENT)) == ("Zenith: Vault", None)
    assert heard == [EnterpriseChanged(changed), AddressBookChanged({ALICE: "Zenith: Vault"})]
    action, facts, changes = audited(core)[0]
    assert (action, facts) == ("enterprise.change", {"name": "Zenith"})
    assert changes == {
        "name": ["Aurora Laboratories", "Zenith"],
        "wallet_address": [samples.RECIPIENT, ALICE],
        "wallet_label": ["Treasury", "Vault"],
    }
    with refused(ErrorCode.RECORD_CHANGED):
        await core.enterprises.change(owner, "Zenit", ALICE, "Vault")


async def test_what_was_minted_under_a_former_name_still_verifies(core: Core, owner: Enterprise) -> None:
    asset = samples.asset(owner)
    await core.register.add_assets([asset])
    await core.desk.mint([request(asset)])
    before = {fact.field: fact.matches for fact in await core.verification.verify(asset.asset_id)}
    renamed = await core.enterprises.change(owner, "Zenith", samples.RECIPIENT, "Treasury")
    await core.enterprises.change(renamed, "Zenit", samples.RECIPIENT, "Treasury")
    assert {fact.field: fact.matches for fact in await core.verification.verify(asset.asset_id)} == before
    assert before["METADATA"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "address", "label", "field", "kind"),
    [
        (" ", ALICE, "Vault", "name", ProblemKind.REQUIRED),
        ("x" * 201, ALICE, "Vault", "name", ProblemKind.TOO_LONG),
        ("AURORA laboratories", ALICE, "Vault", "name", ProblemKind.TAKEN),
        ("Zenith", "", "Vault", "wallet_address", ProblemKind.REQUIRED),
        ("Zenith", "0x123", "Vault", "wallet_address", ProblemKind.NOT_AN_ADDRESS),
        ("Zenith", ALICE.replace("C44", "c44"), "Vault", "wallet_address", ProblemKind.NOT_AN_ADDRESS),
        ("Zenith", "0x" + "0" * 40, "Vault", "wallet_address", ProblemKind.NOT_AN_ADDRESS),
        ("Zenith", ALICE, "", "wallet_label", ProblemKind.REQUIRED),
    ],
)
async def test_what_an_enterprise_must_not_be(
    core: Core, owner: Enterprise, name: str, address: str, label: str, field: str, kind: ProblemKind
) -> None:
    with problem(field, kind):
        await core.enterprises.create(name, address, label)
    assert [each.enterprise for each in await core.enterprises.list()] == [owner]


# --- the address book -----------------------------------------------------------------------------------------------


async def test_entries_are_added_changed_and_removed(core: Core, owner: Enterprise) -> None:
    heard = hear_changes(core)
    entry = await core.address_book.add(ALICE.lower(), " Notary ", "Monday")
    assert entry == AddressBookEntry(ALICE, "Notary", "Monday")
    changed = await core.address_book.change(entry, "The notary", "")
    assert core.address_book.label_of(ALICE) == "The notary"
    assert audited(core)[0] == (
        "address.change",
        {"label": "The notary"},
        {"label": ["Notary", "The notary"], "note": ["Monday", None]},
    )
    for stale in (core.address_book.change(entry, "X", ""), core.address_book.remove(entry)):
        with refused(ErrorCode.RECORD_CHANGED):
            await stale
    known = await core.address_book.list()
    assert [(each.address, each.entry.label, each.enterprise) for each in known] == [
        (samples.RECIPIENT, "Aurora Laboratories: Treasury", owner),
        (ALICE, "The notary", None),
    ]
    await core.address_book.remove(changed)
    assert core.address_book.label_of(ALICE) is None
    assert [type(event) for event in heard] == [AddressBookChanged] * 3


@pytest.mark.parametrize(
    ("address", "label", "note", "field", "kind"),
    [
        (samples.RECIPIENT, "Mine", "", "address", ProblemKind.TAKEN),
        ("nobody", "Mine", "", "address", ProblemKind.NOT_AN_ADDRESS),
        (ALICE, "", "", "label", ProblemKind.REQUIRED),
        (ALICE, "a\u202eb", "", "label", ProblemKind.HIDDEN_CHARACTERS),
        (ALICE, "Mine", "x" * 1001, "note", ProblemKind.TOO_LONG),
    ],
)
async def test_what_an_entry_must_not_be(
    core: Core, owner: Enterprise, address: str, label: str, note: str, field: str, kind: ProblemKind
) -> None:
    with problem(field, kind):
        await core.address_book.add(address, label, note)
    assert len(await core.address_book.list()) == 1


async def test_labels_are_known_as_soon_as_the_register_is_open(memory: MemoryCore, owner: Enterprise) -> None:
    await memory.core.address_book.add(ALICE, "Notary")
    again = await memory.again()
    assert again.core.address_book.label_of(ALICE) == "Notary"
    assert again.core.address_book.label_of(samples.RECIPIENT) == "Aurora Laboratories: Treasury"
    await again.core.close()


# --- its files ------------------------------------------------------------------------------------------------------


def standings(preview: AddressImport) -> list[tuple[int, LineStanding]]:
    return [(line.typed.row, line.standing) for line in preview.lines]


@pytest.mark.parametrize("sheet_format", [SheetFormat.CSV, SheetFormat.JSON])
async def test_a_book_goes_to_another_register_and_comes_back_as_it_was(
    core: Core, owner: Enterprise, tmp_path: Path, sheet_format: SheetFormat
) -> None:
    file = tmp_path / f"book.{sheet_format}"
    nasty = [
        await core.address_book.add(ALICE, '=SUM(1); "quoted", 公证处', "two\nlines, -1"),
        await core.address_book.add(BOB, "'@apostrophe", ""),
    ]
    assert await core.address_exchange.export(file, sheet_format) == 3
    preview = await core.address_exchange.preview(file)
    assert sorted(line.standing for line in preview.lines) == ["OF_ENTERPRISE", "SAME", "SAME"]

    (tmp_path / "other").mkdir()
    other = await MemoryCore(tmp_path / "other").start()
    preview = await other.core.address_exchange.preview(file)
    assert [line.standing for line in preview.lines] == ["NEW"] * 3
    assert await other.core.address_exchange.apply(preview) == 3
    entries = {known.entry for known in await other.core.address_book.list()}
    assert entries == {*nasty, AddressBookEntry(samples.RECIPIENT, "Aurora Laboratories: Treasury")}
    assert other.core.address_book.label_of(BOB) == "'@apostrophe"
    await other.core.close()


async def test_a_preview_tells_what_each_line_would_do(core: Core, owner: Enterprise, tmp_path: Path) -> None:
    await core.address_book.add(ALICE, "Notary", "Monday")
    await core.address_book.add(BOB, "Bank")
    file = tmp_path / "list.csv"
    lines = [
        "标签,地址,用途",
        f"公证处,{ALICE},1",
        f"Bank,{BOB.lower()},2",
        f"Carol,{CAROL},3",
        f"Ours,{samples.RECIPIENT},4",
        f"Again,{CAROL},5",
        f",{samples.SIGNER},6",
        "Nowhere,0x12,7",
    ]
    file.write_bytes("\r\n".join(lines).encode("gb18030"))
    preview = await core.address_exchange.preview(file)
    assert standings(preview) == [
        (2, LineStanding.CHANGED),
        (3, LineStanding.SAME),
        (4, LineStanding.NEW),
        (5, LineStanding.OF_ENTERPRISE),
        (6, LineStanding.BAD),
        (7, LineStanding.BAD),
        (8, LineStanding.BAD),
    ]
    (changed,) = preview.of(LineStanding.CHANGED)
    assert changed.before == AddressBookEntry(ALICE, "Notary", "Monday")
    assert changed.entry == AddressBookEntry(ALICE, "公证处", "Monday"), "a note that the file knows nothing of stays"
    told = [(line.typed.row, each.field, each.kind) for line in preview.lines for each in line.problems]
    assert told == [
        (6, "address", ProblemKind.TAKEN),
        (7, "label", ProblemKind.REQUIRED),
        (8, "address", ProblemKind.NOT_AN_ADDRESS),
    ]
    before = await core.address_book.list()
    with refused(ErrorCode.SHEET_INVALID):
        await core.address_exchange.apply(preview)
    assert await core.address_book.list() == before

    good = AddressImport(preview.file_name, tuple(line for line in preview.lines if not line.problems))
    assert await core.address_exchange.apply(good) == 2
    assert [line[0] for line in audited(core)][:2] == ["address.add", "address.change"]
    with refused(ErrorCode.RECORD_CHANGED):
        await core.address_exchange.apply(good)  # it was taken in already: the book is another one now


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("list.csv", "label,note\na,b", 'the column "address" is missing'),
        ("list.csv", f"address,note\n{ALICE},b", 'the column "label" is missing'),
        ("list.csv", "address,label\n", "there is no address in it"),
        ("list.json", "[", "no JSON"),
        ("list.json", "{}", "no list"),
        ("list.json", "[" * 100_000, "no JSON"),
        ("list.json", "[1]", "entry 1 is no object"),
        ("list.json", '[{"address": 1, "label": "a"}]', '"address" of entry 1'),
        ("list.json", "[]", "there is no address in it"),
        ("gone.json", None, "No such file"),
    ],
)
async def test_files_that_cannot_be_taken_in(
    core: Core, tmp_path: Path, name: str, content: str | None, why: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_text(content, "utf-8")
    with pytest.raises(UserError) as caught:
        await core.address_exchange.preview(file)
    assert caught.value.code is ErrorCode.SHEET_INVALID
    assert why in caught.value.detail
