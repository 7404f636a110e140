"""Row 68: whatever a file is or becomes, it is refused beside its field or stored whole; nothing else is left."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ipnft_desktop.adapters.content import dag
from ipnft_desktop.adapters.content.local_block_store import LocalBlockStore
from ipnft_desktop.adapters.content.whole_files import Progress, read_chunks
from ipnft_desktop.domain.assets import AssetDraft, AssetQuery, AssetType, Enterprise, LegalStatus
from ipnft_desktop.domain.errors import ProblemKind, ValidationFailed
from ipnft_desktop.domain.file_names import safe_file_name
from ipnft_desktop.services.asset_files import FileToAttach
from tests.support import samples
from tests.support.core_factory import MemoryCore
from tests.support.memory_content_store import MemoryKeys

CHUNK = 262_144


@pytest.fixture
async def owner(memory: MemoryCore) -> Enterprise:
    enterprise = samples.enterprise()
    await memory.core.register.add_assets((), (enterprise,))
    return enterprise


async def attach(memory: MemoryCore, owner: Enterprise, *files: FileToAttach) -> None:
    draft = AssetDraft("Vase", AssetType.DESIGN, "", "Someone", "1450-01-01", LegalStatus.EXPIRED, owner.enterprise_id)
    await memory.core.register.create_asset(draft, files)


async def refused(memory: MemoryCore, owner: Enterprise, *files: FileToAttach) -> list[ProblemKind]:
    """Why, after nothing was left in the store nor in the register."""
    with pytest.raises(ValidationFailed) as caught:
        await attach(memory, owner, *files)
    await memory.core.removal.done()
    assert memory.content.blocks == {}
    assert await memory.core.register.count(AssetQuery()) == 0
    assert {problem.field for problem in caught.value.problems} <= {"attachments", "image"}
    return [problem.kind for problem in caught.value.problems]


def missing(folder: Path) -> Path:
    return folder / "missing"


def link(folder: Path) -> Path:
    (folder / "target").write_bytes(b"secret")
    (folder / "link.pdf").symlink_to(folder / "target")
    return folder / "link.pdf"


def parent_folder(folder: Path) -> Path:
    return folder / ".."


def empty(folder: Path) -> Path:
    (folder / "empty").touch()
    return folder / "empty"


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def device(_folder: Path) -> Path:
    return Path("/dev/zero")


def with_a_line_break(folder: Path) -> Path:
    (folder / "a\nb").write_bytes(b"x")
    return folder / "a\nb"


def undecodable(folder: Path) -> Path:
    path = folder / os.fsdecode(b"\xff.pdf")
    path.write_bytes(b"x")
    return path


def misleading(folder: Path) -> Path:
    (folder / "fdp.\u202eexe").write_bytes(b"x")
    return folder / "fdp.\u202eexe"


def over_long(folder: Path) -> Path:
    return folder / ("n" * 256)


@pytest.mark.skipif(os.name != "posix", reason="links, pipes and devices are made as on POSIX")
@pytest.mark.parametrize("confidential", [False, True])
@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (missing, ProblemKind.FILE_MISSING),
        (link, ProblemKind.NOT_A_FILE),
        (parent_folder, ProblemKind.NOT_A_FILE),
        (empty, ProblemKind.FILE_EMPTY),
        (pipe, ProblemKind.NOT_A_FILE),
        (device, ProblemKind.NOT_A_FILE),
        (with_a_line_break, ProblemKind.FILE_NAME_MISLEADING),
        (undecodable, ProblemKind.FILE_NAME_MISLEADING),
        (misleading, ProblemKind.FILE_NAME_MISLEADING),
        (over_long, ProblemKind.FILE_NAME_TOO_LONG),
    ],
)
async def test_68_what_is_no_file_to_attach_is_told_beside_the_field(
    memory: MemoryCore,
    owner: Enterprise,
    tmp_path: Path,
    make: Callable[[Path], Path],
    kind: ProblemKind,
    confidential: bool,
) -> None:
    folder = tmp_path / "chosen"
    folder.mkdir()
    (folder / "good").write_bytes(b"good")
    good = FileToAttach(folder / "good")
    assert await refused(memory, owner, good, FileToAttach(make(folder), confidential)) == [kind]


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def cut(path: Path) -> None:
    os.truncate(path, 10)


def replace(path: Path) -> None:
    (path.parent / "other").write_bytes(b"x" * 4 * CHUNK)
    (path.parent / "other").replace(path)


def take_away(path: Path) -> None:
    path.unlink()


def become_a_link(path: Path) -> None:
    path.rename(path.parent / "elsewhere")
    path.symlink_to(path.parent / "elsewhere")


@pytest.mark.skipif(os.name != "posix", reason="an open file can be taken away as on POSIX")
@pytest.mark.parametrize("confidential", [False, True])
@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (grow, ProblemKind.FILE_CHANGED),
        (cut, ProblemKind.FILE_CHANGED),
        (replace, ProblemKind.FILE_CHANGED),
        (take_away, ProblemKind.FILE_MISSING),
        (become_a_link, ProblemKind.NOT_A_FILE),
    ],
)
async def test_68_a_file_that_changes_while_it_is_read_leaves_nothing(
    memory: MemoryCore,
    owner: Enterprise,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], None],
    kind: ProblemKind,
    confidential: bool,
) -> None:
    draft = tmp_path / "draft.bin"
    draft.write_bytes(b"secret" * CHUNK)
    (tmp_path / "good").write_bytes(b"good")

    def changing(path: Path, chunk_size_bytes: int, progress: Progress) -> Iterator[bytes]:
        chunks = read_chunks(path, chunk_size_bytes, progress)
        yield next(chunks)
        if path == draft:
            change(path)
        yield from chunks

    monkeypatch.setattr(dag, "read_chunks", changing)
    files = FileToAttach(tmp_path / "good"), FileToAttach(draft, confidential)
    assert await refused(memory, owner, *files) == [kind]


@pytest.mark.parametrize("confidential", [False, True])
async def test_68_five_gigabytes_can_be_stopped_and_leave_nothing(tmp_path: Path, confidential: bool) -> None:
    film = tmp_path / "film.mp4"
    with film.open("wb") as file:
        file.truncate(5 * 2**30)
    store = LocalBlockStore(tmp_path / "content", MemoryKeys())
    await store.open()
    under_way = asyncio.Event()
    adding = asyncio.create_task(store.add_file(film, lambda _: under_way.set(), confidential=confidential))
    await under_way.wait()
    adding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await adding
    assert (await store.stats()).block_count == 0
    assert not any(path.is_file() for path in (tmp_path / "content").rglob("*"))
    await store.close()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("specification.pdf", "specification.pdf"),
        ("登记 é.pdf", "登记 é.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("C:evil.exe", "C_evil.exe"),
        ("a\0b\u202egpj.exe", "a_b_gpj.exe"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("report. . ", "report"),
        (".bashrc", "_.bashrc"),
        ("..", "file"),
        ("", "file"),
        ("n" * 300 + ".pdf", "n" * 196 + ".pdf"),
        ("登" * 300 + ".pdf", "登" * 65 + ".pdf"),
    ],
)
def test_68_a_name_is_made_safe_before_anything_is_saved_under_it(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe
