"""Canary (row 75): keys and passwords are looked for in everything the program leaves on the disk or says."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ipnft_desktop.adapters.chain.ethereum_chain import EthereumChain
from ipnft_desktop.adapters.chain.hd_keys import account_key
from ipnft_desktop.adapters.chain.keystore_files import KeystoreFolder
from ipnft_desktop.adapters.chain.keystore_signer import KeystoreSigner
from ipnft_desktop.adapters.chain.local_signer import DEMO_MNEMONIC
from ipnft_desktop.bootstrap.adapters import DATABASE_FILE, build_adapters
from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.domain.minting import MintProgress, MintStage
from ipnft_desktop.program_log import LOG_FILE, close_log, open_log
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.key_custody import KeyCustody
from ipnft_desktop.services.mint_desk import MintRequest
from ipnft_desktop.settings import Settings
from tests.support import samples
from tests.support.core_factory import request
from tests.support.keystores import SCRYPT_N, keystore_fields, keystore_file
from tests.support.signed_in import signed_in

KEY = account_key(DEMO_MNEMONIC, 0).secret
PASSWORD = "kanarienvogel-4711-im-schacht"
SECRETS = (
    DEMO_MNEMONIC.encode(),
    KEY.hex().encode(),
    str(int.from_bytes(KEY)).encode(),
    KEY,
    PASSWORD.encode(),
    PASSWORD.encode("utf-16-le"),
)
"""The mnemonic; the key of account 0 in hex (0x or not), as a number, and as it is; a password in two encodings."""


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
    core = signed_in(build_core(profile, Settings(demo_data=False)))
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


async def test_75_a_keystore_and_its_password_are_nowhere(
    profile: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Unlocked, locked and guessed at, minting on a real node: the first account's key, behind a password."""
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    clock = HeldClock()
    file = keystore_file(profile, keystore_fields(KEY, PASSWORD))
    file = await KeystoreFolder(profile / "keystores").import_file(file)
    adapters = build_adapters(profile, Settings(demo_data=False))
    signer = KeystoreSigner(file, lambda: is_local(adapters.chain), clock)
    core = signed_in(build_core(profile, Settings(demo_data=False), replace(adapters, signer=signer)))
    custody = KeyCustody(signer, 900, core.session)
    try:
        told = [await refused(core.environment.start(lambda _: None))]  # nothing can be deployed yet
        await custody.unlock(PASSWORD)
        await core.environment.start(lambda _: None)
        told += await mint_and_fail(core)
        custody.lock()
        told += [await refused(custody.unlock(PASSWORD + "x")) for _ in range(6)]
        told.append(await refused(custody.unlock(PASSWORD)))
        told += await keystores_refused(profile)
        for error in told:
            logging.getLogger("ipnft").error("told", exc_info=error)
        while_open = files_below(profile)
        said = [*(told_with_locals(error) for error in told), repr(core.adapters), repr(vars(signer))]
    finally:
        await core.close()
        custody.lock()
    close_log()

    codes = [error.code for error in told]
    assert codes[0] is ErrorCode.KEYSTORE_LOCKED
    assert codes[-8:] == [
        *[ErrorCode.KEYSTORE_WRONG_PASSWORD] * 4,
        *[ErrorCode.KEYSTORE_LOCKED] * 3,
        ErrorCode.KEYSTORE_INVALID,
    ]
    said += [caplog.text, *capfd.readouterr()]
    afterwards = files_below(profile)
    assert "KEYSTORE_WRONG_PASSWORD" in afterwards[str(LOG_FILE)].decode()  # tracebacks did arrive
    contents = [*while_open.items(), *afterwards.items(), ("said", "\n".join(said).encode())]
    assert [(place, found) for place, content in contents if (found := secrets_in(content))] == []


class HeldClock:
    """Stands still: whoever is locked out stays so."""

    def __call__(self) -> float:
        return 0.0


def is_local(chain: Chain) -> bool:
    """What the program asks before it lets a published key sign."""
    assert isinstance(chain, EthereumChain)
    return chain.is_local


async def refused(work: Awaitable[object]) -> IpnftError:
    """The error this work ends with."""
    with pytest.raises(IpnftError) as caught:
        await work
    return caught.value


async def keystores_refused(profile: Path) -> list[IpnftError]:
    """A keystore cannot be made where a file lies in the way."""
    shelf = KeystoreFolder(profile / DATABASE_FILE, scrypt_n=SCRYPT_N)
    return [await refused(shelf.create(PASSWORD))]


def told_with_locals(error: BaseException) -> str:
    """Everything a traceback can tell of the program's own frames; this test's know the password by right."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    part: traceback.TracebackException | None = report
    while part is not None:
        part.stack[:] = [frame for frame in part.stack if frame.filename != __file__]
        part = part.__cause__ or part.__context__
    return "".join(report.format())


@pytest.mark.parametrize("secret", [*SECRETS, b"0x" + KEY.hex().upper().encode()])
def test_the_canary_would_sing(secret: bytes) -> None:
    assert secrets_in(b"before " + secret + b" after")
