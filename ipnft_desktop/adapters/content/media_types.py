"""What a file is, told by its first bytes; its name only decides among what the bytes allow.

The signatures are puremagic's. A name is believed where its type has no signature (a text, a drawing of some program),
never where its type has one and the bytes do not bear it: a program that is called a picture is shown as a program.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

UNKNOWN: Final = "application/octet-stream"
HEAD_SIZE_BYTES: Final = 8_192
_SURE_SIGNATURE_BYTES: Final = 3
_ZIP: Final = b"PK\x03\x04"
_PROGRAMS: Final = (
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
)
_BEARS_A_SIGNATURE: Final = re.compile(r"(image|audio|video|font)/.*|application/(pdf|zip|gzip|.*officedocument.*)")
_IS_TEXT: Final = re.compile(r"text/.*|image/svg\+xml|application/(json|.*\+json|xml|.*\+xml|javascript|toml|yaml|sql)")
_CONTROLS: Final = bytes(code for code in range(0x20) if code not in b"\t\n\f\r\x1b") + b"\x7f"


def media_type_of(name: str, head: bytes) -> str:
    """The media type (RFC 6838) of a file of this name that begins with these bytes. Loads puremagic: call it in a
    thread."""
    claimed = (mimetypes.guess_type(name)[0] or "").lower()
    head = head[:HEAD_SIZE_BYTES]
    found = _signatures(head)
    if claimed in found:
        return claimed
    return _type_of_text(claimed, found) if _is_text(head) else _type_of_binary(claimed, found, head)


def _type_of_text(claimed: str, found: Mapping[str, int]) -> str:
    sure = next((kind for kind, size in found.items() if size > _SURE_SIGNATURE_BYTES), "")
    if sure and not _IS_TEXT.fullmatch(sure):
        return sure
    return claimed if _IS_TEXT.fullmatch(claimed) else sure or "text/plain"


def _type_of_binary(claimed: str, found: Mapping[str, int], head: bytes) -> str:
    for signature, kind in _PROGRAMS:
        if head.startswith(signature):
            return kind
    has_own_type = bool(claimed) and not _BEARS_A_SIGNATURE.fullmatch(claimed) and not _IS_TEXT.fullmatch(claimed)
    if head.startswith(_ZIP):
        # Many kinds of file are archives inside; which one, only the name can say.
        return claimed if has_own_type else "application/zip"
    sure = next((kind for kind, size in found.items() if size >= _SURE_SIGNATURE_BYTES), None)
    return sure or (claimed if has_own_type else UNKNOWN)


def _is_text(head: bytes) -> bool:
    """No byte that no text has; in UTF-8 as well as in GB18030."""
    return not head.translate(None, delete=bytes(set(range(256)) - set(_CONTROLS)))


def _signatures(head: bytes) -> dict[str, int]:
    """Types whose signature the bytes bear, the likeliest first, with the length of the signature in bytes."""
    import puremagic

    found: dict[str, int] = {}
    with suppress(puremagic.PureError, ValueError):
        matches: list[Any] = puremagic.magic_string(head)  # pyright: ignore[reportUnknownMemberType]
        for match in matches:
            if match.mime_type:
                found.setdefault(match.mime_type, len(match.byte_match))
    return found
