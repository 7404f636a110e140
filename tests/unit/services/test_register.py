"""Assets and their files: created, edited, deleted, and refused beside the field with nothing written."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ipnft_desktop.domain.assets import AssetDraft, AssetQuery, AssetType, Enterprise, LegalStatus
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import ErrorCode, ProblemKind, UserError, ValidationFailed
from ipnft_desktop.domain.events import AssetChanged, AssetCreated
from ipnft_desktop.services.asset_files import FileToAttach
from ipnft_desktop.services.register import RegisterService
from tests.support import samples
from tests.support.core_factory import MemoryCore, hear_changes, request

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
async def owner(memory: MemoryCore) -> Enterprise:
    enterprise = samples.enterprise()
    await memory.core.register.add_assets((), (enterprise,))
    return enterprise


def draft_of(owner: Enterprise) -> AssetDraft:
    return AssetDraft(
        name=" 青花瓷 ",
        asset_type=AssetType.DESIGN,
        description="Blue and white",
        creator_name="Someone",
        creation_date="1450-01-01",
        legal_status=LegalStatus.EXPIRED,
        enterprise_id=owner.enterprise_id,
    )


def file(folder: Path, name: str = "score.pdf", content: bytes = b"%PDF-1.7") -> FileToAttach:
    path = folder / name
    path.write_bytes(content)
    return FileToAttach(path)


async def test_a_created_asset_is_stored_with_its_files_and_told(
    memory: MemoryCore, owner: Enterprise, tmp_path: Path
) -> None:
    heard = hear_changes(memory.core)
    picture = replace(file(tmp_path, "vase.png", PNG), is_image=True)
    asset = await memory.core.register.create_asset(draft_of(owner), [picture, file(tmp_path)])
    stored = await memory.core.register.asset(asset.asset_id)
    assert stored == asset
    assert stored.name == "青花瓷"
    assert [attachment.media_type for attachment in stored.attachments] == ["image/png", "application/pdf"]
    assert stored.image is not None
    assert await memory.core.register.content_bytes(stored.image.cid) == PNG
    assert [type(event) for event in heard] == [AssetCreated]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": ""}, "name"), ({"name": "n" * 201}, "name"), ({"creation_date": "1450"}, "creation_date")],
)
async def test_a_wrong_field_writes_nothing(
    memory: MemoryCore, owner: Enterprise, tmp_path: Path, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(ValidationFailed) as caught:
        await memory.core.register.create_asset(replace(draft_of(owner), **changes), [file(tmp_path)])
    assert [problem.field for problem in caught.value.problems] == [field]
    assert await memory.count() == 0
    assert memory.content.blocks == {}


@dataclass(frozen=True)
class FixedClock:
    moment: datetime

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def eight_hours_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as here:
        here.setenv("TZ", "CST-8")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="needs tzset")
@pytest.mark.usefixtures("eight_hours_east")
async def test_today_is_the_day_of_the_place_where_the_person_is(memory: MemoryCore, owner: Enterprise) -> None:
    parts = memory.core.adapters
    half_past_seven = FixedClock(datetime(2026, 11, 20, 23, 30, tzinfo=UTC))  # on the 21st
    register = RegisterService(
        parts.database,
        parts.content,
        memory.core.removal,
        memory.core.events,
        half_past_seven,
        memory.core.session,
    )
    await register.create_asset(replace(draft_of(owner), creation_date="2026-11-21"))
    with pytest.raises(ValidationFailed) as caught:
        await register.create_asset(replace(draft_of(owner), creation_date="2026-11-22"))
    assert caught.value.problems[0].kind is ProblemKind.IN_THE_FUTURE


async def test_an_unknown_enterprise_is_refused(memory: MemoryCore, owner: Enterprise) -> None:
    draft = replace(draft_of(owner), enterprise_id=samples.uuid())
    with pytest.raises(ValidationFailed) as caught:
        await memory.core.register.create_asset(draft)
    assert caught.value.field == "enterprise_id"


async def test_files_that_cannot_be_taken_are_named(memory: MemoryCore, owner: Enterprise, tmp_path: Path) -> None:
    empty = file(tmp_path, "empty.pdf", b"")
    folder = FileToAttach(tmp_path)
    missing = FileToAttach(tmp_path / "missing.pdf")
    link = tmp_path / "link.pdf"
    link.symlink_to(file(tmp_path).path)
    hidden = file(tmp_path, "fdp.\u202eexe", b"x")
    with pytest.raises(ValidationFailed) as caught:
        await memory.core.register.create_asset(draft_of(owner), [empty, folder, missing, FileToAttach(link), hidden])
    assert [problem.kind for problem in caught.value.problems] == [
        ProblemKind.FILE_EMPTY,
        ProblemKind.NOT_A_FILE,
        ProblemKind.FILE_MISSING,
        ProblemKind.NOT_A_FILE,
        ProblemKind.FILE_NAME_MISLEADING,
    ]
    assert {problem.field for problem in caught.value.problems} == {"attachments"}
    assert await memory.count() == 0


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
async def test_an_unreadable_file_is_named(memory: MemoryCore, owner: Enterprise, tmp_path: Path) -> None:
    secret = file(tmp_path)
    secret.path.chmod(0)
    with pytest.raises(ValidationFailed) as caught:
        await memory.core.register.create_asset(draft_of(owner), [secret])
    assert caught.value.problems[0].kind is ProblemKind.FILE_UNREADABLE


async def test_an_edit_keeps_the_identity_and_counts_the_version(
    memory: MemoryCore, owner: Enterprise, tmp_path: Path
) -> None:
    asset = await memory.core.register.create_asset(draft_of(owner), [file(tmp_path)])
    heard = hear_changes(memory.core)
    changed = await memory.core.register.edit_asset(
        asset, replace(draft_of(owner), name="Renamed"), asset.attachments, [file(tmp_path, "more.pdf")]
    )
    stored = await memory.core.register.asset(asset.asset_id)
    assert stored == changed
    assert (stored.name, stored.version, len(stored.attachments)) == ("Renamed", 2, 2)
    assert [type(event) for event in heard] == [AssetChanged]


async def test_the_second_of_two_editors_is_told(memory: MemoryCore, owner: Enterprise) -> None:
    asset = await memory.core.register.create_asset(draft_of(owner))
    await memory.core.register.edit_asset(asset, replace(draft_of(owner), name="First"), ())
    with pytest.raises(UserError) as caught:
        await memory.core.register.edit_asset(asset, replace(draft_of(owner), name="Second"), ())
    assert caught.value.code is ErrorCode.ASSET_CHANGED
    assert (await memory.core.register.asset(asset.asset_id)).name == "First"


async def test_what_was_typed_for_a_deleted_asset_is_kept_in_a_new_one_with_its_files(
    memory: MemoryCore, owner: Enterprise, tmp_path: Path
) -> None:
    asset = await memory.core.register.create_asset(draft_of(owner), [file(tmp_path)])
    await memory.core.deleted.delete([asset.asset_id])

    rescued = await memory.core.register.create_from(
        asset, replace(draft_of(owner), name="Rescued"), asset.attachments, [file(tmp_path, "more.pdf")]
    )
    await memory.core.deleted.restore([asset.asset_id])

    stored = await memory.core.register.asset(rescued.asset_id)
    assert (stored, stored.name, stored.version) == (rescued, "Rescued", 1)
    assert [one.file_name for one in stored.attachments] == ["score.pdf", "more.pdf"]
    assert (await memory.core.register.asset(asset.asset_id)).attachments == asset.attachments


async def test_what_was_minted_is_neither_edited_nor_deleted(memory: MemoryCore, owner: Enterprise) -> None:
    asset = await memory.core.register.create_asset(draft_of(owner))
    await memory.core.desk.mint([request(asset)])
    minted = await memory.core.register.asset(asset.asset_id)
    for attempt in (
        memory.core.register.edit_asset(minted, draft_of(owner), ()),
        memory.core.deleted.delete([asset.asset_id]),
    ):
        with pytest.raises(UserError) as caught:
            await attempt
        assert caught.value.code is ErrorCode.MINT_INVALID_STATE
    assert (await memory.core.register.asset(asset.asset_id)).name == asset.name


async def test_verification_tells_equal_from_changed(memory: MemoryCore, owner: Enterprise, tmp_path: Path) -> None:
    asset = await memory.core.register.create_asset(draft_of(owner), [file(tmp_path)])
    await memory.core.desk.mint([request(asset)])
    facts = await memory.core.verification.verify(asset.asset_id)
    assert all(fact.matches for fact in facts)
    assert len(facts) == 9
    cid = Cid.parse(asset.attachments[0].cid)
    memory.content.blocks[cid] = b"%PDF-1.8"
    wrong = [fact for fact in await memory.core.verification.verify(asset.asset_id) if not fact.matches]
    assert [(fact.field, fact.subject, fact.witnessed) for fact in wrong] == [
        ("ATTACHMENT", "score.pdf", "CONTENT_MISMATCH")
    ]


async def test_a_draft_has_nothing_to_verify(memory: MemoryCore, owner: Enterprise) -> None:
    asset = await memory.core.register.create_asset(draft_of(owner))
    with pytest.raises(UserError) as caught:
        await memory.core.verification.verify(asset.asset_id)
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE


async def test_a_page_lists_what_matches(memory: MemoryCore, owner: Enterprise) -> None:
    await memory.core.register.create_asset(draft_of(owner))
    await memory.core.register.create_asset(replace(draft_of(owner), name="Motor"))
    page = await memory.core.register.page(AssetQuery(text="motor"))
    assert [row.name for row in page.rows] == ["Motor"]
    assert await memory.core.register.count(AssetQuery()) == 2
