"""Canary: the demonstration keys are looked for in everything the program leaves on the disk or says."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from ipnft_desktop.adapters.chain.hd_keys import account_key
from ipnft_desktop.adapters.chain.local_signer import DEMO_MNEMONIC
from ipnft_desktop.bootstrap.core import DATABASE_FILE, Core, build_core
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.minting import MintProgress, MintStage
from ipnft_desktop.program_log import LOG_FILE, close_log, open_log
from ipnft_desktop.services.mint_desk import MintRequest
from ipnft_desktop.settings import Settings
from tests.support import samples
from tests.support.core_factory import request

KEY = account_key(DEMO_MNEMONIC, 0).secret
SECRETS = (DEMO_MNEMONIC.encode(), KEY.hex().encode(), str(int.from_bytes(KEY)).encode(), KEY)
"""The mnemonic; the key of account 0 in hex (0x or not), as a number, and as it is."""


def secrets_in(content: bytes) -> list[bytes]:
    """Which secrets occur, in any case."""
    lowered = content.lower()
    return [secret for secret in SECRETS if secret in content or secret in lowered]


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file with its content."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Path]:
    """A profile whose log takes everything."""
    open_log(tmp_path)
    logging.getLogger("ipnft").setLevel(logging.DEBUG)
    yield tmp_path
    close_log()


async def mint_and_fail(core: Core) -> list[IpnftError]:
    """One token, then a mint for a recipient that refuses it; returns the errors told."""
    owner = samples.enterprise()
    good, bad = (samples.asset(owner, name=name) for name in ("Good", "Bad"))
    await core.register.add_assets((good, bad), (owner,))
    assert (await core.desk.mint([request(good)])).stage is MintStage.COMPLETED
    ready = core.environment.ready
    assert ready is not None
    told: list[IpnftError] = []

    def listen(progress: MintProgress) -> None:
        if progress.error:
            told.append(progress.error)

    # A contract that knows nothing of receiving tokens: ours itself.
    job = await core.desk.request([MintRequest(bad.asset_id, ready.identity.contract_address)])
    assert (await core.desk.outcome(job.job_id, listen)).stage is MintStage.FAILED
    return told


async def test_keys_are_nowhere(profile: Path) -> None:
    core = build_core(profile, Settings(demo_data=False))
    try:
        await core.environment.start(lambda _: None)
        told = await mint_and_fail(core)
        # The write-ahead log of the database is folded into it when the register is closed: look before and after.
        while_open = files_below(profile)
        said = [f"{error!r} {error.detail} {dict(error.facts)}" for error in told]
        said += [repr(core.adapters), repr(core.settings)]
    finally:
        await core.close()
    close_log()

    afterwards = files_below(profile)
    assert told
    assert f"{DATABASE_FILE}-wal" in while_open
    assert b"Account #0" in afterwards[str(LOG_FILE)]  # what the node prints beside its keys did arrive
    contents = [*while_open.items(), *afterwards.items(), ("said", "\n".join(said).encode())]
    assert [(place, found) for place, content in contents if (found := secrets_in(content))] == []


@pytest.mark.parametrize("secret", [*SECRETS, b"0x" + KEY.hex().upper().encode()])
def test_the_canary_would_sing(secret: bytes) -> None:
    assert secrets_in(b"before " + secret + b" after")
