"""What is known of the audit log apart from the register: its key, its last row, how far it was verified, and a
restore that the log has yet to tell of. Without it nobody could say that the last rows were removed."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from ipnft_desktop.adapters.audit_seal import AuditSeal
from ipnft_desktop.adapters.key_folder import KeyFolder
from ipnft_desktop.domain.audit import BEFORE_ALL, AuditFinding, AuditPoint, PendingRestore
from ipnft_desktop.domain.errors import EnvironmentFault
from ipnft_desktop.services.session import PROGRAM

KEY_FILE = "audit.key"
HEAD_FILE = "audit.head"
WRITE_PAUSE_S = 1.0
"""Shortest time from one writing of the head to the next: it is behind the log, by this much at most."""

log = logging.getLogger("ipnft")


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The content of the head file."""

    last: AuditPoint
    verified: AuditPoint | None = None
    restore: PendingRestore | None = None


class AuditHeadFile:
    """Implements the port `AuditProof`: key and head in the register's key folder.

    The head is written by a thread of its own: never waited for in a commit, and once a `WRITE_PAUSE_S` at most.
    Methods may be called from any thread.
    """

    def __init__(self, folder: KeyFolder) -> None:
        self._folder = folder
        self._seal: AuditSeal | None = None
        self._head: AuditHead | None = None
        self.findings: list[AuditFinding] = []
        """What was found out of order when the register was opened."""
        self._lock = threading.Lock()
        """Of what is in memory; never held while the disk is waited for."""
        self._writing = threading.Lock()
        self._wake = threading.Event()
        self._end = threading.Event()
        self._writer: threading.Thread | None = None

    def open(self) -> tuple[AuditSeal, bool]:
        """The seal, and whether its key had to be made; reads the head too. Raises as `KeyFolder`."""
        key = self._folder.key(KEY_FILE)
        self._head = self._read()
        self._seal = AuditSeal(key or self._folder.make_key(KEY_FILE))
        self.findings.clear()
        return self._seal, key is None

    @property
    def seal(self) -> AuditSeal:
        """Of the opened register."""
        assert self._seal is not None
        return self._seal

    @property
    def last(self) -> AuditPoint | None:
        """The last row that was written; None where it is not known apart from the register."""
        head = self.head
        return None if head is None else head.last

    @property
    def verified(self) -> AuditPoint | None:
        """The row up to which the log was verified."""
        head = self.head
        return None if head is None else head.verified

    def note_verified(self, point: AuditPoint | None) -> None:
        """The log is sound up to here. Raises as `KeyFolder`."""
        self.change(verified=point)

    @property
    def head(self) -> AuditHead | None:
        """As last noted; None where there was no head file, or none that could be read."""
        with self._lock:
            return self._head

    def note_last(self, last: AuditPoint) -> None:
        """A committed row; written soon."""
        with self._lock:
            self._head = replace(self._head, last=last) if self._head else AuditHead(last)
            if self._writer is None:
                self._end.clear()
                self._writer = threading.Thread(target=self._write_on, name="audit-head", daemon=True)
                self._writer.start()
        self._wake.set()

    def change(self, **changes: Any) -> None:
        """Change fields of the head; written when this returns. Raises as `KeyFolder`."""
        with self._lock:
            self._head = replace(self._head or AuditHead(BEFORE_ALL), **changes)
        self._write()

    def note_restore(self, restore: PendingRestore | None) -> None:
        """A backup takes the register's place, or did not after all; the log tells of it when it is opened. Raises as
        `KeyFolder`."""
        if self.head is None:  # the register may never have been open
            self._head = self._read()
        self.change(restore=restore)

    def note_replaced(self, backup: str) -> None:
        """A backup took the place of a damaged register. Raises as `KeyFolder`."""
        self.note_restore(PendingRestore(backup, PROGRAM, datetime.now(UTC), is_done=True))

    def close(self) -> None:
        """Write what is not written yet. Harmless to call twice."""
        with self._lock:
            writer, self._writer = self._writer, None
        if writer is not None:
            self._end.set()
            self._wake.set()
            writer.join()
            self._write_soon()

    def _write_on(self) -> None:
        while not self._end.is_set():
            self._wake.wait()
            self._wake.clear()
            self._write_soon()
            self._end.wait(WRITE_PAUSE_S)

    def _write_soon(self) -> None:
        try:
            self._write()
        except EnvironmentFault as fault:  # the next row tries again; the log itself is safe
            log.warning("audit.head_not_written %s", fault)

    def _write(self) -> None:
        with self._writing:
            head = self.head
            if head is not None:
                self._folder.write(HEAD_FILE, json.dumps(_as_json(head)).encode())

    def _read(self) -> AuditHead | None:
        content = self._folder.read(HEAD_FILE)
        try:
            return None if content is None else _of_json(json.loads(content))
        except (ValueError, KeyError, TypeError):
            log.warning("audit.head_unreadable")
            return None


def _as_json(head: AuditHead) -> Mapping[str, Any]:
    restore = head.restore
    return {
        "last": _point_as_json(head.last),
        "verified": head.verified and _point_as_json(head.verified),
        "restore": restore
        and {
            "backup": restore.backup,
            "actor": restore.actor,
            "at": restore.at.isoformat(),
            "is_done": restore.is_done,
            "checkpoint_id": restore.checkpoint_id,
            "sha256": restore.sha256,
        },
    }


def _of_json(content: Mapping[str, Any]) -> AuditHead:
    restore = content["restore"]
    return AuditHead(
        _point_of_json(content["last"]),
        content["verified"] and _point_of_json(content["verified"]),
        restore
        and PendingRestore(
            restore["backup"],
            restore["actor"],
            datetime.fromisoformat(restore["at"]),
            restore["is_done"],
            restore.get("checkpoint_id", ""),  # a former version of the program knew backups only
            restore.get("sha256", ""),
        ),
    )


def _point_as_json(point: AuditPoint) -> Mapping[str, Any]:
    return {"audit_id": point.audit_id, "mac": point.mac.hex()}


def _point_of_json(content: Mapping[str, Any]) -> AuditPoint:
    return AuditPoint(int(content["audit_id"]), bytes.fromhex(content["mac"]))
