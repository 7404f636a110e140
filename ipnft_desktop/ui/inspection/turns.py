"""Which of several questions of one kind was asked last: an answer that comes late must not overwrite a newer one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

IsNewest = Callable[[], bool]


class Turns:
    """Questions by the name of their kind. What became of one, an error too, is shown only while it is the newest."""

    def __init__(self) -> None:
        self._turns = Counter[str]()

    def begin(self, kind: str) -> IsNewest:
        """A question is asked; the answer says whether none of its kind was asked since."""
        self._turns[kind] += 1
        turn = self._turns[kind]
        return lambda: self._turns[kind] == turn

    def end_all(self) -> None:
        """No answer to what was asked so far is of interest any more."""
        for kind in self._turns:
            self._turns[kind] += 1
