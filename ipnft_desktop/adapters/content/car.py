"""Content archives: CARv1, many blocks in one file (https://ipld.io/specs/transport/car/carv1/)."""

from __future__ import annotations

from typing import Final

from ipnft_desktop.adapters.content.unixfs import Block, encode_varint
from ipnft_desktop.domain.content import Cid

# dag-cbor of {"roots": [one link], "version": 1}; a link is tag 42 over the byte string 00 + CID.
_MAP_OF_TWO: Final = b"\xa2"
_ROOTS_ARRAY_OF_ONE: Final = b"\x65roots\x81"
_LINK_TAG: Final = b"\xd8\x2a\x58"
_VERSION_ONE: Final = b"\x67version\x01"


def car_header(root: Cid) -> bytes:
    """The head of an archive with one root."""
    link = b"\x00" + root.bytes
    body = b"".join((_MAP_OF_TWO, _ROOTS_ARRAY_OF_ONE, _LINK_TAG, bytes((len(link),)), link, _VERSION_ONE))
    return encode_varint(len(body)) + body


def car_section(block: Block) -> bytes:
    """One block as it stands in an archive: length, CID, bytes."""
    cid = block.cid.bytes
    return encode_varint(len(cid) + len(block.data)) + cid + block.data
