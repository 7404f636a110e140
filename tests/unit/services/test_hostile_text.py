"""Row 66: NUL, direction and control characters and 10 MB of text are refused beside the field; nothing is written."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ipnft_desktop.domain.assets import AssetDraft, AssetType, LegalStatus
from ipnft_desktop.domain.errors import IpnftError, ProblemKind, ValidationFailed
from ipnft_desktop.domain.people import Role
from ipnft_desktop.services.asset_files import FileToAttach
from tests.support import samples
from tests.support.core_factory import MemoryCore

HOSTILE = {
    "NUL": "lamp\x00.exe",
    "bell": "lamp\x07",
    "right to left": "lamp\u202egnp.exe",
    "isolate": "lamp\u2066x",
    "half a surrogate pair": "lamp\ud800",
    "10 MB": "x" * 10_000_000,
}
FIELDS = ("name", "description", "creator_name", "application_number", "external_url", "creation_date")


async def fields_refused(work: Awaitable[object]) -> set[str | None]:
    with pytest.raises(ValidationFailed) as caught:
        await work
    assert len(str(caught.value)) < 2_000, "a refusal does not repeat 10 MB"
    return {problem.field for problem in caught.value.problems}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_66_hostile_text_is_refused_beside_every_field_of_an_asset(memory: MemoryCore, text: str) -> None:
    owner = samples.enterprise()
    await memory.core.register.add_assets((), (owner,))
    good = AssetDraft("Lamp", AssetType.DESIGN, "", "Ada", "2020-01-01", LegalStatus.PENDING, owner.enterprise_id)
    found: dict[str, set[str | None]] = {}
    for field in FIELDS:
        found[field] = await fields_refused(memory.core.register.create_asset(replace(good, **{field: text})))
    assert found == {field: {field} for field in FIELDS}
    for custom in ({text: "value"}, {"name": text}):
        refused = await fields_refused(memory.core.register.create_asset(replace(good, custom_fields=custom)))
        assert refused == {"custom_fields"}
    (asset,) = await memory.add_assets()
    assert await fields_refused(memory.core.register.edit_asset(asset, replace(good, name=text), ())) == {"name"}
    assert await memory.count() == 1
    assert memory.content.blocks == {}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_66_hostile_text_is_refused_for_people_enterprises_and_addresses(memory: MemoryCore, text: str) -> None:
    core = memory.core
    password = "a long enough password"
    address = samples.RECIPIENT
    tries: list[Awaitable[Any]] = [
        core.people.create_user(text, "Eve", Role.VIEWER, (), password),
        core.people.create_user("eve", text, Role.VIEWER, (), password),
        core.enterprises.create(text, address, "vault"),
        core.enterprises.create("Lamps", address, text),
        core.address_book.add(address, text),
        core.address_book.add(address, "label", text),
    ]
    for work in tries:
        with pytest.raises(IpnftError) as caught:
            await work
        assert caught.value.field is not None
    assert [line.enterprise.name for line in await core.enterprises.list()] == []
    assert "eve" not in {user.name for user in await core.people.users()}


async def test_66_a_file_whose_name_misleads_is_refused(memory: MemoryCore, tmp_path: Path) -> None:
    owner = samples.enterprise()
    await memory.core.register.add_assets((), (owner,))
    draft = AssetDraft("Lamp", AssetType.DESIGN, "", "Ada", "2020-01-01", LegalStatus.PENDING, owner.enterprise_id)
    names = ["fdp.\u202eexe", "bell\x07.pdf", "line\nbreak.pdf"]
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(ValidationFailed) as caught:
        await memory.core.register.create_asset(draft, [FileToAttach(tmp_path / name) for name in names])
    assert [problem.kind for problem in caught.value.problems] == [ProblemKind.FILE_NAME_MISLEADING] * 3
    assert all(problem.message.isprintable() for problem in caught.value.problems)
    assert memory.content.blocks == {}
