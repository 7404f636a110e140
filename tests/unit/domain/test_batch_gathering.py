"""When what waits goes together: number, waiting time, and how busy the chain is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ipnft_desktop.domain.batch_gathering import GatheredMint, GatheringPolicy, congestion_of, due, wait_s
from ipnft_desktop.domain.batch_runs import Congestion
from ipnft_desktop.domain.chain import ChainLoad
from tests.support import samples

WAIT = timedelta(seconds=30)


def waiting(count: int, recipient: str | None = None, *, since_s: float = 0) -> list[GatheredMint]:
    return [GatheredMint(samples.uuid(), recipient, samples.at(since_s + n / 1000), "Ada") for n in range(count)]


@pytest.mark.parametrize(("congestion", "size"), [(Congestion.LOW, 35), (Congestion.MEDIUM, 25), (Congestion.HIGH, 15)])
def test_the_size_follows_congestion(congestion: Congestion, size: int) -> None:
    assert GatheringPolicy().size(congestion) == size


def test_the_size_stays_within_its_bounds() -> None:
    odd = GatheringPolicy(sizes={Congestion.LOW: 100, Congestion.HIGH: 1})
    assert (odd.size(Congestion.LOW), odd.size(Congestion.HIGH)) == (40, 10)


@pytest.mark.parametrize(
    ("fees", "fullness", "expected"),
    [
        ((100, 100, 100), (0.1, 0.2), Congestion.LOW),
        ((100, 90, 80), (0.0, 0.0), Congestion.LOW),
        ((100, 100, 100), (0.5, 0.5), Congestion.MEDIUM),
        ((100, 105, 110), (0.3, 0.3), Congestion.MEDIUM),
        ((100, 100, 100), (0.7, 0.7), Congestion.HIGH),
        ((100, 110, 121), (0.3, 0.3), Congestion.HIGH),
        ((), (), Congestion.MEDIUM),
        ((0, 0), (0.1,), Congestion.MEDIUM),
    ],
)
def test_congestion_is_read_from_base_fee_and_fullness(
    fees: tuple[int, ...], fullness: tuple[float, ...], expected: Congestion
) -> None:
    assert congestion_of(ChainLoad(fees, fullness)) is expected


def test_enough_of_one_recipient_go_together() -> None:
    own, other = waiting(24), waiting(30, samples.SIGNER)
    mixed = [mint for pair in zip(own, other, strict=False) for mint in pair] + other[24:]
    assert due(mixed, 25, WAIT, samples.at(1)) == tuple(other[:25])
    assert due(own, 25, WAIT, samples.at(1)) == ()
    assert due([*own, *waiting(1)], 25, WAIT, samples.at(1))[:24] == tuple(own)


def test_who_waited_long_enough_goes_with_those_who_are_there() -> None:
    few = waiting(3)
    assert due(few, 25, WAIT, samples.at(29.9)) == ()
    assert due(few, 25, WAIT, samples.at(30)) == tuple(few)
    late = waiting(2, samples.SIGNER, since_s=20)
    assert due([*few, *late], 25, WAIT, samples.at(31)) == tuple(few), "others wait on"


def test_how_long_to_wait() -> None:
    assert wait_s((), WAIT, samples.NOW) is None
    assert wait_s(waiting(2, since_s=10), WAIT, samples.at(15)) == 25
    assert wait_s(waiting(2), WAIT, samples.at(99)) == 0
