"""Which backups stay: a pure function of their times and reasons."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ipnft_desktop.adapters.database.backup_thinning import (
    DELIBERATE_AGE,
    DELIBERATE_MAX,
    KEPT_MAX,
    RECENT_MAX,
    kept,
)
from ipnft_desktop.services.backup_keeper import BackupReason

HAND = BackupReason.BY_HAND
AUTO = BackupReason.AUTOMATIC
TIME = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)

Kept = Collection[datetime]


def ages(stays: Kept, newest: datetime) -> list[timedelta]:
    return sorted(newest - at for at in stays)


def automatic(*before_newest: timedelta) -> dict[datetime, BackupReason]:
    return dict.fromkeys((TIME - age for age in before_newest), AUTO)


def minutes(*numbers: int) -> list[timedelta]:
    return [timedelta(minutes=number) for number in numbers]


def test_of_the_last_hour_all_stay_and_before_it_one_a_quarter() -> None:
    made = automatic(*minutes(0, 1, 2, 58, 60, 61, 62, 74, 75, 76, 91))
    assert ages(kept(made), TIME) == minutes(0, 1, 2, 58, 60, 61, 76, 91)


def test_no_more_than_twelve_of_a_day_stay() -> None:
    """02:30 and the eleven quarters before it are all of this day."""
    assert ages(kept(automatic(*minutes(*range(0, 150, 5)))), TIME) == minutes(*range(0, 60, 5))
    evening = {at + timedelta(hours=20): reason for at, reason in automatic(*minutes(*range(0, 1200, 15))).items()}
    assert len(kept(evening)) == RECENT_MAX


def test_the_last_of_fourteen_days_and_of_eight_weeks_stay() -> None:
    made = automatic(*(timedelta(hours=hours) for hours in range(0, 24 * 200, 12)))
    stays = kept(made) - {TIME}
    days = {at.date() for at in stays if TIME.date() - at.date() < timedelta(days=14)}
    older = sorted(at for at in stays if TIME.date() - at.date() >= timedelta(days=14))
    assert len(days) == 13  # and today
    assert all(at.hour == 14 for at in stays)
    assert [at.isoweekday() for at in older] == [7] * len(older)
    # 22 November is a Sunday: this week and the one before lie within the fourteen days.
    assert len(older) == 6


def test_a_year_without_use_takes_nothing_away() -> None:
    old = automatic(*(timedelta(days=365 + days) for days in range(10)))
    assert kept(old) <= kept({**old, TIME: AUTO})


def test_what_somebody_asked_for_stays_thirty_days() -> None:
    made = automatic(*minutes(*range(0, 60, 2)))
    for reason in (BackupReason.BEFORE_MIGRATION, BackupReason.BEFORE_RESTORE, HAND):
        asked = {TIME - timedelta(days=29, minutes=number): reason for number in range(5)}
        assert set(asked) <= kept({**made, **asked})
        beyond = {TIME - timedelta(days=31, minutes=number): reason for number in range(5)}
        assert len(set(beyond) & kept({**made, **beyond})) == 1


def test_the_newest_migrations_stay_when_one_fails_again_and_again() -> None:
    made = dict.fromkeys((TIME - age for age in minutes(*range(50))), BackupReason.BEFORE_MIGRATION)
    assert ages(kept(made), TIME) == minutes(*range(RECENT_MAX))
    days_ago = {at - timedelta(days=3): reason for at, reason in made.items()}
    assert len(kept({**days_ago, TIME: AUTO}) - {TIME}) == DELIBERATE_MAX


moments = st.integers(0, 120 * 24 * 60).map(lambda number: TIME - timedelta(minutes=number))
collections = st.dictionaries(moments, st.sampled_from(BackupReason), max_size=150)


@given(collections)
def test_thinning_keeps_the_newest_and_never_too_many(made: dict[datetime, BackupReason]) -> None:
    stays = kept(made)
    assert stays <= set(made)
    assert len(stays) <= KEPT_MAX
    if made:
        assert max(made) in stays
        assert max((at.date(), at) for at in made)[1] in stays
    assert kept({at: made[at] for at in stays}) == stays


@given(collections)
def test_thinning_keeps_migrations_of_thirty_days(made: dict[datetime, BackupReason]) -> None:
    if made:
        of_month = [
            at
            for at, reason in made.items()
            if reason is BackupReason.BEFORE_MIGRATION and max(made) - at <= DELIBERATE_AGE
        ]
        assert set(sorted(of_month)[-DELIBERATE_MAX:]) <= kept(made)


def test_thinning_one_by_one_over_a_year_keeps_days_and_weeks() -> None:
    """What is thinned each time must still be there when it is to be the last of its week."""
    stays: dict[datetime, BackupReason] = {}
    for quarter_days in range(4 * 365):
        at = TIME + timedelta(hours=6 * quarter_days)
        stays[at] = AUTO
        stays = dict.fromkeys(kept(stays), AUTO)
    newest = max(stays)
    assert {(newest.date() - at.date()).days for at in stays} >= set(range(14))
    assert len({at.isocalendar()[:2] for at in stays}) == 8
