"""Programs that work on one register: who is alive, and whose jobs they are."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.types import Uuid

from ipnft_desktop.adapters.database.records import Records
from ipnft_desktop.adapters.database.tables import MintJobTable
from ipnft_desktop.domain.minting import OPEN_STAGES

SILENT_S = 15
"""A program that says nothing for this long is taken for dead."""

_OPEN_COUNT = select(func.count()).select_from(MintJobTable).where(MintJobTable.stage.in_(OPEN_STAGES))

# Only a shared register has workers, and PostgreSQL alone can be shared; its clock is the one that counts.
_BEAT = text(
    """
    INSERT INTO workers (worker_id, beat_at) VALUES (:worker, clock_timestamp())
    ON CONFLICT (worker_id) DO UPDATE SET beat_at = excluded.beat_at
    """
).bindparams(bindparam("worker", type_=Uuid))
_LEAVE = text("DELETE FROM workers WHERE worker_id = :worker").bindparams(bindparam("worker", type_=Uuid))
# A job that someone else is taking over at this moment, or writes to, is left to them.
_TAKE_OVER = text(
    f"""
    UPDATE mint_jobs SET worker_id = :worker WHERE job_id IN (
        SELECT job_id FROM mint_jobs AS job
        WHERE stage = ANY(:stages) AND worker_id IS DISTINCT FROM :worker AND NOT EXISTS (
            SELECT 1 FROM workers
            WHERE workers.worker_id = job.worker_id
            AND workers.beat_at > clock_timestamp() - interval '{SILENT_S} seconds'
        )
        FOR UPDATE SKIP LOCKED
    )
    """  # noqa: S608 - put together from a constant
).bindparams(bindparam("worker", type_=Uuid))
_OTHERS_ALIVE = text(
    f"""
    SELECT count(*) FROM workers
    WHERE worker_id <> :worker AND beat_at > clock_timestamp() - interval '{SILENT_S} seconds'
    """  # noqa: S608 - put together from a constant
).bindparams(bindparam("worker", type_=Uuid))
_BURY = text(
    f"""
    DELETE FROM workers WHERE worker_id IN (
        SELECT worker_id FROM workers WHERE beat_at <= clock_timestamp() - interval '{SILENT_S} seconds'
        FOR UPDATE SKIP LOCKED
    )
    """  # noqa: S608 - put together from a constant
)


class WorkerRecords(Records):
    """The part of a transaction that deals with the programs at work."""

    def take_over_jobs(self) -> int:
        if self._worker is None:
            return self._value(_OPEN_COUNT)
        self.beat()
        taken = self._change(_TAKE_OVER, {"worker": self._worker, "stages": [str(stage) for stage in OPEN_STAGES]})
        self._change(_BURY)
        return taken

    def others_alive(self) -> bool:
        return self._worker is not None and bool(self._value(_OTHERS_ALIVE, {"worker": self._worker}))

    def beat(self) -> None:
        if self._worker is not None:
            self._change(_BEAT, {"worker": self._worker})

    def leave(self) -> None:
        """Say that this program ends, so that others need not wait to take its jobs over."""
        if self._worker is not None:
            self._change(_LEAVE, {"worker": self._worker})
