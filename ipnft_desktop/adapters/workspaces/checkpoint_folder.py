"""Checkpoints of a workspace as folders: `<workspace>/checkpoints/<id>/` holds a copy of the register, the blocks of
the content store under second names, and `checkpoint.json`.

A folder under its name is whole: it is made under a name that begins with a dot, and renamed at the end.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from ipnft_desktop.adapters.database import migrations
from ipnft_desktop.adapters.database.backup_files import flush_file, flush_folder, time_in_name, verified
from ipnft_desktop.adapters.database.backup_preview import compare
from ipnft_desktop.adapters.database.register_copies import copy_register, figures_of_copy, size_of
from ipnft_desktop.adapters.workspaces.block_links import Blocks, block_of, blocks_in, link_blocks
from ipnft_desktop.adapters.workspaces.files import (
    has_links,
    is_own_folder,
    read_json,
    remove_folder,
    require_space,
    workspace_faults,
    write_json,
)
from ipnft_desktop.adapters.workspaces.layout import CHECKPOINTS, CONTENT_FOLDER, REGISTER_FILE
from ipnft_desktop.adapters.workspaces.pending_return import PendingReturn
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.domain.restore_preview import RestorePreview
from ipnft_desktop.domain.workspaces import Checkpoint, CheckpointReason, RegisterFigures, Turned
from ipnft_desktop.services.audit_ports import AuditProof
from ipnft_desktop.services.workspace_ports import Report

CHECKPOINT_FILE = "checkpoint.json"
SCHEMA = 1
KEPT_OF_THE_PROGRAM = 5
"""Checkpoints that the program made by itself; older ones go. Those of people stay until somebody deletes them."""

_MAKING = ".making-"
_DELETED = ".deleted-"
_ID = re.compile(r"[0-9]{8}T[0-9]{6}\.[0-9]{3}Z-[0-9a-f]{6}")
_REGISTER_SHARE = 0.5
"""Of the time that making one takes, and of the time that a return does."""
_CHUNK_BYTES = 1024 * 1024

log = logging.getLogger("ipnft")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class CheckpointFolder:
    """Implements the port `CheckpointStore`. Its methods may be called from any thread; the workspace's lock is held by
    the caller's program."""

    def __init__(self, workspace: Path, audit: AuditProof | None, now: Callable[[], datetime] = _utc_now) -> None:
        self._workspace = workspace
        self._folder = workspace / CHECKPOINTS
        self._pending = PendingReturn(workspace, audit)
        self._now = now
        self._change = RLock()

    def list(self) -> tuple[Checkpoint, ...]:
        """See `CheckpointStore`; the next ones too."""
        with workspace_faults(CHECKPOINTS):
            if not self._folder.is_dir():
                return ()
            names = [each.name for each in self._folder.iterdir() if _ID.fullmatch(each.name) and is_own_folder(each)]
        found = [checkpoint for name in names if (checkpoint := self._read(name)) is not None]
        return tuple(sorted(found, key=lambda each: (each.at, each.checkpoint_id), reverse=True))

    def make(self, name: str, reason: CheckpointReason, report: Report) -> Checkpoint:
        with self._change, workspace_faults(phrase("the checkpoint")):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._remove_leftovers()
            at = self._free_moment()
            checkpoint_id = f"{time_in_name(at)}-{secrets.token_hex(3)}"
            making = self._folder / f"{_MAKING}{checkpoint_id}"
            try:
                making.mkdir()
                self._require_space(making)
                made = self._fill(making, checkpoint_id, name, at, reason, report)
                making.rename(self._folder / checkpoint_id)
                flush_folder(self._folder)
            except BaseException:
                _remove_quietly(making)
                raise
            if reason is CheckpointReason.BEFORE_NEW_CHAIN:
                self._thin()
            return made

    def rename(self, checkpoint_id: str, name: str) -> None:
        with self._change, workspace_faults(checkpoint_id):
            self._of_id(checkpoint_id)
            file = self._folder / checkpoint_id / CHECKPOINT_FILE
            write_json(file, {**read_json(file), "name": name})

    def delete(self, checkpoint_id: str) -> None:
        with self._change, workspace_faults(checkpoint_id):
            self._of_id(checkpoint_id)
            self._remove(checkpoint_id)

    def preview(self, checkpoint_id: str) -> RestorePreview:
        self._require_known(self._of_id(checkpoint_id))
        return compare(self._workspace / REGISTER_FILE, self._folder / checkpoint_id / REGISTER_FILE)

    def return_to(self, checkpoint_id: str, actor: str, report: Report) -> None:
        with self._change, workspace_faults(checkpoint_id):
            checkpoint = self._of_id(checkpoint_id)
            self._require_known(checkpoint)
            self._pending.settle()
            folder = self._folder / checkpoint_id
            if blocks_in(folder / CONTENT_FOLDER) != Blocks(self._block_count(folder), checkpoint.content_bytes):
                raise _unusable(checkpoint_id, phrase("blocks are missing"))
            staged = self._pending.begin()
            try:
                self._stage(checkpoint, staged, report)
            except BaseException:
                self._pending.take_back()
                raise
            self._pending.decide(Turned(checkpoint_id, checkpoint.name, actor, self._now(), checkpoint.sha256))
            self._pending.settle()
            self._thin()  # not when one is made for a return: the one that is returned to may be the oldest

    def block(self, cid: Cid) -> tuple[Checkpoint, bytes] | None:
        with workspace_faults(CHECKPOINTS):
            for checkpoint in self.list():
                data = block_of(self._folder / checkpoint.checkpoint_id / CONTENT_FOLDER, cid)
                # A second name of a block that was damaged in its place is damaged, too.
                if data is not None and Cid.of_block(cid.codec, data) == cid:
                    return checkpoint, data
        return None

    def settle(self) -> Turned | None:
        with self._change, workspace_faults(phrase("the return to a checkpoint")):
            return self._pending.settle()

    def _fill(
        self, making: Path, checkpoint_id: str, name: str, at: datetime, reason: CheckpointReason, report: Report
    ) -> Checkpoint:
        register = making / REGISTER_FILE
        # The register first: what it names is in the content store by then, and nothing is removed meanwhile.
        revision = copy_register(
            self._workspace / REGISTER_FILE, register, lambda share: report(share * _REGISTER_SHARE)
        )
        link_blocks(
            self._workspace / CONTENT_FOLDER,
            making / CONTENT_FOLDER,
            lambda share: report(_REGISTER_SHARE + share * (1 - _REGISTER_SHARE)),
        )
        blocks = blocks_in(making / CONTENT_FOLDER)
        made = Checkpoint(
            checkpoint_id,
            name,
            at,
            reason,
            figures_of_copy(register),
            register.stat().st_size,
            blocks.size_bytes,
            revision,
            _sha256(register),
        )
        write_json(making / CHECKPOINT_FILE, {**_as_json(made), "blocks": blocks.count})
        return made

    def _stage(self, checkpoint: Checkpoint, staged: Path, report: Report) -> None:
        """The checkpoint's register, read through, on the disk and ready to take the register's name."""
        register = self._folder / checkpoint.checkpoint_id / REGISTER_FILE
        require_space(staged.parent, checkpoint.register_bytes)
        digest = hashlib.sha256()
        copied = 0
        with register.open("rb") as source, staged.open("xb") as target:
            while chunk := source.read(_CHUNK_BYTES):
                digest.update(chunk)
                target.write(chunk)
                copied += len(chunk)
                report(copied / max(1, checkpoint.register_bytes) * (1 - _REGISTER_SHARE))
        if digest.hexdigest() != checkpoint.sha256:
            raise _unusable(checkpoint.checkpoint_id, phrase("its register is not what was kept"))
        if verified(staged).revision != checkpoint.revision:
            raise _unusable(checkpoint.checkpoint_id, phrase("its register is of another revision than it says"))
        flush_file(staged)
        report(1.0)

    def _read(self, checkpoint_id: str) -> Checkpoint | None:
        try:
            return _of_json(checkpoint_id, read_json(self._folder / checkpoint_id / CHECKPOINT_FILE))
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("checkpoint.unreadable id=%s %s", checkpoint_id, error)
            return None

    def _of_id(self, checkpoint_id: str) -> Checkpoint:
        checkpoint = self._read(checkpoint_id) if _ID.fullmatch(checkpoint_id) else None
        if checkpoint is None:
            raise _unusable(checkpoint_id, phrase("it is not there"))
        return checkpoint

    def _block_count(self, folder: Path) -> int:
        return int(read_json(folder / CHECKPOINT_FILE)["blocks"])

    def _require_known(self, checkpoint: Checkpoint) -> None:
        if not migrations.knows(checkpoint.revision):
            raise UserError(
                ErrorCode.DATABASE_NEWER,
                phrase(
                    "checkpoint of revision {revision}, this program knows {head}",
                    revision=checkpoint.revision,
                    head=migrations.HEAD,
                ),
            )

    def _require_space(self, making: Path) -> None:
        content = self._workspace / CONTENT_FOLDER
        is_linked = not content.is_dir() or has_links(content, making)
        content_bytes = 0 if is_linked else blocks_in(content).size_bytes
        require_space(making, size_of(self._workspace / REGISTER_FILE) + content_bytes)

    def _free_moment(self) -> datetime:
        """Now, but never before another checkpoint: the newest name is the newest also when the clock is put back."""
        latest = max((each.at for each in self.list()), default=None)
        return self._now() if latest is None else max(self._now(), latest)

    def _thin(self) -> None:
        made = [each for each in self.list() if each.reason is not CheckpointReason.BY_HAND]
        for checkpoint in made[KEPT_OF_THE_PROGRAM:]:
            self._remove(checkpoint.checkpoint_id)

    def _remove(self, checkpoint_id: str) -> None:
        deleted = self._folder / f"{_DELETED}{checkpoint_id}"
        (self._folder / checkpoint_id).rename(deleted)
        _remove_quietly(deleted)

    def _remove_leftovers(self) -> None:
        for each in self._folder.iterdir():
            if each.name.startswith((_MAKING, _DELETED)):
                _remove_quietly(each)


def _remove_quietly(folder: Path) -> None:
    try:
        remove_folder(folder)
    except OSError as error:  # nothing lists it, and the next one that is made removes it
        log.warning("checkpoint.not_removed %s", error)


def _unusable(checkpoint_id: str, why: Phrase) -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.CHECKPOINT_UNUSABLE, phrase("{name}: {why}", name=checkpoint_id, why=why))


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _as_json(checkpoint: Checkpoint) -> Mapping[str, Any]:
    return {
        "schema": SCHEMA,
        "name": checkpoint.name,
        "at": checkpoint.at.isoformat(),
        "reason": checkpoint.reason.value,
        "assets": checkpoint.figures.assets,
        "tokens": checkpoint.figures.tokens,
        "block": checkpoint.figures.block,
        "register_bytes": checkpoint.register_bytes,
        "content_bytes": checkpoint.content_bytes,
        "revision": checkpoint.revision,
        "sha256": checkpoint.sha256,
    }


def _of_json(checkpoint_id: str, content: Mapping[str, Any]) -> Checkpoint:
    if content["schema"] != SCHEMA:
        raise ValueError(f"of version {content['schema']}")
    return Checkpoint(
        checkpoint_id,
        str(content["name"]),
        datetime.fromisoformat(content["at"]),
        CheckpointReason(content["reason"]),
        RegisterFigures(int(content["assets"]), int(content["tokens"]), int(content["block"])),
        int(content["register_bytes"]),
        int(content["content_bytes"]),
        str(content["revision"]),
        str(content["sha256"]),
    )
