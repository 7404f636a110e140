"""The searches that the person who is signed in gave a name. They are a matter of taste, so no role is asked for."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from uuid6 import uuid7

from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.errors import FieldProblem, ProblemKind, ValidationFailed
from ipnft_desktop.domain.people import check_line
from ipnft_desktop.domain.saved_filters import FILTER_NAME_MAX_CHARS, SavedFilter
from ipnft_desktop.services.ports import Database, Transaction
from ipnft_desktop.services.session import Session

_Work = Callable[[Transaction, UUID], None]


class SavedFilters:
    """Each person has their own; every method returns them as they are then, by name. Raises UserError
    SIGN_IN_REQUIRED while nobody is signed in."""

    def __init__(self, database: Database, session: Session) -> None:
        self._database = database
        self._session = session

    async def list(self) -> tuple[SavedFilter, ...]:
        """Those of the person who is signed in."""
        user = self._session.require_reader()
        return await self._database.read(lambda tx: tx.saved_filters(user.user_id))

    async def save(self, name: str, query: AssetQuery) -> tuple[SavedFilter, ...]:
        """Keep a search; one under the same name gives way. Raises ValidationFailed for the name."""
        saved = SavedFilter(UUID(int=uuid7().int), _checked(name), query)
        return await self._change(lambda tx, owner_id: tx.save_filter(owner_id, saved))

    async def rename(self, filter_id: UUID, name: str) -> tuple[SavedFilter, ...]:
        """Raises ValidationFailed for the name, also where another filter has it."""
        name = _checked(name)

        def work(tx: Transaction, owner_id: UUID) -> None:
            known = {saved.filter_id: saved for saved in tx.saved_filters(owner_id)}
            if any(saved.name == name and saved.filter_id != filter_id for saved in known.values()):
                raise ValidationFailed((FieldProblem("name", ProblemKind.TAKEN),))
            if filter_id in known:
                tx.save_filter(owner_id, SavedFilter(filter_id, name, known[filter_id].query))

        return await self._change(work)

    async def delete(self, filter_id: UUID) -> tuple[SavedFilter, ...]:
        """One that is gone already is gone."""
        return await self._change(lambda tx, owner_id: tx.delete_filter(owner_id, filter_id))

    async def _change(self, work: _Work) -> tuple[SavedFilter, ...]:
        user = self._session.require_reader()

        def work_and_look(tx: Transaction) -> tuple[SavedFilter, ...]:
            work(tx, user.user_id)
            return tx.saved_filters(user.user_id)

        return await self._database.write(work_and_look)


def _checked(name: str) -> str:
    problems = check_line("name", name, FILTER_NAME_MAX_CHARS)
    if problems:
        raise ValidationFailed(problems)
    return name.strip()
