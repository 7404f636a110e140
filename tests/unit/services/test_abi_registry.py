"""ABIs that people import: for an address, checked, on record, and taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ipnft_desktop.domain.errors import ProblemKind, ValidationFailed
from ipnft_desktop.domain.inspection.contracts import ABI_MAX_BYTES
from ipnft_desktop.domain.inspection.decoding import AbiOrigin
from tests.support import samples
from tests.support.core_factory import MemoryCore

ABI = json.dumps([{"type": "function", "name": "keep", "inputs": [], "outputs": []}])
OTHER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"


async def test_what_is_imported_applies_at_its_address_before_the_standards(memory: MemoryCore) -> None:
    core = memory.core
    kept = await core.abis.import_abi(samples.RECIPIENT.lower(), " Keeper ", ABI)
    assert (kept.address, kept.name, kept.imported_by) == (samples.RECIPIENT, "Keeper", core.session.actor)
    assert await core.abis.imported() == (kept,)
    own = await core.abis.own_contract()
    assert own is not None
    found = await core.abis.abis_of([samples.RECIPIENT, OTHER, own])
    assert [abi.origin for abi in found[samples.RECIPIENT]][:2] == [AbiOrigin.IMPORTED, AbiOrigin.STANDARD]
    assert {abi.origin for abi in found[OTHER]} == {AbiOrigin.STANDARD}
    assert found[own][0].origin is AbiOrigin.OURS

    again = await core.abis.import_abi(samples.RECIPIENT, "Keeper", ABI.replace("keep", "hold"))
    assert await core.abis.imported() == (again,)
    abis = await core.abis.abis_of([samples.RECIPIENT])
    assert abis[samples.RECIPIENT][0].entries[0].name == "hold"

    await core.abis.remove(samples.RECIPIENT)
    await core.abis.remove(samples.RECIPIENT)
    assert await core.abis.imported() == ()
    written = await core.adapters.database.read(lambda tx: tx.audit_entries(0, 99))
    of_abis = [(entry.line.action, entry.line.subject) for entry in written if entry.line.action.startswith("abi.")]
    assert of_abis == [("abi.import", samples.RECIPIENT)] * 2 + [("abi.remove", samples.RECIPIENT)]


async def test_one_without_an_address_serves_every_contract_that_has_none_of_its_own(memory: MemoryCore) -> None:
    abis = memory.core.abis
    general = await abis.import_abi("", "Keepers", ABI)
    assert general.is_general
    assert await abis.import_abi(" ", "keepers", ABI.replace("keep", "hold")) in await abis.imported()
    await abis.import_abi(samples.RECIPIENT, "Keeper", ABI)
    assert [each.name for each in await abis.imported()] == ["Keeper", "keepers"]
    found = await abis.abis_of([samples.RECIPIENT, OTHER])
    assert [abi.name for abi in found[samples.RECIPIENT]][:2] == ["Keeper", "keepers"]
    assert (found[OTHER][0].origin, found[OTHER][0].entries[0].name) == (AbiOrigin.STANDARD, "hold")
    assert {line.abi_name for line in await memory.core.contracts.contracts()} <= {"IPAssetNFT", "Keeper"}
    await abis.remove(general.address)
    assert [each.name for each in await abis.imported()] == ["Keeper"]


async def test_all_that_is_wrong_is_said_at_once(memory: MemoryCore) -> None:
    with pytest.raises(ValidationFailed) as caught:
        await memory.core.abis.import_abi("0x12", "", " ")
    assert [problem.field for problem in caught.value.problems] == ["address", "name", "content"]


async def test_a_file_is_read_up_to_its_bound(memory: MemoryCore, tmp_path: Path) -> None:
    core, file = memory.core, tmp_path / "Keeper.json"
    file.write_text(ABI, "utf-8-sig")
    kept = await core.abis.import_file(samples.RECIPIENT, "Keeper", file)
    assert json.loads(kept.content) == json.loads(ABI)
    for content, kind in (
        (b" " * (ABI_MAX_BYTES + 1), ProblemKind.TOO_LONG),
        (b"\xff\xfe\xfa", ProblemKind.FILE_UNREADABLE),
        (b"[", ProblemKind.NOT_JSON),
        (None, ProblemKind.FILE_MISSING),
    ):
        file.unlink()
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(ValidationFailed) as caught:
            await core.abis.import_file(OTHER, "Keeper", file)
        assert [(problem.field, problem.kind) for problem in caught.value.problems] == [("content", kind)]
        file.touch()
    assert await core.abis.imported() == (kept,)
