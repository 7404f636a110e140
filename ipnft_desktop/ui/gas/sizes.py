"""Sizes of batches as a person writes them: `1, 5, 10 … 100`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ipnft_desktop.domain.errors import FieldProblem, ProblemKind
from ipnft_desktop.domain.gas_laboratory import BATCH_MAX_SIZE, SIZES_MAX_COUNT

_BETWEEN = re.compile(r"[\s,;，、；]+")
_GOES_ON = re.compile(r"…|\.{2,}|[\u2013-]")
_FIELD = "sizes"


def written(sizes: Iterable[int]) -> str:
    """As `read` takes them."""
    return ", ".join(map(str, sizes))


def read(text: str) -> tuple[int, ...] | FieldProblem:
    """The sizes, each once and in order, or what is wrong.

    Between two numbers `…` goes on in the step of the two before it: `5, 10 … 30` are 5, 10, 15, 20, 25 and 30; after
    a single number the step is 1.
    """
    words = [word for word in _BETWEEN.split(_GOES_ON.sub(" … ", text)) if word]
    sizes: list[int] = []
    goes_on = False
    for word in words:
        if word == "…" and sizes and not goes_on:
            goes_on = True
            continue
        if not word.isascii() or not word.isdigit():
            return FieldProblem(_FIELD, ProblemKind.NOT_A_WHOLE_NUMBER)
        size = int(word[: len(str(BATCH_MAX_SIZE)) + 1])
        if not 1 <= size <= BATCH_MAX_SIZE:
            return FieldProblem(_FIELD, ProblemKind.OUT_OF_RANGE, f"1 - {BATCH_MAX_SIZE}")
        if goes_on:
            step = max(1, sizes[-1] - sizes[-2]) if len(sizes) > 1 else 1
            sizes.extend(range(sizes[-1] + step, size, step))
            goes_on = False
        sizes.append(size)
    if goes_on:
        return FieldProblem(_FIELD, ProblemKind.NOT_A_WHOLE_NUMBER)
    if not sizes:
        return FieldProblem(_FIELD, ProblemKind.REQUIRED)
    if len(set(sizes)) > SIZES_MAX_COUNT:
        return FieldProblem(_FIELD, ProblemKind.TOO_MANY, str(SIZES_MAX_COUNT))
    return tuple(sorted(set(sizes)))
