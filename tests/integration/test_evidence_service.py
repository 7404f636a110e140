"""Making evidence: whole or not at all, only by whom it is allowed to, only of what is minted, and checked anywhere."""

from __future__ import annotations

import asyncio
import errno
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import coincurve
import pytest

from ipnft_desktop.__main__ import main
from ipnft_desktop.adapters.bundle_files import LocalBundleDraft
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.chain import NodeStatus
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.evidence import EvidenceOutcome
from ipnft_desktop.domain.people import Role
from ipnft_desktop.paths import PROJECT
from ipnft_verify.canonical import parsed
from ipnft_verify.manifest import MANIFEST
from ipnft_verify.report import Report
from tests.support import samples
from tests.support.chain_fixtures import node_in_thread
from tests.support.core_factory import request
from tests.support.evidence_forging import FORGER, signed_anew
from tests.support.evidence_world import add_assets_with_files, entries_of, evidence_of
from tests.support.node_oracle import ask
from tests.support.real_core import core_on


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeStatus]:
    with node_in_thread(tmp_path_factory.mktemp("node")) as status:
        yield status


@dataclass
class Minted:
    """A core with a minted asset and a draft, and an empty folder for bundles."""

    core: Core
    asset: Asset
    draft: Asset
    folder: Path

    @property
    def target(self) -> Path:
        return self.folder / "bundle.zip"

    def left(self) -> list[str]:
        """What lies in the folder."""
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
async def minted(node: NodeStatus, tmp_path: Path) -> AsyncIterator[Minted]:
    core = core_on(node.rpc_url, tmp_path / "profile")
    await core.environment.start(lambda _: None)
    asset, draft = await add_assets_with_files(core, tmp_path, 2)
    await core.desk.mint([request(asset)])
    folder = tmp_path / "bundles"
    folder.mkdir()
    yield Minted(core, asset, draft, folder)
    await core.close()


async def refusal(minted: Minted, asset: Asset | None = None, target: Path | None = None) -> ErrorCode:
    """Why there is no bundle; sees to it that there is none."""
    with pytest.raises(IpnftError) as caught:
        await evidence_of(minted.core).export((asset or minted.asset).asset_id, target or minted.target)
    assert minted.left() == []
    return caught.value.code


async def test_a_bundle_appears_whole_and_the_log_tells_of_its_signature(minted: Minted) -> None:
    shares: list[float] = []
    bundle = await evidence_of(minted.core).export(minted.asset.asset_id, minted.target, shares.append)
    await asyncio.sleep(0)
    assert minted.left() == ["bundle.zip"]
    assert (bundle.is_signer_sender, bundle.is_state_proved) == (True, True)
    assert bundle.size_bytes == minted.target.stat().st_size
    assert shares == sorted(shares)
    assert shares[-1] == 1
    last = await minted.core.adapters.database.read(lambda tx: tx.last_audit_entry())
    assert last is not None
    assert (last.line.action, last.line.subject) == ("evidence.signed", str(minted.asset.asset_id))
    assert (await evidence_of(minted.core).verify(minted.target)).holds


async def test_several_are_made_and_what_fails_keeps_none_of_them(minted: Minted) -> None:
    heard: list[EvidenceOutcome] = []
    stranger = uuid4()
    ids = [minted.draft.asset_id, minted.asset.asset_id, stranger]
    outcomes = await evidence_of(minted.core).export_many(ids, minted.folder, heard.append)
    assert [one.error.code if one.error else None for one in outcomes] == [
        ErrorCode.MINT_INVALID_STATE,
        None,
        ErrorCode.ASSET_NOT_FOUND,
    ]
    assert heard == list(outcomes)
    bundle = outcomes[1].bundle
    assert bundle is not None
    assert minted.left() == [bundle.file.name]
    assert bundle.file.name.endswith(f"{str(minted.asset.asset_id)[-12:]}.evidence.zip")


async def test_only_what_is_minted_and_by_who_may(minted: Minted) -> None:
    assert await refusal(minted, minted.draft) is ErrorCode.MINT_INVALID_STATE
    minted.core.session.begin(samples.user(Role.VIEWER))
    assert await refusal(minted) is ErrorCode.PERMISSION_DENIED
    minted.core.session.end()
    assert await refusal(minted) is ErrorCode.SIGN_IN_REQUIRED


async def test_a_missing_file_or_block_leaves_nothing(minted: Minted) -> None:
    store = minted.core.adapters.content
    public = minted.asset.attachments[0]
    kept = await store.read(Cid.parse(public.cid))
    await store.remove_blocks([Cid.parse(public.cid)])
    assert await refusal(minted) is ErrorCode.CONTENT_STORE_UNAVAILABLE
    await store.add_bytes(kept)
    asset = await minted.core.register.asset(minted.asset.asset_id)
    assert asset.mint is not None
    assert asset.mint.directory_cid is not None
    await store.remove_blocks([Cid.parse(asset.mint.directory_cid)])
    assert await refusal(minted) is ErrorCode.CONTENT_STORE_UNAVAILABLE


async def test_a_chain_that_is_away_or_another_one_leaves_nothing(minted: Minted, node: NodeStatus) -> None:
    mark = await asyncio.to_thread(ask, node.rpc_url, "evm_snapshot")
    ready = minted.core.environment.ready
    assert ready is not None
    await asyncio.to_thread(ask, node.rpc_url, "hardhat_setCode", ready.identity.contract_address, "0x")
    assert await refusal(minted) is ErrorCode.CHAIN_RESET
    await asyncio.to_thread(ask, node.rpc_url, "evm_revert", mark)
    await minted.core.adapters.chain.disconnect()
    assert await refusal(minted) is ErrorCode.NODE_UNREACHABLE


async def test_a_locked_key_signs_nothing(minted: Minted, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_statement: object) -> bytes:
        raise UserError(ErrorCode.KEYSTORE_LOCKED, "the signing key is locked")

    monkeypatch.setattr(minted.core.adapters.signer, "sign_evidence", locked, raising=False)
    assert await refusal(minted) is ErrorCode.KEYSTORE_LOCKED


async def test_a_full_disk_or_a_place_that_is_none_leaves_nothing(
    minted: Minted, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await refusal(minted, target=minted.folder / "nowhere" / "bundle.zip") is ErrorCode.VALIDATION_FAILED

    def full(_draft: object, _name: str) -> Iterator[bytes]:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(LocalBundleDraft, "_pieces", full)
    assert await refusal(minted) is ErrorCode.DISK_FULL


async def test_what_would_not_hold_is_not_handed_out(minted: Minted, monkeypatch: pytest.MonkeyPatch) -> None:
    write = LocalBundleDraft.write

    def changed(draft: LocalBundleDraft, name: str, data: bytes) -> None:
        write(draft, name, data[:-1] + b"?" if name == "signature.json" else data)

    monkeypatch.setattr(LocalBundleDraft, "write", changed)
    assert await refusal(minted) is ErrorCode.EVIDENCE_NOT_PROVED


async def test_cancelling_leaves_nothing_and_an_older_file_stays(minted: Minted) -> None:
    minted.target.write_bytes(b"older")
    seen = asyncio.Event()
    making = asyncio.ensure_future(
        evidence_of(minted.core).export(minted.asset.asset_id, minted.target, lambda _share: seen.set())
    )
    await seen.wait()
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    assert minted.left() == ["bundle.zip"]
    assert minted.target.read_bytes() == b"older"


async def test_a_node_that_proves_no_state_leaves_it_to_the_word_of_the_register(
    minted: Minted, monkeypatch: pytest.MonkeyPatch
) -> None:
    proofs = minted.core.adapters.proofs
    assert proofs is not None
    token_now = proofs.token_now

    async def without_proof(contract: str, token_id: int) -> object:
        return replace(await token_now(contract, token_id), proof=None)

    monkeypatch.setattr(proofs, "token_now", without_proof)
    bundle = await evidence_of(minted.core).export(minted.asset.asset_id, minted.target)
    assert not bundle.is_state_proved
    report: Report = await evidence_of(minted.core).verify(minted.target)
    assert report.holds
    assert {one.key for one in report.findings} >= {"code_stated", "state_stated"}


async def test_a_file_that_is_none_is_refused(minted: Minted) -> None:
    for file in (minted.folder / "missing.zip", minted.folder):
        with pytest.raises(UserError) as caught:
            await evidence_of(minted.core).verify(file)
        assert caught.value.code is ErrorCode.EVIDENCE_UNREADABLE


async def test_a_copied_verifier_needs_nothing_of_ours(
    minted: Minted, node: NodeStatus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only the folder and the one package it names; without the folders where ours are installed."""
    await evidence_of(minted.core).export(minted.asset.asset_id, minted.target)
    alone = tmp_path / "alone"
    shutil.copytree(PROJECT / "ipnft_verify", alone / "ipnft_verify")
    shutil.copytree(Path(coincurve.__file__).parent, alone / "coincurve")
    told = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from ipnft_verify.__main__ import main; code = main(); "
        "assert not any('site-packages' in getattr(m, '__file__', None) or '' for m in sys.modules.values() "
        "if getattr(m, '__file__', None)); assert 'ipnft_desktop' not in sys.modules; sys.exit(code)"
    )

    def run(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-I", "-S", "-c", told, str(alone), *arguments]
        done = subprocess.run(command, capture_output=True, cwd=tmp_path, timeout=60, check=False)
        return done.returncode, (done.stdout + done.stderr).decode()

    changed = tmp_path / "changed.zip"
    content = bytearray(minted.target.read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)
    code, text = await asyncio.to_thread(run, str(minted.target), "--rpc", node.rpc_url)
    assert (code, "DEMONSTRATION: every part agrees" in text) == (3, True), text
    code, text = await asyncio.to_thread(run, str(changed), "--language", "zh")
    assert (code, "证据不成立：第一个不成立的部分是“" in text) == (1, True), text
    code, text = await asyncio.to_thread(run, str(tmp_path / "missing.zip"))
    assert (code, "No such file" in text) == (2, True), text
    assert await asyncio.to_thread(main, ["verify", str(minted.target), "--json", "--language", "en"]) == 3
    assert '"demonstration": true' in capsys.readouterr().out


async def test_a_bundle_of_yesterday_is_not_overwritten(minted: Minted) -> None:
    ids = [minted.asset.asset_id]
    made = [await evidence_of(minted.core).export_many(ids, minted.folder) for _ in range(2)]
    files = [one[0].bundle.file for one in made if one[0].bundle is not None]
    assert len(set(files)) == 2
    assert minted.left() == sorted(file.name for file in files)
    assert " (2).evidence.zip" in files[1].name


async def test_it_is_told_whether_contract_and_signer_are_this_registers(minted: Minted) -> None:
    """The signer is known by the audit log also after the key was replaced."""
    service = evidence_of(minted.core)
    await service.export(minted.asset.asset_id, minted.target)
    report = await service.verify(minted.target)
    origin = await service.origin(report)
    assert origin is not None
    assert (origin.is_contract_ours, origin.is_signer_ours) == (True, True)
    assert report.subject is not None
    other = replace(report, subject={**report.subject, "instance_id": "0x" + "00" * 32})
    found = await service.origin(other)
    assert found is not None
    assert found.is_contract_ours is False
    content = await asyncio.to_thread(minted.target.read_bytes)
    entries = entries_of(content)
    forged = minted.folder / "forged.zip"
    await asyncio.to_thread(forged.write_bytes, signed_anew(entries, parsed(entries[MANIFEST])))
    stranger = await service.origin(await service.verify(forged))
    assert stranger is not None
    assert (stranger.signer, stranger.is_contract_ours, stranger.is_signer_ours) == (FORGER.address, None, False)
    database, now = minted.core.adapters.database, minted.core.adapters.clock.now()
    facts = {"manifest_sha256": "0x" + "00" * 32, "signer": FORGER.address}
    await database.write(lambda tx: tx.append_audit("ada", "evidence.signed", str(uuid4()), facts, now))
    known = await service.origin(await service.verify(forged))
    assert known is not None
    assert known.is_signer_ours
    assert (await service.verify(forged, signer=FORGER.address)).is_valid


async def test_a_judgement_can_be_given_up(minted: Minted) -> None:
    service = evidence_of(minted.core)
    await service.export(minted.asset.asset_id, minted.target)
    seen = asyncio.Event()
    judging = asyncio.ensure_future(service.verify(minted.target, on_share=lambda _share: seen.set()))
    await seen.wait()
    judging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await judging
