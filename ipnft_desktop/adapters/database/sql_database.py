"""The register's database: one writer thread that commits for many, and a few readers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from ipnft_desktop.adapters.audit_head import AuditHeadFile
from ipnft_desktop.adapters.database.audit_chain import AuditChain, append_unsealed
from ipnft_desktop.adapters.database.engines import READERS, reading_engine, writing_engine
from ipnft_desktop.adapters.database.faults import translate
from ipnft_desktop.adapters.database.opening import prepare
from ipnft_desktop.adapters.database.request_threads import Request, RequestThreads
from ipnft_desktop.adapters.database.transaction import SqlTransaction
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import Phrase
from ipnft_desktop.services.ports import Transaction

T = TypeVar("T")

GROUP_COMMIT_MAX = 64
"""Most works that share one commit; a bound on how long the first of them waits for its answer."""


class SqlDatabase:
    """Implements the port `Database` for an SQLAlchemy URL (`sqlite:///<file>`, `postgresql+psycopg://...`).

    Works that wait for the writer at the same moment share one commit: each runs in its own savepoint, so a failing
    one takes nothing of the others with it, and all are answered only after the commit is on the disk. A work that is
    alone needs no savepoint: it fails with the whole transaction.
    """

    def __init__(self, url: str, audit: AuditHeadFile | None = None) -> None:
        """`audit` keeps the key of the audit log and its head; without one the log is not sealed."""
        self._url = make_url(url)
        self._audit = audit
        self._worker = uuid4() if self.is_shared else None
        self._gate = asyncio.Lock()
        self._running: _Running | None = None

    @property
    def is_shared(self) -> bool:
        """A SQLite file belongs to one program, whose profile lock keeps others out."""
        return self._url.get_backend_name() != "sqlite"

    async def open(self) -> Phrase:
        """Open or create, migrate to head; an open database only repeats its line.

        Raises EnvironmentFault DATABASE_UNAVAILABLE, KEY_FOLDER_UNAVAILABLE or DISK_FULL, UserError DATABASE_NEWER.
        """
        async with self._gate:
            if self._running is None:
                self._running = await asyncio.to_thread(_start, self._url, self._worker, self._audit)
            return self._running.line

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in the writer thread and commit it durably before returning. An exception rolls it back."""
        return await asyncio.wrap_future(self._open().writer.submit(work))

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on a consistent snapshot."""
        return await asyncio.wrap_future(self._open().readers.submit(work))

    async def close(self) -> None:
        """Finish what was asked, end the threads and close the file. Closing twice is harmless."""
        async with self._gate:
            running, self._running = self._running, None
            if running is not None:
                await asyncio.to_thread(running.end)

    def _open(self) -> _Running:
        if self._running is None:
            raise EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE, "the register is not open")
        return self._running


class _Running:
    """What stands while the database is open."""

    def __init__(
        self, line: Phrase, worker: UUID | None, writing: Engine, reading: Engine, chain: AuditChain | None
    ) -> None:
        self.line = line
        self._worker = worker
        self._chain = chain
        self._writing = writing
        self._reading = reading
        self.writer = RequestThreads("database-writer", 1, GROUP_COMMIT_MAX, self._write_group)
        self.readers = RequestThreads("database-reader", READERS, 1, self._read)
        self.readers.submit(lambda tx: cast("SqlTransaction", tx).prepare_search())

    def end(self) -> None:
        self.readers.end()
        self.writer.end()
        self._leave()
        if self._chain is not None:
            self._chain.close()
        self._reading.dispose()
        self._writing.dispose()

    def _leave(self) -> None:
        """A courtesy to the other programs, which find out by themselves too if it fails."""
        if self._worker is None:
            return
        with contextlib.suppress(SQLAlchemyError), self._writing.begin() as connection:
            SqlTransaction(connection, self._worker).leave()

    def _write_group(self, requests: list[Request]) -> None:
        """Run all works, commit once, then answer. If the commit fails nothing was written, so all of them fail."""
        outcomes: list[_Outcome] = []
        try:
            with self._writing.begin() as connection:
                run = _run_in_savepoint if len(requests) > 1 else _run
                outcomes = [run(connection, self._worker, request) for request in requests]
                self._append_audit(connection, [row for outcome in outcomes for row in outcome.audit_rows])
            if self._chain is not None:
                self._chain.committed()
        except BaseException as error:  # noqa: BLE001 - handed to those who wait; the writer must live on
            outcomes = [_Outcome(error=_for_caller(error)) for _ in requests]
        for request, outcome in zip(requests, outcomes, strict=True):
            outcome.answer(request)

    def _append_audit(self, connection: Connection, rows: list[bytes]) -> None:
        if self._chain is not None:
            self._chain.append(connection, rows)
        else:
            append_unsealed(connection, rows)

    def _read(self, requests: list[Request]) -> None:
        for request in requests:
            try:
                with self._reading.begin() as connection:
                    outcome = _Outcome(request.work(SqlTransaction(connection, self._worker)))
            except BaseException as error:  # noqa: BLE001 - handed to the one who waits; the reader must live on
                outcome = _Outcome(error=_for_caller(error))
            outcome.answer(request)


class _Outcome:
    """What became of one work, and what the audit log is to tell of it."""

    def __init__(self, value: Any = None, error: BaseException | None = None, audit_rows: Sequence[bytes] = ()) -> None:
        self._value = value
        self._error = error
        self.audit_rows = audit_rows

    def answer(self, request: Request) -> None:
        if self._error is None:
            request.future.set_result(self._value)
        else:
            request.future.set_exception(self._error)


def _run(connection: Connection, worker: UUID | None, request: Request) -> _Outcome:
    """The work's outcome. Raises what it raises."""
    tx = SqlTransaction(connection, worker)
    return _Outcome(request.work(tx), audit_rows=tx.audit_rows)


def _run_in_savepoint(connection: Connection, worker: UUID | None, request: Request) -> _Outcome:
    """The work's outcome, its changes undone if it failed. Raises where the whole transaction is lost."""
    # Straight to the driver: SQLAlchemy's own savepoints are compiled anew each time, which costs more than a work.
    connection.exec_driver_sql("SAVEPOINT work")
    try:
        outcome = _run(connection, worker, request)
        connection.exec_driver_sql("RELEASE SAVEPOINT work")
    except BaseException as error:  # noqa: BLE001 - handed to the one who waits; the others go on
        try:
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT work")
            connection.exec_driver_sql("RELEASE SAVEPOINT work")
        except SQLAlchemyError:
            # A full disk or a damaged page made the database end the transaction by itself.
            raise error from None
        return _Outcome(error=_for_caller(error))
    return outcome


def _for_caller(error: BaseException) -> BaseException:
    """The error as the caller may see it: the domain's own pass, the database's are translated."""
    if not isinstance(error, SQLAlchemyError):
        return error
    translated = translate(error)
    translated.__cause__ = error
    return translated


def _start(url: URL, worker: UUID | None, audit: AuditHeadFile | None) -> _Running:
    writing = writing_engine(url)
    try:
        line = prepare(url, writing, audit.note_replaced if audit else None)
        if worker is not None:
            with writing.begin() as connection:
                SqlTransaction(connection, worker).beat()
        return _Running(line, worker, writing, reading_engine(url), _opened_chain(writing, audit))
    except SQLAlchemyError as error:
        writing.dispose()
        raise translate(error) from error
    except BaseException:
        writing.dispose()
        raise


def _opened_chain(writing: Engine, audit: AuditHeadFile | None) -> AuditChain | None:
    if audit is None:
        return None
    chain = AuditChain(audit)
    with writing.begin() as connection:
        chain.open(connection)
    chain.opened()
    return chain
