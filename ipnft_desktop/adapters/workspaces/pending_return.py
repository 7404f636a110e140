"""A return to a checkpoint, such that a program killed at any point leaves a workspace that is whole.

First everything is made ready in `.returning/`, and nothing else is touched. Then `return.json` says that it is
decided. From here on the steps of `settle` only go forward, and each may be taken again: blocks back, a note for the
audit log, the register's name to the copy, `return.json` away. They are taken at once, or where that failed at the next
start, before the register is opened. Without `return.json` nothing was decided, and what was made ready is thrown away.
"""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from ipnft_desktop.adapters.database.backup_files import COMPANIONS, flush_folder
from ipnft_desktop.adapters.workspaces.block_links import link_blocks
from ipnft_desktop.adapters.workspaces.files import read_json, remove_folder, write_json
from ipnft_desktop.adapters.workspaces.layout import CHECKPOINTS, CONTENT_FOLDER, REGISTER_FILE
from ipnft_desktop.domain.audit import PendingRestore
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.workspaces import Turned
from ipnft_desktop.services.audit_ports import AuditProof

RETURN_FILE = "return.json"
STAGING = ".returning"

log = logging.getLogger("ipnft")


class PendingReturn:
    """Of one workspace, whose register is closed. Methods block and raise OSError where not told otherwise."""

    def __init__(self, workspace: Path, audit: AuditProof | None) -> None:
        self._workspace = workspace
        self._staging = workspace / STAGING
        self._file = workspace / RETURN_FILE
        self._audit = audit

    def begin(self) -> Path:
        """Where to put the register that shall take the place of the present one."""
        remove_folder(self._staging)
        self._staging.mkdir()
        return self._staging / REGISTER_FILE

    def take_back(self) -> None:
        """Throw away what was made ready."""
        try:
            remove_folder(self._staging)
        except OSError as error:  # the next look removes it
            log.warning("checkpoint.not_removed %s", error)

    def decide(self, turned: Turned) -> None:
        """From now on it is finished, whatever happens."""
        flush_folder(self._staging)
        write_json(
            self._file,
            {
                "checkpoint_id": turned.checkpoint_id,
                "name": turned.name,
                "actor": turned.actor,
                "at": turned.at.isoformat(),
                "sha256": turned.sha256,
            },
        )

    def settle(self) -> Turned | None:
        """Finish what was decided; None where nothing was. Raises EnvironmentFault WORKSPACE_UNUSABLE too, and what
        `AuditProof.note_restore` raises."""
        turned = self._decided()
        if turned is None:
            if self._staging.exists():
                self.take_back()
            return None
        kept = self._workspace / CHECKPOINTS / turned.checkpoint_id / CONTENT_FOLDER
        link_blocks(kept, self._workspace / CONTENT_FOLDER, lambda _share: None)
        if self._audit is not None:
            self._audit.note_restore(
                PendingRestore(turned.name, turned.actor, turned.at, True, turned.checkpoint_id, turned.sha256)
            )
        self._put_in_place()
        self._file.unlink()
        flush_folder(self._workspace)
        self.take_back()
        return turned

    def _decided(self) -> Turned | None:
        try:
            content = read_json(self._file)
            if not content:
                return None
            at = datetime.fromisoformat(content["at"])
            return Turned(content["checkpoint_id"], content["name"], content["actor"], at, content["sha256"])
        except (ValueError, KeyError, TypeError) as error:  # it is written whole or not at all
            raise EnvironmentFault(
                ErrorCode.WORKSPACE_UNUSABLE, phrase("{what}: {reason}", what=self._file, reason=error)
            ) from error

    def _put_in_place(self) -> None:
        staged, register = self._staging / REGISTER_FILE, self._workspace / REGISTER_FILE
        if not staged.exists():  # it has its name already
            return
        for ending in COMPANIONS:  # a log of the one register must never meet the other
            register.with_name(register.name + ending).unlink(missing_ok=True)
        staged.replace(register)
        flush_folder(self._workspace)
