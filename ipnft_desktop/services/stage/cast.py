"""The works that a scene is played with: new drafts made of the demonstration register, and what became of them."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.services.demo_register import draft_of, files_of
from ipnft_desktop.services.register import RegisterService


@dataclass
class Cast:
    """Who is on stage in one scene."""

    subjects: dict[str, tuple[UUID, ...]] = field(default_factory=dict[str, tuple[UUID, ...]])
    tries: dict[str, int] = field(default_factory=dict[str, int])
    """How often the mint of a subject was asked for."""
    tx_hashes: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The transactions of a subject, as they were when a step last looked."""

    @property
    def asset_ids(self) -> tuple[UUID, ...]:
        """All of them."""
        return tuple(itertools.chain.from_iterable(self.subjects.values()))


class CastingDesk:
    """Makes new drafts; each time of the next entry of the demonstration register, with its picture and documents."""

    def __init__(self, register: RegisterService, folder: Path) -> None:
        self._register = register
        self._folder = folder
        self._entries: Iterator[dict[str, Any]] | None = None

    async def new_works(self, count: int, remark: str) -> tuple[UUID, ...]:
        """Drafts of the first enterprise; `remark` tells them from those that the demonstration has already.

        Raises UserError PERMISSION_DENIED, SIGN_IN_REQUIRED, and ASSET_NOT_FOUND where there is no enterprise.
        """
        enterprises = await self._register.enterprises()
        if not enterprises:
            raise UserError(ErrorCode.ASSET_NOT_FOUND, "the register has no enterprise that could own a work")
        if self._entries is None:
            content = await asyncio.to_thread((self._folder / "register.json").read_text, "utf-8")
            self._entries = itertools.cycle(json.loads(content)["assets"])
        made: list[UUID] = []
        for entry in itertools.islice(self._entries, count):
            draft = draft_of(entry, enterprises[0])
            draft = replace(draft, name=f"{draft.name} · {remark}")
            made.append((await self._register.create_asset(draft, files_of(self._folder, entry))).asset_id)
        return tuple(made)
