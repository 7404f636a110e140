"""What goes wrong with a spreadsheet file, as the faults a person is told."""

from __future__ import annotations

import errno
from collections.abc import Generator
from contextlib import contextmanager

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError

_OUT_OF_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


def unreadable(why: str, **facts: str) -> UserError:
    """The file cannot be imported."""
    return UserError(ErrorCode.SHEET_INVALID, why, field="file", **facts)


@contextmanager
def reading_faults() -> Generator[None, None, None]:
    """Errors of the file that is read."""
    try:
        yield
    except OSError as error:
        raise unreadable(error.strerror or str(error)) from error


@contextmanager
def writing_faults() -> Generator[None, None, None]:
    """Errors of the file that is made."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        if error.errno in _OUT_OF_SPACE:
            raise EnvironmentFault(ErrorCode.DISK_FULL, why) from error
        raise UserError(ErrorCode.SHEET_NOT_WRITTEN, why, field="file") from error
