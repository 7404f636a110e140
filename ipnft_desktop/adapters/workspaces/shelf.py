"""The workspaces of a profile as folders.

`<profile>/workspaces/<id>/workspace.json` says what a workspace is called; the profile itself is the first one. A name
that begins with a dot is half made or set aside. Whoever makes, opens or sets aside a workspace holds its lock, so
that what nobody holds and begins with a dot was left behind and can go.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from ipnft_desktop.adapters.database.backup_files import flush_folder
from ipnft_desktop.adapters.database.register_copies import copy_register, figures_of, size_of
from ipnft_desktop.adapters.key_folder import KeyFolder
from ipnft_desktop.adapters.profile_lock import ProfileFileLock
from ipnft_desktop.adapters.workspaces.block_links import blocks_in, link_blocks
from ipnft_desktop.adapters.workspaces.files import (
    has_links,
    is_own_folder,
    read_json,
    remove_folder,
    require_space,
    tree_bytes,
    workspace_faults,
    write_json,
)
from ipnft_desktop.adapters.workspaces.layout import (
    CONTENT_FOLDER,
    KEY_FOLDER,
    REGISTER_FILE,
    WORKSPACES,
    lock_file,
    workspace_folder,
    workspace_key_folder,
)
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.people import name_key
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.workspaces import (
    HOME,
    Workspace,
    WorkspaceMeasure,
    folder_name_of,
    is_workspace_id,
)
from ipnft_desktop.services.preflight import ProfileLock
from ipnft_desktop.services.workspace_ports import Report

WORKSPACE_FILE = "workspace.json"
SCHEMA = 1

_MAKING = ".making-"
_DELETED = ".deleted-"
_ASIDE = re.compile(rf"{re.escape(_DELETED)}(?P<id>.+)-[0-9a-f]{{8}}")
_REGISTER_SHARE = 0.5
"""Of the time that a duplicate takes."""

log = logging.getLogger("ipnft")


class WorkspaceFolders:
    """Implements the port `WorkspaceShelf`. Its methods may be called from any thread."""

    def __init__(self, profile: Path, key_folder: str, open_id: str, open_lock: ProfileLock) -> None:
        """`key_folder` is the setting; `open_lock` is held by whoever has the workspace `open_id` open: us."""
        self._profile = profile
        self._key_folder = key_folder
        self._open_id = open_id
        self._open_lock = open_lock
        self._change = RLock()
        """Of a `workspace.json`, and of what is set aside; never held while a workspace is copied."""
        self._aside: dict[str, ProfileFileLock] = {}

    @property
    def open_id(self) -> str:
        """See `WorkspaceShelf`; the next ones too."""
        return self._open_id

    @property
    def opened(self) -> Workspace:
        return self._read(self._open_id)

    def list(self) -> tuple[Workspace, ...]:
        with workspace_faults(WORKSPACES):
            others = [self._read(each.name) for each in self._entries() if is_workspace_id(each.name)]
        return (self._read(HOME), *sorted(others, key=lambda each: (name_key(each.name), each.workspace_id)))

    def folder(self, workspace_id: str) -> Path:
        folder = workspace_folder(self._profile, workspace_id)
        if workspace_id != HOME and not is_own_folder(folder):
            raise EnvironmentFault(ErrorCode.WORKSPACE_UNUSABLE, phrase("there is no folder {folder}", folder=folder))
        schema = self._content(workspace_id).get("schema", SCHEMA)
        if schema != SCHEMA:
            raise EnvironmentFault(
                ErrorCode.WORKSPACE_UNUSABLE,
                phrase(
                    "{folder} is of version {schema}, this program knows {known}",
                    folder=folder,
                    schema=schema,
                    known=SCHEMA,
                ),
            )
        return folder

    def create(self, name: str, *, with_demo_data: bool) -> Workspace:
        with self._making(name, with_demo_data) as (workspace, _folder):
            return workspace

    def duplicate(self, workspace_id: str, name: str, report: Report) -> Workspace:
        with self._held(workspace_id), workspace_faults(phrase("the duplicate")):
            source = self.folder(workspace_id)
            with self._making(name, self._read(workspace_id).has_demo_data) as (workspace, folder):
                self._require_space(source, folder)
                # The head of the audit log before the log: rows that come in between are behind it, as always.
                _copy_keys(workspace_key_folder(self._profile, self._key_folder, workspace_id), folder / KEY_FOLDER)
                register = source / REGISTER_FILE
                if register.exists():
                    copy_register(register, folder / REGISTER_FILE, lambda share: report(share * _REGISTER_SHARE))
                link_blocks(
                    source / CONTENT_FOLDER,
                    folder / CONTENT_FOLDER,
                    lambda share: report(_REGISTER_SHARE + share * (1 - _REGISTER_SHARE)),
                )
                self._put_keys(folder, workspace.workspace_id)
                return workspace

    def rename(self, workspace_id: str, name: str) -> None:
        with self._held(workspace_id), self._change, workspace_faults(WORKSPACES):
            self._write(replace(self._read(workspace_id), name=name), self.folder(workspace_id))

    def note_opened(self) -> None:
        with self._change, workspace_faults(WORKSPACES):
            opened = replace(self._read(self._open_id), last_opened_at=datetime.now(UTC))
            self._write(opened, self.folder(self._open_id))

    def require_free(self, workspace_id: str) -> None:
        self.folder(workspace_id)
        with self._held(workspace_id):
            pass

    def measure(self, workspace_id: str) -> WorkspaceMeasure:
        folder = self.folder(workspace_id)
        with workspace_faults(str(folder)):
            size_bytes = tree_bytes(folder, without=folder / WORKSPACES if workspace_id == HOME else None)
        try:
            figures = figures_of(folder / REGISTER_FILE)
        except IpnftError as error:  # it can be told when it is opened
            log.warning("workspace.unreadable id=%s %s", workspace_id, error)
            figures = None
        return WorkspaceMeasure(size_bytes, figures)

    def set_aside(self, workspace_id: str) -> str:
        if workspace_id in (HOME, self._open_id):
            raise UserError(
                ErrorCode.WORKSPACE_IN_USE, phrase("the open workspace and the profile itself cannot be deleted")
            )
        aside = f"{_DELETED}{workspace_id}-{secrets.token_hex(4)}"
        folder = self.folder(workspace_id)
        lock = self._locked(workspace_id)
        try:
            with workspace_faults(workspace_id):
                folder.rename(self._root / aside)
                flush_folder(self._root)
        except BaseException:
            lock.release()
            raise
        self._aside[aside] = lock
        return aside

    def bring_back(self, aside: str) -> None:
        workspace_id = _id_of(aside)
        with workspace_faults(workspace_id):
            (self._root / aside).rename(workspace_folder(self._profile, workspace_id))
            flush_folder(self._root)
        self._let_go(aside)

    def remove_for_good(self, aside: str) -> None:
        workspace_id = _id_of(aside)
        with self._change, workspace_faults(workspace_id):
            remove_folder(self._root / aside)
            lock = self._aside.pop(aside, None)
            if lock is not None:
                lock.remove()

    def tidy(self) -> None:
        with workspace_faults(WORKSPACES):
            left = [each.name for each in self._entries() if each.name.startswith((_MAKING, _DELETED))]
            locks = [file.stem for file in self._root.glob("*.lock")]
        for name in left:
            if name not in self._aside:
                self._remove_left(name)
        for workspace_id in locks:
            if is_workspace_id(workspace_id) and not workspace_folder(self._profile, workspace_id).exists():
                self._remove_lock(workspace_id)

    def close(self) -> None:
        for aside in tuple(self._aside):
            try:
                self.remove_for_good(aside)
            except EnvironmentFault as fault:
                log.warning("workspace.not_removed %s", fault)
                self._let_go(aside)

    @property
    def _root(self) -> Path:
        return self._profile / WORKSPACES

    def _entries(self) -> list[Path]:
        return [each for each in self._root.iterdir() if is_own_folder(each)] if self._root.is_dir() else []

    def _content(self, workspace_id: str) -> Mapping[str, Any]:
        """What `workspace.json` says; nothing where it is missing or damaged: the register beside it is what counts."""
        try:
            return read_json(workspace_folder(self._profile, workspace_id) / WORKSPACE_FILE)
        except (OSError, ValueError) as error:
            log.warning("workspace.unreadable id=%s %s", workspace_id, error)
            return {}

    def _read(self, workspace_id: str) -> Workspace:
        content = self._content(workspace_id)
        demo = content.get("demo_data")
        return Workspace(
            workspace_id,
            str(content.get("name") or workspace_id),
            _moment(content.get("created_at")),
            _moment(content.get("last_opened_at")),
            demo if isinstance(demo, bool) else None,
        )

    def _write(self, workspace: Workspace, folder: Path) -> None:
        write_json(
            folder / WORKSPACE_FILE,
            {
                "schema": SCHEMA,
                "name": workspace.name,
                "created_at": workspace.created_at and workspace.created_at.isoformat(),
                "last_opened_at": workspace.last_opened_at and workspace.last_opened_at.isoformat(),
                "demo_data": workspace.has_demo_data,
            },
        )

    @contextmanager
    def _making(self, name: str, with_demo_data: bool | None) -> Generator[tuple[Workspace, Path], None, None]:
        """A new workspace and its folder, which gets its name when nothing failed inside; otherwise nothing is left."""
        workspace_id = folder_name_of(name, secrets.token_hex(3))
        workspace = Workspace(workspace_id, name, datetime.now(UTC), None, with_demo_data)
        folder = self._root / f"{_MAKING}{workspace_id}"
        with workspace_faults(WORKSPACES):
            self._root.mkdir(parents=True, exist_ok=True)
        lock = self._locked(workspace_id)
        try:
            with workspace_faults(str(folder)):
                folder.mkdir()
                self._write(workspace, folder)
                yield workspace, folder
                folder.rename(self._root / workspace_id)
                flush_folder(self._root)
        except BaseException:
            _discard(folder, lock)
            raise
        lock.release()

    def _put_keys(self, folder: Path, workspace_id: str) -> None:
        """Out of the new folder, where they lie elsewhere: last, for nothing is ever removed from there."""
        if self._key_folder:
            _copy_keys(folder / KEY_FOLDER, workspace_key_folder(self._profile, self._key_folder, workspace_id))
            remove_folder(folder / KEY_FOLDER)

    def _require_space(self, source: Path, folder: Path) -> None:
        content = source / CONTENT_FOLDER
        is_linked = not content.is_dir() or has_links(content, folder)
        content_bytes = 0 if is_linked else blocks_in(content).size_bytes
        require_space(folder, size_of(source / REGISTER_FILE) + content_bytes)

    def _locked(self, workspace_id: str) -> ProfileFileLock:
        lock = ProfileFileLock(lock_file(self._profile, workspace_id))
        _acquire(lock)
        return lock

    @contextmanager
    def _held(self, workspace_id: str) -> Generator[None, None, None]:
        """No other program has it open meanwhile; nor is another one that is not open worked on here."""
        if workspace_id == self._open_id:
            _acquire(self._open_lock)
            yield
            return
        self.folder(workspace_id)
        lock = self._locked(workspace_id)
        try:
            yield
        finally:
            lock.release()

    def _let_go(self, aside: str) -> None:
        lock = self._aside.pop(aside, None)
        if lock is not None:
            lock.release()

    def _remove_left(self, name: str) -> None:
        workspace_id = _id_of(name) if name.startswith(_DELETED) else name.removeprefix(_MAKING)
        try:
            lock = self._locked(workspace_id)
        except IpnftError:  # another program is at it
            return
        try:
            remove_folder(self._root / name)
        except OSError as error:  # the next start tries again
            log.warning("workspace.not_removed %s", error)
        finally:
            lock.release()

    def _remove_lock(self, workspace_id: str) -> None:
        """Of a workspace that is gone; one that another program makes or sets aside in this moment is held."""
        try:
            self._locked(workspace_id).remove()
        except IpnftError:
            return
        except OSError as error:
            log.warning("workspace.not_removed %s", error)


def _discard(folder: Path, lock: ProfileFileLock) -> None:
    try:
        try:
            remove_folder(folder)
        finally:
            lock.remove()
    except OSError as error:  # `tidy` tries again
        log.warning("workspace.not_removed %s", error)


def _copy_keys(source: Path, target: Path) -> None:
    if not source.is_dir():
        return
    keys = KeyFolder(target)
    for file in source.iterdir():
        if file.is_file() and not file.is_symlink() and not file.name.startswith("."):
            keys.write(file.name, file.read_bytes())


def _acquire(lock: ProfileLock) -> None:
    try:
        lock.acquire()
    except UserError as error:
        raise UserError(ErrorCode.WORKSPACE_IN_USE, phrase("another program has it open")) from error
    except OSError as error:
        raise EnvironmentFault(
            ErrorCode.WORKSPACE_UNUSABLE, phrase("its lock: {reason}", reason=error.strerror)
        ) from error


def _id_of(aside: str) -> str:
    match = _ASIDE.fullmatch(aside)
    if match is None or not is_workspace_id(match["id"]):
        raise EnvironmentFault(ErrorCode.WORKSPACE_UNUSABLE, phrase("{aside} was not set aside", aside=repr(aside)))
    return match["id"]


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
