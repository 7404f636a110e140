"""Which backups stay when a new one was made."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime, timedelta

from ipnft_desktop.services.backup_keeper import BackupReason

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
    newest_first = sorted(backups, reverse=True)
    if not newest_first:
        return frozenset()
    newest = newest_first[0]
    by_slot = _last_of_each(newest_first, lambda at: at if newest - at <= DENSE_AGE else at.timestamp() // SLOT_S)
    stays = {at for at in by_slot[:RECENT_MAX] if newest - at < RECENT_AGE}
    stays.update(_last_of_each(newest_first, lambda at: at.date())[:DAYS])
    stays.update(_last_of_each(newest_first, lambda at: at.isocalendar()[:2])[:WEEKS])
    for reason in set(BackupReason) - {BackupReason.AUTOMATIC}:
        of_reason = [at for at in newest_first if backups[at] is reason and newest - at <= DELIBERATE_AGE]
        stays.update(of_reason[:DELIBERATE_MAX])
    return frozenset(stays)


def _last_of_each(newest_first: Iterable[datetime], group: Callable[[datetime], Hashable]) -> list[datetime]:
    """The latest moment of every group, newest first."""
    last: dict[Hashable, datetime] = {}
    for at in newest_first:
        last.setdefault(group(at), at)
    return list(last.values())
