"""Fills an empty register with the demonstration assets of `demo_data/`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from ipnft_desktop.domain.assets import Asset, AssetDraft, AssetQuery, AssetType, Enterprise, LegalStatus, LicenceTerms
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.asset_files import FileToAttach
from ipnft_desktop.services.environment_state import Tell
from ipnft_desktop.services.register import RegisterService


class DemoRegister:
    """Loads the demonstration once; a register that holds anything is left alone."""

    def __init__(
        self,
        register: RegisterService,
        folder: Path,
        account_address: Callable[[int], str],
        *,
        wanted: bool,
        on_loaded: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        """`on_loaded` hears that there are enterprises now, which have wallets with names."""
        self._register = register
        self._folder = folder
        self._account_address = account_address
        self._wanted = wanted
        self._on_loaded = on_loaded

    async def ensure(self, tell: Tell) -> Phrase:
        """Stage DEMO_DATA. All of it enters the register in one commit, so an interrupted load leaves nothing."""
        count = await self._register.count(AssetQuery())
        enterprises = await self._register.enterprises()
        if count == 0 and not enterprises and self._wanted:
            count, enterprises = await self._load(tell)
        return phrase("{count} assets, {enterprises} enterprises", count=count, enterprises=len(enterprises))

    async def _load(self, tell: Tell) -> tuple[int, tuple[Enterprise, ...]]:
        content = json.loads(await asyncio.to_thread((self._folder / "register.json").read_text, "utf-8"))
        # Deriving keys takes milliseconds each.
        enterprises = await asyncio.to_thread(self._enterprises, content["enterprises"])
        assets: list[Asset] = []
        # The list is shown newest first; loading it backwards puts its first entry on top.
        for entry in reversed(content["assets"]):
            enterprise = enterprises[entry["enterprise"]]
            draft, files = draft_of(entry, enterprise), files_of(self._folder, entry)
            assets.append(await self._register.prepare_asset(draft, enterprise, files))
            tell(phrase("Demonstration assets: {done} of {total}", done=len(assets), total=len(content["assets"])))
        known = tuple(enterprises.values())
        await self._register.add_assets(assets, known)
        if self._on_loaded is not None:
            await self._on_loaded()
        return len(assets), known

    def _enterprises(self, entries: list[dict[str, Any]]) -> dict[str, Enterprise]:
        return {entry["key"]: self._enterprise(entry) for entry in entries}

    def _enterprise(self, entry: dict[str, Any]) -> Enterprise:
        return Enterprise(
            enterprise_id=UUID(int=uuid7().int),
            name=entry["name"],
            wallet_address=self._account_address(entry["account_index"]),
            wallet_label=entry["wallet_label"],
        )


def files_of(folder: Path, entry: dict[str, Any]) -> list[FileToAttach]:
    """Picture and documents of an entry."""
    image = FileToAttach(folder / entry["image"], is_image=True)
    documents = [
        FileToAttach(folder / document["file"], confidential=document["confidential"])
        for document in entry["attachments"]
    ]
    return [image, *documents]


def draft_of(entry: dict[str, Any], enterprise: Enterprise) -> AssetDraft:
    """What an entry says, for an enterprise of the register."""
    licence = dict(entry["licence"])
    expires_on = licence.pop("expires_on")
    origin = {"Source": entry["source"]} | ({"Invented": "yes"} if entry["invented"] else {})
    return AssetDraft(
        name=entry["name"],
        asset_type=AssetType(entry["asset_type"]),
        description=entry["description"],
        creator_name=entry["creator_name"],
        creation_date=entry["creation_date"],
        legal_status=LegalStatus(entry["legal_status"]),
        enterprise_id=enterprise.enterprise_id,
        application_number=entry["application_number"],
        licence=LicenceTerms(**licence, expires_on=date.fromisoformat(expires_on) if expires_on else None),
        custom_fields={**entry["custom_fields"], **origin},
    )
