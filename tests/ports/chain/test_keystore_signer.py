"""The encrypted key: opened by its password alone, refused to guessers, never seen. The oracle is eth_account."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import stat
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.typed_transactions import TypedTransaction
from hexbytes import HexBytes

from ipnft_desktop.adapters.chain import keystore_files
from ipnft_desktop.adapters.chain.hd_keys import account_key
from ipnft_desktop.adapters.chain.keystore_files import (
    Keystore,
    KeystoreFolder,
    Password,
    create_keystore,
    import_keystore,
    read_keystore,
)
from ipnft_desktop.adapters.chain.keystore_signer import KeystoreSigner, demo_addresses
from ipnft_desktop.adapters.chain.local_signer import DEMO_MNEMONIC
from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID, Fees, TransactionPlan
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError, ValidationFailed
from ipnft_desktop.domain.minting import TransactionPurpose
from ipnft_verify.signing import Statement
from tests.support.keystores import ADDRESS, KEY, PASSWORD, SCRYPT_N, keystore_fields, keystore_file

SEPOLIA = 11_155_111
FEES = Fees(3_000_000_000, 1_000_000_000, 2_000_000_000)
WRONG = "wrong " + PASSWORD[::-1]


def plan(chain_id: int = SEPOLIA) -> TransactionPlan:
    return TransactionPlan(chain_id, "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", b"\x01\x02" * 90, 123_456, FEES)


class HeldClock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.now_s = 5_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def signer(tmp_path: Path, clock: HeldClock) -> KeystoreSigner:
    return KeystoreSigner(keystore_file(tmp_path), lambda: False, clock)


async def refusal(signer: KeystoreSigner, password: str = WRONG) -> UserError:
    with pytest.raises(UserError) as caught:
        await signer.unlock(password)
    return caught.value


# --- signing ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kdf", ["pbkdf2", "scrypt"])
async def test_the_password_opens_the_key(tmp_path: Path, kdf: str) -> None:
    signer = KeystoreSigner(keystore_file(tmp_path, keystore_fields(kdf=kdf)), lambda: False)
    await signer.prepare()
    assert (signer.is_locked, signer.address) == (True, ADDRESS)

    await signer.unlock(PASSWORD)
    record = signer.sign(plan(), 7)

    assert not signer.is_locked
    assert Account.recover_transaction(record.raw) == record.signer == ADDRESS
    assert (record.nonce, record.gas_limit, record.purpose) == (7, 123_456, TransactionPurpose.MINT)
    assert TypedTransaction.from_bytes(HexBytes(record.raw)).as_dict()["chainId"] == SEPOLIA


async def test_the_published_vectors_of_the_format_open(tmp_path: Path) -> None:
    vector: dict[str, Any] = {
        "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": {"iv": "83dbcc02d8ccb40e466191a123791e0e"},
            "ciphertext": "d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
            "kdf": "scrypt",
            "kdfparams": {
                "dklen": 32,
                "n": 262144,
                "r": 1,
                "p": 8,
                "salt": "ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19",
            },
            "mac": "2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097",
        },
        "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
        "version": 3,
    }
    opened = read_keystore(keystore_file(tmp_path, vector)).opened(Password("testpassword"))
    assert opened is not None
    assert opened.address == "0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b"


async def test_self_transfers_and_deployments_are_signed(signer: KeystoreSigner) -> None:
    await signer.unlock(PASSWORD)
    cancel = signer.sign_self_transfer(SEPOLIA, 3, FEES, TransactionPurpose.CANCEL)
    raw, _ = signer.sign_deployment(SEPOLIA, 0, b"\x60" * 100, 3_000_000, FEES)

    assert Account.recover_transaction(cancel.raw) == Account.recover_transaction(raw) == ADDRESS
    fields = TypedTransaction.from_bytes(HexBytes(cancel.raw)).as_dict()
    assert (HexBytes(fields["to"]), fields["value"], fields["data"]) == (HexBytes(ADDRESS), 0, b"")
    assert (cancel.nonce, cancel.gas_limit, cancel.purpose) == (3, 21_000, TransactionPurpose.CANCEL)


SIGNINGS: list[Callable[[KeystoreSigner], object]] = [
    lambda signer: signer.sign(plan(), 0),
    lambda signer: signer.sign_self_transfer(SEPOLIA, 0, FEES, TransactionPurpose.FILL),
    lambda signer: signer.sign_deployment(SEPOLIA, 0, b"", 1, FEES),
    lambda signer: signer.sign_evidence(Statement(SEPOLIA, ADDRESS, "0x" + "ab" * 32, "0x" + "cd" * 32, "0x1", "now")),
]


@pytest.mark.parametrize("signing", SIGNINGS)
async def test_locked_means_no_signature(signer: KeystoreSigner, signing: Callable[[KeystoreSigner], object]) -> None:
    heard: list[None] = []
    signer.hear_signatures(lambda: heard.append(None))
    for lock_again in (False, True):
        if lock_again:
            await signer.unlock(PASSWORD)
            signing(signer)
            signer.lock()
        with pytest.raises(UserError) as caught:
            signing(signer)
        assert caught.value.code is ErrorCode.KEYSTORE_LOCKED
    assert len(heard) == 1


async def test_a_file_without_address_tells_it_once_it_was_open(tmp_path: Path) -> None:
    fields = keystore_fields()
    del fields["address"]
    signer = KeystoreSigner(keystore_file(tmp_path, fields), lambda: False)
    await signer.prepare()
    with pytest.raises(UserError) as caught:
        _ = signer.address
    assert caught.value.code is ErrorCode.KEYSTORE_LOCKED

    await signer.unlock(PASSWORD)
    signer.lock()
    assert signer.address == ADDRESS


# --- row 71: a published key ---------------------------------------------------------------------------------------


def test_71_all_published_accounts_are_known() -> None:
    Account.enable_unaudited_hdwallet_features()
    expected = [Account.from_mnemonic(DEMO_MNEMONIC, account_path=f"m/44'/60'/0'/0/{i}").address for i in range(20)]
    assert demo_addresses() == set(expected)


@pytest.mark.parametrize("index", [0, 19])
@pytest.mark.parametrize(("chain_id", "is_local"), [(SEPOLIA, False), (SEPOLIA, True), (LOCAL_CHAIN_ID, False)])
async def test_71_a_published_key_signs_for_no_public_chain(
    tmp_path: Path, index: int, chain_id: int, is_local: bool
) -> None:
    fields = keystore_fields(account_key(DEMO_MNEMONIC, index).secret)
    signer = KeystoreSigner(keystore_file(tmp_path, fields), lambda: is_local)
    await signer.unlock(PASSWORD)
    with pytest.raises(UserError) as caught:
        signer.sign(plan(chain_id), 0)
    assert caught.value.code is ErrorCode.TEST_KEY_ON_PUBLIC_CHAIN


async def test_71_a_published_key_signs_for_the_local_chain(tmp_path: Path) -> None:
    fields = keystore_fields(account_key(DEMO_MNEMONIC, 0).secret)
    signer = KeystoreSigner(keystore_file(tmp_path, fields), lambda: True)
    await signer.unlock(PASSWORD)
    assert Account.recover_transaction(signer.sign(plan(LOCAL_CHAIN_ID), 0).raw) == signer.address


# --- row 72: guessing ------------------------------------------------------------------------------------------------


async def test_72_the_fifth_wrong_password_in_a_row_locks_for_a_while(signer: KeystoreSigner, clock: HeldClock) -> None:
    for left in ("4", "3", "2", "1"):
        error = await refusal(signer)
        assert (error.code, error.facts["attempts_left"]) == (ErrorCode.KEYSTORE_WRONG_PASSWORD, left)
    error = await refusal(signer)
    assert (error.code, error.facts["wait_s"]) == (ErrorCode.KEYSTORE_LOCKED, "60")
    assert "60 s" in error.detail

    clock.now_s += 59.5
    error = await refusal(signer, PASSWORD)  # not even looked at
    assert (error.code, error.facts["wait_s"]) == (ErrorCode.KEYSTORE_LOCKED, "1")
    clock.now_s += 0.5
    await signer.unlock(PASSWORD)
    signer.lock()
    assert (await refusal(signer)).facts["attempts_left"] == "4"


async def test_72_the_wait_doubles_up_to_a_quarter_of_an_hour(signer: KeystoreSigner, clock: HeldClock) -> None:
    for _ in range(4):
        await refusal(signer)
    waits: list[int] = []
    for _ in range(7):
        waits.append(int((await refusal(signer)).facts["wait_s"]))
        clock.now_s += waits[-1]
    assert waits == [60, 120, 240, 480, 900, 900, 900]


async def test_72_an_attempt_that_is_given_up_counts(signer: KeystoreSigner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dialog closed during the second that an attempt takes must not be a way to guess for ever."""
    loop, begun, go_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def slowly(_keystore: Keystore, _password: Password) -> None:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait()

    monkeypatch.setattr(Keystore, "opened", slowly)
    attempt = asyncio.create_task(signer.unlock(WRONG))
    await begun.wait()
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt
    go_on.set()
    assert (await refusal(signer)).facts["attempts_left"] == "3"


# --- files -----------------------------------------------------------------------------------------------------------


def changed(**changes: Any) -> dict[str, Any]:
    fields = keystore_fields(kdf="scrypt")
    for path, value in changes.items():
        *parents, last = path.split("__")
        inner = fields
        for parent in parents:
            inner = inner[parent]
        inner[last] = value
    return fields


@pytest.mark.parametrize(
    "fields",
    [
        changed(version=4),
        changed(crypto=None),
        changed(crypto={}),
        changed(address="0x12"),
        changed(address=12),
        changed(crypto__cipher="aes-256-gcm"),
        changed(crypto__cipherparams={"iv": "00"}),
        changed(crypto__ciphertext="00"),
        changed(crypto__mac="zz" * 32),
        changed(crypto__kdf="argon2"),
        changed(crypto__kdf="pbkdf2"),
        changed(crypto__kdfparams__dklen=16),
        changed(crypto__kdfparams__n=3),
        changed(crypto__kdfparams__n=2.0),
        changed(crypto__kdfparams__n=True),
        changed(crypto__kdfparams__r=-1),
        changed(crypto__kdfparams__n=2**40),
        changed(crypto__kdfparams__p=2**30),
        changed(crypto__kdf="pbkdf2", crypto__kdfparams={"salt": "00", "dklen": 32, "prf": "hmac-sha256", "c": 10**9}),
    ],
)
def test_what_is_no_keystore_is_refused(tmp_path: Path, fields: dict[str, Any]) -> None:
    with pytest.raises(UserError) as caught:
        read_keystore(keystore_file(tmp_path, fields))
    assert caught.value.code is ErrorCode.KEYSTORE_INVALID


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{}", b"[]", b"null", b"[" * 60_000, b"{" + b" " * 70_000])
async def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other.txt"
    file.write_bytes(content)
    for refused in (file, tmp_path, tmp_path / "missing"):
        with pytest.raises(UserError) as caught:
            await KeystoreSigner(refused, lambda: False).prepare()
        assert caught.value.code is ErrorCode.KEYSTORE_INVALID


async def test_a_key_of_another_account_than_the_file_names_is_refused(tmp_path: Path) -> None:
    fields = keystore_fields() | {"address": "70997970c51812dc3a010c7d01b50e0d17dc79c8"}
    signer = KeystoreSigner(keystore_file(tmp_path, fields), lambda: False)
    assert (await refusal(signer, PASSWORD)).code is ErrorCode.KEYSTORE_INVALID
    assert signer.is_locked


async def test_names_in_capitals_and_prefixes_are_understood(tmp_path: Path) -> None:
    fields = keystore_fields()
    fields = {"Crypto": fields["crypto"], "Version": 3, "address": ADDRESS.lower()}
    signer = KeystoreSigner(keystore_file(tmp_path, fields), lambda: False)
    await signer.unlock(PASSWORD)
    assert signer.address == ADDRESS


async def test_a_new_keystore_opens_here_and_elsewhere(tmp_path: Path) -> None:
    shelf = KeystoreFolder(tmp_path / "keystores", scrypt_n=SCRYPT_N)
    first, second = await shelf.create(PASSWORD), await shelf.create(PASSWORD)

    assert [file.parent for file in (first, second)] == [shelf.folder] * 2
    assert sorted(shelf.folder.iterdir()) == sorted((first, second))
    signer = KeystoreSigner(first, lambda: False)
    await signer.unlock(PASSWORD)
    assert Account.decrypt(json.loads(first.read_text()), PASSWORD) != Account.decrypt(
        json.loads(second.read_text()), PASSWORD
    )
    assert Account.from_key(Account.decrypt(json.loads(first.read_text()), PASSWORD)).address == signer.address
    assert first.name.startswith("UTC--20")
    assert first.name.endswith(f"--{signer.address[2:].lower()}")


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such modes")
def test_a_new_keystore_is_for_its_owner_only(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        file = create_keystore(tmp_path / "keys", Password(PASSWORD), scrypt_n=SCRYPT_N)
    finally:
        os.umask(old)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_by_default_guessing_costs_what_the_format_usually_asks(tmp_path: Path) -> None:
    file = create_keystore(tmp_path, Password(PASSWORD))
    work = json.loads(file.read_text())["crypto"]["kdfparams"]
    assert (work["n"], work["r"], work["p"]) == (262_144, 8, 1)


def test_a_short_password_makes_no_keystore(tmp_path: Path) -> None:
    with pytest.raises(ValidationFailed):
        create_keystore(tmp_path / "keys", Password("elevenchars"), scrypt_n=SCRYPT_N)
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize(
    ("number", "code"), [(28, ErrorCode.DISK_FULL), (30, ErrorCode.KEYSTORE_INVALID)], ids=["full", "read-only"]
)
def test_a_disk_that_takes_nothing_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: ErrorCode
) -> None:
    def fail(_fd: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(keystore_files.os, "fsync", fail)
    with pytest.raises((UserError, EnvironmentFault)) as caught:
        create_keystore(tmp_path, Password(PASSWORD), scrypt_n=SCRYPT_N)
    assert caught.value.code is code
    assert list(tmp_path.iterdir()) == []


async def test_a_foreign_keystore_is_copied_in_unchanged(tmp_path: Path) -> None:
    source = keystore_file(tmp_path)
    file = await KeystoreFolder(tmp_path / "keys").import_file(source)

    assert file.read_bytes() == source.read_bytes()
    assert file.name.endswith(f"--{ADDRESS[2:].lower()}")
    source.write_text("{}")
    with pytest.raises(UserError) as caught:
        import_keystore(source, tmp_path / "keys")
    assert caught.value.code is ErrorCode.KEYSTORE_INVALID
    assert list((tmp_path / "keys").iterdir()) == [file]


# --- row 75: secrets -------------------------------------------------------------------------------------------------


async def test_75_neither_key_nor_password_is_ever_seen(
    tmp_path: Path, clock: HeldClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    errors: list[BaseException] = []
    swapped = keystore_fields() | {"address": "70997970c51812dc3a010c7d01b50e0d17dc79c8"}
    for fields in (keystore_fields(), swapped):
        signer = KeystoreSigner(keystore_file(tmp_path, fields), lambda: False, clock)
        for password in (PASSWORD, *[PASSWORD + "x"] * 6):
            try:
                await signer.unlock(password)
                signer.sign(plan(), 0)
                signer.sign(TransactionPlan(SEPOLIA, "0xnonsense", b"", 1, FEES), 0)
            except (IpnftError, ValueError) as error:
                errors.append(error)
        caplog.handler.stream.write(f"{signer!r} {vars(signer)!r}")
    with pytest.raises(IpnftError) as refused:
        await KeystoreFolder(keystore_file(tmp_path), scrypt_n=SCRYPT_N).create(PASSWORD)
    errors.append(refused.value)

    seen = [caplog.text, *(_told(error) for error in errors)]
    assert len(errors) == 15
    for text in seen:
        assert PASSWORD not in text
        assert KEY.hex() not in text.lower()
        assert str(int.from_bytes(KEY)) not in text
        assert repr(KEY) not in text


def _told(error: BaseException) -> str:
    """Everything a traceback with locals tells, of the program's own frames; this test knows the password by right."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    part: traceback.TracebackException | None = report
    while part is not None:
        part.stack[:] = [frame for frame in part.stack if frame.filename != __file__]
        part = part.__cause__ or part.__context__
    return "".join(report.format())
