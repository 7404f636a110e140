"""Which backups stay when a new one was made."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime, timedelta

from ipnft_desktop.services.backup_keeper import BackupReason, KeptBecause

RECENT_MAX = 12
RECENT_AGE = timedelta(days=1)
DENSE_AGE = timedelta(hours=1)
SLOT_S = 15 * 60
DAYS = 14
WEEKS = 8
DELIBERATE_AGE = timedelta(days=30)
DELIBERATE_MAX = 10

KEPT_MAX = RECENT_MAX + DAYS + WEEKS + DELIBERATE_MAX * (len(BackupReason) - 1)
"""No more than this many are ever kept."""


def kept(backups: Mapping[datetime, BackupReason]) -> frozenset[datetime]:
    """The moments whose backups stay:

    * the 12 latest of the last 24 hours; of those older than an hour only one for each quarter of an hour;
    * the last of each day for 14 days, and the last of each week for 8 weeks;
    * for 30 days the 10 latest of every reason but AUTOMATIC, for somebody or something asked for each of them.

    Ages count from the newest backup, days and weeks are those that have one at all: neither a wrong clock nor a
    year without use takes the old backups away.
    """
    return frozenset(why_kept(backups))


def why_kept(backups: Mapping[datetime, BackupReason]) -> dict[datetime, KeptBecause]:
    """The moments whose backups stay, see `kept`, each with the strongest reason."""
    newest_first = sorted(backups, reverse=True)
    if not newest_first:
        return {}
    newest = newest_first[0]
    why: dict[datetime, KeptBecause] = {}
    # The strongest last, which then stands.
    why.update(
        dict.fromkeys(_last_of_each(newest_first, lambda at: at.isocalendar()[:2])[:WEEKS], KeptBecause.OF_ITS_WEEK)
    )
    why.update(dict.fromkeys(_last_of_each(newest_first, lambda at: at.date())[:DAYS], KeptBecause.OF_ITS_DAY))
    by_slot = _last_of_each(newest_first, lambda at: at if newest - at <= DENSE_AGE else at.timestamp() // SLOT_S)
    recent = [at for at in by_slot[:RECENT_MAX] if newest - at < RECENT_AGE]
    why.update(dict.fromkeys(recent, KeptBecause.RECENT))
    for reason in set(BackupReason) - {BackupReason.AUTOMATIC}:
        of_reason = [at for at in newest_first if backups[at] is reason and newest - at <= DELIBERATE_AGE]
        why.update(dict.fromkeys(of_reason[:DELIBERATE_MAX], KeptBecause.ASKED_FOR))
    return why


def _last_of_each(newest_first: Iterable[datetime], group: Callable[[datetime], Hashable]) -> list[datetime]:
    """The latest moment of every group, newest first."""
    last: dict[Hashable, datetime] = {}
    for at in newest_first:
        last.setdefault(group(at), at)
    return list(last.values())
