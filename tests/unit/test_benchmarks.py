"""The pure parts of the benchmark: its statistics, its keys, its table and its document, and the account of a soak."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from benchmarks.__main__ import main
from benchmarks.catalogue import KEYS, Figure
from benchmarks.figures import median, percentile
from benchmarks.report import document, table
from benchmarks.soak.link import Kind, line, message
from benchmarks.soak.tally import Tally, tally
from benchmarks.subjects import SUBJECTS, wanted

MACHINE: dict[str, Any] = {
    "system": "Linux x86_64",
    "processors": 2,
    "python": "3.11.7",
    "qt": "6.11.3",
    "load_average": [0.1, 0.2, 0.3],
}


class TestStatistics:
    @pytest.mark.parametrize(
        ("share", "expected"), [(0, 1), (0.01, 2), (0.5, 100), (0.501, 101), (0.99, 198), (0.995, 199), (1, 200)]
    )
    def test_percentile_is_the_nearest_rank(self, share: float, expected: float) -> None:
        samples = [float(number) for number in range(200, 0, -1)]
        assert percentile(samples, share) == expected

    def test_one_sample_is_every_percentile(self) -> None:
        assert percentile([7.0], 0.5) == percentile([7.0], 0.99) == median([7.0]) == 7.0

    @pytest.mark.parametrize(("samples", "expected"), [([3.0, 1.0, 2.0], 2.0), ([4.0, 1.0, 3.0, 2.0], 2.5)])
    def test_median(self, samples: list[float], expected: float) -> None:
        assert median(samples) == expected

    @pytest.mark.parametrize(("samples", "share"), [([], 0.5), ([1.0], 1.1), ([1.0], -0.1)])
    def test_what_has_no_percentile_is_refused(self, samples: list[float], share: float) -> None:
        with pytest.raises(ValueError, match="needs samples"):
            percentile(samples, share)


class TestKeys:
    def test_the_keys_promised_are_there(self) -> None:
        promised = {"first_paint_ms", "environment_ready_s", "mint_ms.p50", "mint_ms.p99", "loop_gap_ms.max", "rss_mb"}
        promised |= {
            "mints_per_s",
            "node_limit_per_s",
            "throughput_ratio",
            "status_query_ms.p50",
            "status_query_ms.p99",
        }
        promised |= {"restore_tx_per_s", "cost_growth", "index_events_per_s"}
        assert promised <= KEYS.keys()

    def test_the_aims_are_those_agreed(self) -> None:
        assert Figure("throughput_ratio", 0.8, 3).within(KEYS["throughput_ratio"].aim) is True
        assert Figure("throughput_ratio", 0.79, 3).within(KEYS["throughput_ratio"].aim) is False
        assert Figure("status_query_ms.p99", 5.1, 3).within(KEYS["status_query_ms.p99"].aim) is False
        assert Figure("cost_growth", 1.3, 3).within(KEYS["cost_growth"].aim) is False

    def test_each_key_is_measured_by_exactly_one_subject(self) -> None:
        measured = [key for subject in SUBJECTS for key in subject.keys]
        assert sorted(measured) == sorted(KEYS)

    def test_a_prefix_chooses_the_subjects_that_give_it(self) -> None:
        assert wanted("") == list(SUBJECTS)
        assert [subject.families for subject in wanted("mint_ms.node")] == [("mint_ms",)]
        assert [key for subject in wanted("mints") for key in subject.keys if key == "mints_per_s"]

    def test_an_unknown_prefix_measures_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--only", "nonsense"]) == 2
        assert "nonsense" in capsys.readouterr().err


class TestBounds:
    def test_the_bound_itself_is_within(self) -> None:
        assert Figure("loop_gap_ms.max", 50, 1).within(50) is True
        assert Figure("loop_gap_ms.max", 50.1, 1).within(50) is False

    def test_a_rate_must_not_be_below_its_bound(self) -> None:
        assert Figure("mints_per_s", 49, 1).within(50) is False
        assert Figure("mints_per_s", 51, 1).within(50) is True

    def test_no_bound_no_verdict(self) -> None:
        assert Figure("rss_mb", 300, 1).within(None) is None


class TestReport:
    @pytest.mark.parametrize(
        ("value", "verdict"), [(16, "meets its aim"), (40, "misses its aim"), (50.1, "beyond its limit")]
    )
    def test_a_line_says_value_bounds_and_verdict(self, value: float, verdict: str) -> None:
        line = table([Figure("loop_gap_ms.max", value, 900)], MACHINE).splitlines()[1]
        assert line.split() == ["loop_gap_ms.max", f"{value:.1f}", "ms", "16", "50", "900", *verdict.split()]

    @pytest.mark.parametrize(("value", "shown"), [(0.834, "0.83"), (9.999, "10.00"), (412.26, "412.3")])
    def test_small_figures_keep_their_decimals(self, value: float, shown: str) -> None:
        assert table([Figure("mints_per_s", value, 3)], MACHINE).splitlines()[1].split()[1] == shown

    def test_the_table_says_what_it_was_measured_on(self) -> None:
        last = table([Figure("rss_mb", 1, 1)], MACHINE).splitlines()[-1]
        assert "2 processors" in last
        assert "[0.1, 0.2, 0.3]" in last

    def test_the_document_holds_every_figure_under_its_key(self) -> None:
        written = json.loads(json.dumps(document([Figure("mint_ms.p50", 130.12345, 200)], MACHINE)))
        assert written["machine"]["load_average"] == [0.1, 0.2, 0.3]
        assert written["figures"] == {
            "mint_ms.p50": {
                "value": 130.123,
                "unit": "ms",
                "n": 200,
                "aim": 120,
                "limit": None,
                "meets_aim": False,
                "within_limit": None,
                "meaning": KEYS["mint_ms.p50"].meaning,
            }
        }


def _account(state: str | None, mints: int, *, owned: bool) -> Tally:
    """The account of one asset that was created."""
    asset = uuid4()
    states: dict[UUID, str] = {} if state is None else {asset: state}
    return tally([asset], states, {asset: mints} if mints else {}, [asset] if owned else [])


class TestAccount:
    @pytest.mark.parametrize(
        ("state", "mints", "owned", "expected"),
        [
            ("MINTED", 1, True, Tally(minted=1)),
            ("MINT_FAILED", 0, False, Tally(failed_safely=1)),
            ("MINT_CANCELLED", 0, False, Tally(cancelled=1)),
            ("DRAFT", 0, False, Tally(untouched=1)),
        ],
    )
    def test_good_ends(self, state: str, mints: int, owned: bool, expected: Tally) -> None:
        found = _account(state, mints, owned=owned)
        assert found == expected
        assert found.is_exact

    @pytest.mark.parametrize("state", ["MINTED", "MINT_FAILED", "DRAFT", None])
    def test_a_second_mint_is_a_duplicate_whatever_the_register_says(self, state: str | None) -> None:
        found = _account(state, 2, owned=True)
        assert found == Tally(duplicated=1)
        assert not found.is_exact

    @pytest.mark.parametrize(
        ("state", "mints", "owned"),
        [
            pytest.param("MINTED", 0, False, id="MINTED without a token"),
            pytest.param("MINTED", 1, False, id="MINTED, its token has no owner"),
            pytest.param("MINT_FAILED", 1, True, id="failed, and yet a token"),
            pytest.param("MINT_CANCELLED", 1, True, id="cancelled, and yet a token"),
            pytest.param("DRAFT", 1, True, id="a token that the register denies"),
            pytest.param(None, 0, False, id="no row"),
            pytest.param(None, 1, True, id="no row, and yet a token"),
        ],
    )
    def test_losses(self, state: str | None, mints: int, owned: bool) -> None:
        found = _account(state, mints, owned=owned)
        assert found == Tally(lost=1)
        assert not found.is_exact

    @pytest.mark.parametrize("state", ["MINT_PENDING", "MINTING"])
    @pytest.mark.parametrize("mints", [0, 1])
    def test_what_did_not_end_is_not_exact(self, state: str, mints: int) -> None:
        found = _account(state, mints, owned=bool(mints))
        assert found == Tally(still_open=1)
        assert not found.is_exact

    def test_a_token_of_an_asset_nobody_created_is_lost_too(self) -> None:
        assert tally([], {}, {uuid4(): 1}, []) == Tally(lost=1)

    def test_each_asset_counts_once(self) -> None:
        assets = [uuid4() for _ in range(5)]
        found = tally(assets, dict.fromkeys(assets, "MINTED"), dict.fromkeys(assets, 1), assets)
        assert found == Tally(minted=5)


class TestLink:
    def test_a_line_comes_back_as_it_was_meant(self) -> None:
        text = line(Kind.NODE, rpc_url="http://127.0.0.1:1", pid=7)
        assert text.endswith(b"\n")
        assert message(text) == (Kind.NODE, {"rpc_url": "http://127.0.0.1:1", "pid": 7})

    @pytest.mark.parametrize("text", [b"", b'{"kind": "REQ', b"[]", b"{}", b'{"kind": "NOBODY"}'])
    def test_half_a_line_of_a_killed_process_says_nothing(self, text: bytes) -> None:
        assert message(text) is None
