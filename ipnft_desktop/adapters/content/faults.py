"""Operating system errors as the faults a person is told."""

from __future__ import annotations

import errno
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.phrases import Phrase, phrase

_OUT_OF_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def store_faults() -> Generator[None, None, None]:
    """Errors of the store's own folder: DISK_FULL or CONTENT_STORE_UNAVAILABLE."""
    try:
        yield
    except OSError as error:
        raise _disk_full(error) or EnvironmentFault(
            ErrorCode.CONTENT_STORE_UNAVAILABLE, error.strerror or str(error), path=str(error.filename or "")
        ) from error


@contextmanager
def source_faults(name: str) -> Generator[None, None, None]:
    """Errors of a file a person chose to add: ATTACHMENT_INVALID."""
    try:
        yield
    except OSError as error:
        raise UserError(ErrorCode.ATTACHMENT_INVALID, f"{name}: {error.strerror or error}") from error


@contextmanager
def target_faults(name: str) -> Generator[None, None, None]:
    """Errors of a place a person chose to write to: DISK_FULL or VALIDATION_FAILED."""
    try:
        yield
    except OSError as error:
        raise _disk_full(error) or UserError(
            ErrorCode.VALIDATION_FAILED,
            phrase("{name} cannot be written: {reason}", name=name, reason=error.strerror or error),
            field="target",
        ) from error


class ContentMissing(EnvironmentFault):
    """Something asked for is not there; a store that cannot be read tells nothing of this."""


def missing(cid: Cid, what: Phrase | None = None) -> ContentMissing:
    """Something asked for is not there; `what`, if it is not the whole."""
    told = what or phrase("{cid} is not in the content store", cid=cid)
    return ContentMissing(ErrorCode.CONTENT_STORE_UNAVAILABLE, told, cid=cid.text)


def mismatch(cid: Cid, why: str | Phrase) -> EnvironmentFault:
    """What is stored under an identifier is not what the identifier names."""
    told = phrase("{what}: {reason}", what=cid, reason=why)
    return EnvironmentFault(ErrorCode.CONTENT_MISMATCH, told, cid=cid.text)


def _disk_full(error: OSError) -> IpnftError | None:
    if error.errno not in _OUT_OF_SPACE:
        return None
    return EnvironmentFault(ErrorCode.DISK_FULL, error.strerror or str(error), path=str(error.filename or ""))
