"""The files of assets: looked at, stored, encrypted or laid open, read and exported."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from uuid import UUID

from uuid6 import uuid7

from ipnft_desktop.domain.assets import AgreementType, Attachment, has_hidden_characters
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    ProblemKind,
    UserError,
    ValidationFailed,
)
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.ports import ContentStore

FILE_NAME_MAX_CHARS: Final = 255

OnFileProgress = Callable[[Path | UUID, int], None]
"""Which file, and how many of its bytes are stored: a new one by its path, one that is stored anew by the id of its
attachment."""


@dataclass(frozen=True, slots=True)
class FileToAttach:
    """A file a person chose for an asset."""

    path: Path
    confidential: bool = False
    is_image: bool = False
    agreement: AgreementType | None = None

    @property
    def field(self) -> str:
        """The field of the form it stands in."""
        return "image" if self.is_image else "attachments"


class AssetFiles:
    """Between the register and the content store. What is stored is added to the set `stored`, see `ContentRemoval`."""

    def __init__(self, content: ContentStore) -> None:
        self._content = content

    async def store(
        self, files: Sequence[FileToAttach], stored: set[str], on_file: OnFileProgress | None = None
    ) -> tuple[Attachment, ...]:
        """Store files one after the other. Raises ValidationFailed naming one that cannot be read, or changed
        meanwhile; EnvironmentFault DISK_FULL, CONTENT_STORE_UNAVAILABLE or KEY_FOLDER_UNAVAILABLE."""
        return tuple([await self._store_one(file, stored, on_file) for file in files])

    async def kept(
        self,
        before: Sequence[Attachment],
        kept: Sequence[Attachment],
        stored: set[str],
        on_file: OnFileProgress | None = None,
    ) -> tuple[Attachment, ...]:
        """The files that stay, each stored anew if it was public and is now confidential, or the other way round.

        A confidential file from the time before encryption stays as it is until that is changed.
        """
        known = {file.attachment_id: file for file in before}
        return tuple(
            [
                replace(
                    await self._keep(
                        known.get(file.attachment_id, file), stored, on_file, confidential=file.confidential
                    ),
                    agreement=file.agreement,
                )
                for file in kept
            ]
        )

    async def head(self, file: Attachment, most_bytes: int) -> bytes:
        """A file's first bytes, verified and decrypted. Raises EnvironmentFault CONTENT_KEY_MISSING, CONTENT_MISMATCH
        or CONTENT_STORE_UNAVAILABLE."""
        return await self._content.read_head(Cid.parse(file.cid), file.sealed_key, most_bytes)

    async def export(self, file: Attachment, target: Path) -> None:
        """Write a file, verified and decrypted, to `target`. Raises as `head`, and UserError VALIDATION_FAILED."""
        await self._content.read_to_file(Cid.parse(file.cid), target, file.sealed_key)

    async def _store_one(self, file: FileToAttach, stored: set[str], on_file: OnFileProgress | None) -> Attachment:
        def report(done_bytes: int) -> None:
            if on_file:
                on_file(file.path, done_bytes)

        try:
            content = await self._content.add_file(file.path, report, confidential=file.confidential)
        except UserError as error:
            if error.code is not ErrorCode.ATTACHMENT_INVALID:
                raise
            raise ValidationFailed(await _what_became_of(file)) from error
        stored.add(content.cid.text)
        return Attachment(
            attachment_id=UUID(int=uuid7().int),
            file_name=file.path.name,
            media_type=content.media_type,
            size_bytes=content.size_bytes,
            sha256=content.sha256,
            cid=content.cid.text,
            confidential=file.confidential,
            is_image=file.is_image,
            agreement=file.agreement,
            sealed_key=content.sealed_key,
        )

    async def _keep(
        self, file: Attachment, stored: set[str], on_file: OnFileProgress | None, *, confidential: bool
    ) -> Attachment:
        changed = replace(file, confidential=confidential)
        if confidential == file.confidential or confidential == (file.sealed_key is not None):
            return changed

        def report(done_bytes: int) -> None:
            if on_file:
                on_file(file.attachment_id, done_bytes)

        content = await self._content.reseal(Cid.parse(file.cid), file.sealed_key, report, confidential=confidential)
        stored.add(content.cid.text)
        if content.sha256 != file.sha256:
            raise EnvironmentFault(
                ErrorCode.CONTENT_MISMATCH,
                phrase("{file_name} is not what was attached", file_name=file.file_name),
                cid=file.cid,
            )
        return replace(changed, cid=content.cid.text, sealed_key=content.sealed_key)


def left_plain(before: Sequence[Attachment], after: Sequence[Attachment]) -> frozenset[str]:
    """CIDs of files that were stored as they are and are confidential now."""
    sealed = {file.attachment_id for file in after if file.sealed_key is not None}
    return frozenset(file.cid for file in before if file.attachment_id in sealed and file.sealed_key is None)


def no_longer_public(before: Sequence[Attachment], after: Sequence[Attachment]) -> frozenset[str]:
    """CIDs of files that were public and are not any more."""
    public = {file.cid for file in after if not file.confidential}
    return frozenset(file.cid for file in before if not file.confidential) - public


def check_files(files: Sequence[FileToAttach]) -> tuple[FieldProblem, ...]:
    """What is wrong with files chosen by a person. Touches the file system: call it in an executor."""
    return tuple(problem for file in files if (problem := _check_file(file)))


async def _what_became_of(file: FileToAttach) -> tuple[FieldProblem, ...]:
    """Why a file that was sound when it was looked at could not be read to its end."""
    problems = await asyncio.to_thread(check_files, (file,))
    return problems or (FieldProblem(file.field, ProblemKind.FILE_CHANGED, file.path.name),)


def _check_file(file: FileToAttach) -> FieldProblem | None:
    name = file.path.name
    if has_hidden_characters(name) or not name.isprintable():
        return FieldProblem(file.field, ProblemKind.FILE_NAME_MISLEADING, ascii(name))
    if len(name) > FILE_NAME_MAX_CHARS:
        return FieldProblem(file.field, ProblemKind.FILE_NAME_TOO_LONG, name)
    try:
        found = file.path.lstat()
    except (OSError, ValueError):
        return FieldProblem(file.field, ProblemKind.FILE_MISSING, name)
    if not stat.S_ISREG(found.st_mode):
        return FieldProblem(file.field, ProblemKind.NOT_A_FILE, name)
    if found.st_size == 0:
        return FieldProblem(file.field, ProblemKind.FILE_EMPTY, name)
    if not os.access(file.path, os.R_OK):
        return FieldProblem(file.field, ProblemKind.FILE_UNREADABLE, name)
    return None
