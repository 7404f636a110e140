"""Keccak-256 as Ethereum uses it: the sponge of FIPS 202 with the padding from before it was a standard.

`hashlib` has SHA-3 only, whose padding differs.
"""

from __future__ import annotations

from ipnft_verify.pace import step

_RATE_BYTES = 136
_BYTES_A_STEP = 64 * _RATE_BYTES
_MASK = (1 << 64) - 1


def _round_constants() -> list[int]:
    """FIPS 202, 3.2.5: bits of a linear feedback shift register at the places 2^j - 1."""
    constants: list[int] = []
    register = 1
    for _ in range(24):
        constant = 0
        for j in range(7):
            constant |= (register & 1) << ((1 << j) - 1)
            register = (register << 1) ^ ((register >> 7) * 0x171)
        constants.append(constant)
    return constants


def _walk() -> list[tuple[int, int]]:
    """FIPS 202, 3.2.2 and 3.2.3: where each lane goes, and by how much it is turned on the way."""
    steps: list[tuple[int, int]] = []
    x, y = 1, 0
    for t in range(24):
        x, y = y, (2 * x + 3 * y) % 5
        steps.append((x + 5 * y, (t + 1) * (t + 2) // 2 % 64))
    return steps


_CONSTANTS = _round_constants()
_WALK = _walk()


def _permuted(lanes: list[int]) -> list[int]:
    for constant in _CONSTANTS:
        columns = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
        for x in range(5):
            next_column = columns[(x + 1) % 5]
            change = columns[(x + 4) % 5] ^ (next_column << 1 & _MASK | next_column >> 63)
            for place in range(x, 25, 5):
                lanes[place] ^= change
        moved = lanes[1]
        for place, turn in _WALK:
            lanes[place], moved = moved << turn & _MASK | moved >> 64 - turn, lanes[place]
        for row in range(0, 25, 5):
            a, b, c, d, e = lanes[row : row + 5]
            lanes[row : row + 5] = [a ^ ~b & c, b ^ ~c & d, c ^ ~d & e, d ^ ~e & a, e ^ ~a & b]
        lanes[0] ^= constant
    return lanes


def keccak256(data: bytes) -> bytes:
    """The 32 bytes of the hash."""
    gap = _RATE_BYTES - len(data) % _RATE_BYTES
    padding = b"\x81" if gap == 1 else b"\x01" + bytes(gap - 2) + b"\x80"
    padded = data + padding
    lanes = [0] * 25
    for start in range(0, len(padded), _RATE_BYTES):
        for lane in range(_RATE_BYTES // 8):
            place = start + 8 * lane
            lanes[lane] ^= int.from_bytes(padded[place : place + 8], "little")
        lanes = _permuted(lanes)
        if start % _BYTES_A_STEP == 0:
            step()
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])
