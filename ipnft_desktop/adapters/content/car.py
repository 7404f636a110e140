"""Content archives: CARv1, many blocks in one file (https://ipld.io/specs/transport/car/carv1/)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ipnft_desktop.adapters.content.unixfs import Block, encode_varint
from ipnft_desktop.domain.content import Cid

# dag-cbor of {"roots": [links], "version": 1}; a link is tag 42 over the byte string 00 + CID.
_MAP_OF_TWO: Final = b"\xa2"
_ROOTS: Final = b"\x65roots"
_ARRAY: Final = 0x80
_SIZES_IN_FIRST_BYTE: Final = 24
_LINK_TAG: Final = b"\xd8\x2a\x58"
_VERSION_ONE: Final = b"\x67version\x01"


def car_header(roots: Sequence[Cid]) -> bytes:
    """The head of an archive with these roots."""
    body = b"".join((_MAP_OF_TWO, _ROOTS, _array_head(len(roots)), *map(_link, roots), _VERSION_ONE))
    return encode_varint(len(body)) + body


def car_section(block: Block) -> bytes:
    """One block as it stands in an archive: length, CID, bytes."""
    cid = block.cid.bytes
    return encode_varint(len(cid) + len(block.data)) + cid + block.data


def _link(cid: Cid) -> bytes:
    target = b"\x00" + cid.bytes
    return b"".join((_LINK_TAG, bytes((len(target),)), target))


def _array_head(size: int) -> bytes:
    """The shortest form, as dag-cbor wants it (RFC 8949, section 3)."""
    if size < _SIZES_IN_FIRST_BYTE:
        return bytes((_ARRAY + size,))
    width, code = next((width, code) for width, code in ((1, 24), (2, 25), (4, 26), (8, 27)) if size < 1 << 8 * width)
    return bytes((_ARRAY + code,)) + size.to_bytes(width, "big")
