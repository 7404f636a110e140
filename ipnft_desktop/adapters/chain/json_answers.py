"""Answers of a node: read whole, but never longer than memory bears, and parsed without holding others up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import Any, NoReturn, TypeAlias

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import Phrase, phrase

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

LONG_ANSWER_BYTES = 1_000_000
"""Parsed in one go this takes 8 ms, which is half a frame of the window."""
LONGEST_ANSWER_BYTES = 128 * 1024 * 1024


class AnswerUnread(EnvironmentFault):
    """The node answered, but with JSON that the program does not read: too long, nested too deep, or broken off. Its
    address is no worse for that."""

    def __init__(self, detail: Phrase | None = None) -> None:
        super().__init__(ErrorCode.NODE_UNREACHABLE, detail or _could_not_be_read("a request"))


class AnswerTooLong(AnswerUnread):
    """The node answered with more than the program reads."""

    def __init__(self) -> None:
        super().__init__(
            phrase("the node's answer is longer than {count} MB", count=LONGEST_ANSWER_BYTES // 1024**2),
        )


class PatientDecoder(json.JSONDecoder):
    """Reads objects and lists in Python, where threads take turns; the decoder in C keeps all others waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.scan_once: Any = py_make_scanner(self)


async def whole_answer(pieces: AsyncIterator[bytes]) -> bytes:
    """All of an answer. Raises AnswerTooLong."""
    read: list[bytes] = []
    size_bytes = 0
    async for piece in pieces:
        read.append(piece)
        size_bytes += len(piece)
        if size_bytes > LONGEST_ANSWER_BYTES:
            raise AnswerTooLong
    # A hundred megabytes are not copied in half a frame either.
    return b"".join(read) if size_bytes < LONG_ANSWER_BYTES else await asyncio.to_thread(b"".join, read)


async def parsed_aside(content: bytes) -> Json:
    """As `parsed`; a long one in a thread."""
    if len(content) < LONG_ANSWER_BYTES:
        return parsed(content)
    return await asyncio.to_thread(_parsed_patiently, content)


def parsed(content: bytes) -> Json:
    """An answer as it came. Raises AnswerUnread, and NODE_UNREACHABLE where it is not even meant as JSON."""
    return _decoded(json.loads, content)


def unreadable(what: str) -> NoReturn:
    """Raise the fault for an answer that has not the promised shape."""
    raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, _could_not_be_read(what))


def _parsed_patiently(content: bytes) -> Json:
    return _decoded(lambda whole: PatientDecoder().decode(whole.decode()), content)


def _decoded(decode: Callable[[bytes], Json], content: bytes) -> Json:
    try:
        return decode(content)
    except RecursionError:
        raise AnswerUnread from None
    except ValueError:
        # A page of HTML comes from a gateway that has no node behind it just now.
        if content.lstrip()[:1] in (b"{", b"["):
            raise AnswerUnread from None
        unreadable("a request")


def _could_not_be_read(what: str) -> Phrase:
    return phrase("the node's answer to {what} could not be read", what=what)
