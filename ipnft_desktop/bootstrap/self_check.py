"""Whether the libraries that are loaded at their first use work where the program runs.

A packaged program lacks what no import names, and nobody would hear of it before the day it is needed.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QSize

from ipnft_desktop.adapters.chain import keystore_files
from ipnft_desktop.adapters.content.kubo_peer import KuboPeer
from ipnft_desktop.adapters.content.media_types import media_type_of
from ipnft_desktop.adapters.content.sealing import KEY_SIZE_BYTES, SealingStream, decrypt, seal, unseal
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.adapters.laboratory.scratch_chain import HardhatScratchChain
from ipnft_desktop.adapters.passwords import Argon2Passwords
from ipnft_desktop.adapters.spreadsheets.sheet_files import LocalSheetFiles
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault
from ipnft_desktop.domain.gas_laboratory import Contract
from ipnft_desktop.domain.people import Password
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.paths import DEMO_DATA
from ipnft_desktop.ui.charts.chart import Series
from ipnft_desktop.ui.charts.library import chart_library
from ipnft_desktop.ui.language import Language, catalogues_of
from ipnft_desktop.ui.previews import Kind, make_preview

Check = Callable[[Path], Awaitable[object]]
"""Works in an empty folder of its own; what it raises is what is wrong."""

_TEXT: Final = "轮 Rad"
_PHRASE: Final = "invented for the check"
_QR_MODULES: Final = 21
"""Of the smallest QR code, a side."""
_PDF: Final = DEMO_DATA / "documents" / "bell-tones.pdf"


async def self_check(checks: Mapping[str, Check] | None = None) -> int:
    """Print a line for each check; returns 0 if all of them passed, 1 otherwise."""
    failed = False
    for name, check in (CHECKS if checks is None else checks).items():
        with tempfile.TemporaryDirectory(prefix="ipnft-check-") as folder:
            try:
                await check(Path(folder))
                outcome = "works"
            except Exception as error:  # noqa: BLE001 - whatever a library that is not whole raises
                outcome = f"{type(error).__name__}: {error}"
                failed = True
        print(f"{name}: {outcome}", flush=True)  # noqa: T201
    return 1 if failed else 0


async def _password(_: Path) -> None:
    passwords = Argon2Passwords(operations=1, memory_bytes=2**20)
    hashed = await passwords.hash(Password(_PHRASE))
    _require(await passwords.verify(hashed, Password(_PHRASE)), "the password is not known again")
    _require(not await passwords.verify(hashed, Password(_TEXT)), "another password is taken for it")


async def _signing_key(folder: Path) -> None:
    file = keystore_files.create_keystore(folder, keystore_files.Password(_PHRASE), scrypt_n=2)
    opened = keystore_files.read_keystore(file).opened(keystore_files.Password(_PHRASE))
    _require(opened is not None, "the file does not open")


async def _confidential_file(_: Path) -> None:
    key, text = bytes(KEY_SIZE_BYTES), _TEXT.encode()
    stream = SealingStream()
    blocks = list(stream.encrypt([text]))
    _require(b"".join(decrypt(blocks, unseal(seal(stream.secret, key), [key]))) == text, "other bytes came back")


async def _kind_of_file(_: Path) -> None:
    found = media_type_of("document", _PDF.read_bytes())
    _require(found == "application/pdf", f"a PDF is taken for {found}")


async def _pdf(_: Path) -> None:
    preview = make_preview(Kind.PDF, _PDF.read_bytes(), QSize(64, 64))
    _require(preview.image is not None, str(preview.problem))


async def _workbook(folder: Path) -> None:
    files, file = LocalSheetFiles(), folder / "assets.xlsx"
    with files.create(file, SheetFormat.XLSX, ["Name"]) as sheet:
        sheet.write([_TEXT])
    rows = [row.cells for row in files.open(file, lambda _: None).rows(lambda _: None)]
    _require(rows == [("Name",), (_TEXT,)], f"other rows came back: {rows}")


class _NoContent:
    """Nothing is published in a check, so nothing is asked of it."""

    def car_parts(self, root: Cid) -> Iterator[bytes]:
        return iter(())


async def _ipfs_node(_: Path) -> None:
    async def answer(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = json.dumps({"ID": _PHRASE, "Version": "0"}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        writer.write(head.encode() + b"Connection: close\r\n\r\n" + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        peer = KuboPeer(_NoContent())
        peer.use(f"/ip4/127.0.0.1/tcp/{server.sockets[0].getsockname()[1]}")
        _require((await peer.identify()).peer_id == _PHRASE, "it answers otherwise")


async def _postgresql(_: Path) -> None:
    """A server is not at hand; but its absence is told by the driver."""
    try:
        await SqlDatabase("postgresql+psycopg://127.0.0.1:1/register").open()
    except EnvironmentFault:
        return
    raise AssertionError("a server answers where there is none")


async def _chart(_: Path) -> None:
    chart_library().load_now()
    from ipnft_desktop.ui.charts.points import all_xs

    _require(list(all_xs([Series.of(_TEXT, [(1, 1), (2, 4)])])) == [1, 2], "other points came back")


async def _gas_laboratory(folder: Path) -> None:
    """A node starts and takes every contract as it was compiled before."""
    async with HardhatScratchChain(folder).opened() as bench:
        for contract in Contract:
            await bench.deploy(contract)


async def _qr_code(_: Path) -> None:
    import segno

    _require(len(segno.make(_TEXT, micro=False).matrix) == _QR_MODULES, "a code of another size")


async def _languages(_: Path) -> None:
    for language in Language:
        _require(all(not found.isEmpty() for found in catalogues_of(language)), f"nothing is said in {language}")


def _require(passed: bool, otherwise: str) -> None:
    if not passed:
        raise AssertionError(otherwise)


CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "Passwords (libsodium)": _password,
        "Signing keys (eth-keyfile)": _signing_key,
        "Confidential files (libsodium)": _confidential_file,
        "Kinds of files (puremagic)": _kind_of_file,
        "PDF pages (PDFium)": _pdf,
        "Workbooks (XlsxWriter, calamine)": _workbook,
        "IPFS nodes (ipfshttpclient)": _ipfs_node,
        "PostgreSQL (psycopg)": _postgresql,
        "Charts (pyqtgraph, numpy)": _chart,
        "QR codes (segno)": _qr_code,
        "Gas laboratory (Hardhat, contracts)": _gas_laboratory,
        "Languages (Qt's catalogues)": _languages,
    }
)
