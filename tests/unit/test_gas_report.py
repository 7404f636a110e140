"""The gas report without a chain: its arithmetic, its tables, its snapshot, its part of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks import gas_snapshot
from benchmarks.__main__ import main
from benchmarks.catalogue import KEYS, Figure
from benchmarks.gas_costs import ContractGas
from benchmarks.gas_keys import CONTRACTS, GAS_KEYS, batches, derived, is_measured, measured
from benchmarks.report import table
from ipnft_desktop.domain.gas_laboratory import Recipients
from ipnft_desktop.domain.gas_savings import floor_gas

MACHINE: dict[str, Any] = {"system": "", "processors": 2, "python": "3.11", "qt": "6", "load_average": [0.1]}


def contract_gas(contract: str, single: int, per_token: int) -> ContractGas:
    """A contract whose batches cost the same for each token."""
    return ContractGas(
        deployment=2_000_000,
        code_size_bytes=8_000,
        single=single,
        single_to_new_holder=single + 17_100,
        further_singles={"known_directory": 60_000, "own_uri": 130_000} if contract == "gas" else {},
        batches={batch: per_token * batch[1] for batch in batches(contract)},
        transfer=40_000,
        transfer_of_last=35_000,
        transfer_from_batch=110_000,
        token_uri=50_000,
    )


@pytest.fixture
def figures() -> dict[str, float]:
    found: dict[str, float] = {}
    for contract, single, per_token in (
        ("gas", 80_000, 28_000),
        ("gas.baseline", 240_000, 210_000),
        ("gas.erc721a", 130_000, 50_000),
    ):
        found |= measured(contract, contract_gas(contract, single, per_token))
    return found | derived(found)


def gas_table(figures: Mapping[str, float]) -> str:
    return table([Figure(key, value, 1) for key, value in figures.items()], MACHINE)


class TestArithmetic:
    @pytest.mark.parametrize(("size", "expected"), [(1, 73_431), (30, 25_871), (100, 24_723)])
    def test_the_floor_is_that_of_the_design(self, size: int, expected: float) -> None:
        assert floor_gas(size) == pytest.approx(expected)

    def test_every_key_comes_out(self, figures: dict[str, float]) -> None:
        assert figures.keys() == GAS_KEYS.keys()

    def test_a_batch_counts_per_token(self, figures: dict[str, float]) -> None:
        assert figures["gas.batch.30"] == 28_000
        assert figures["gas.baseline.batch.100.new_holders"] == 210_000

    def test_savings_name_their_bases(self, figures: dict[str, float]) -> None:
        assert figures["gas.ratio_to_floor.30"] == pytest.approx(28_000 / 25_871)
        assert figures["gas.saving_own.30"] == pytest.approx(65)
        assert figures["gas.saving_baseline.30"] == pytest.approx(100 * (1 - 28 / 240))
        assert figures["gas.saving_erc721a.30"] == pytest.approx(44)

    def test_a_batch_dearer_than_its_base_saves_less_than_nothing(self) -> None:
        figures: dict[str, float] = {}
        for contract in CONTRACTS:
            figures |= measured(contract, contract_gas(contract, 80_000, 81_000))
        assert derived(figures)["gas.saving_own.1"] == pytest.approx(-1.25)

    def test_what_follows_from_other_figures_is_not_measured(self) -> None:
        followed = {key for key in GAS_KEYS if not is_measured(key)}
        assert {key.split(".")[1] for key in followed} == {
            "floor",
            "ratio_to_floor",
            "saving_own",
            "saving_baseline",
            "saving_erc721a",
        }

    def test_the_aims_are_those_agreed(self) -> None:
        aims = {key: KEYS[key].aim for key in GAS_KEYS if KEYS[key].aim is not None}
        assert aims == {"gas.ratio_to_floor.30": 1.05, "gas.saving_own.30": 65, "gas.saving_baseline.30": 88}
        assert Figure("gas.saving_own.30", 64.9, 1).within(65) is False
        assert Figure("gas.ratio_to_floor.30", 1.06, 1).within(1.05) is False

    def test_ours_alone_is_measured_at_its_largest(self) -> None:
        assert (Recipients.NEW_HOLDERS, 256) in batches("gas")
        assert (Recipients.NEW_HOLDERS, 256) not in batches("gas.baseline")


class TestTables:
    def test_they_fit_100_columns(self, figures: dict[str, float]) -> None:
        wide = {key: value + 1_000_000 if key.endswith(".deployment") else value for key, value in figures.items()}
        text = gas_table(wide)
        _, _, report = text.partition("Gas per token")
        assert max(map(len, report.splitlines())) <= 100

    def test_a_line_holds_costs_floor_and_savings(self, figures: dict[str, float]) -> None:
        line = next(line for line in gas_table(figures).splitlines() if line.startswith("30 "))
        assert line.split() == [
            *("30", "28,000", "210,000", "50,000", "25,871", "1.082"),
            *("65.0", "%", "88.3", "%", "44.0", "%"),
        ]

    def test_what_newer_rules_refuse_is_marked(self, figures: dict[str, float]) -> None:
        text = gas_table(figures)
        assert "210,000*" in text  # 100 at once
        assert "2^24" in text.splitlines()[-3]
        small = {key: min(value, 60_000) for key, value in figures.items()}
        assert "2^24" not in gas_table(small)

    def test_part_of_the_report_is_a_line_a_key(self) -> None:
        lines = gas_table({"gas.batch.30": 28_000.0}).splitlines()
        assert lines[1].split() == ["gas.batch.30", "28000.0", "gas", "1"]


class TestSnapshot:
    def test_what_was_written_is_read(self, tmp_path: Path) -> None:
        file = tmp_path / "snapshot.json"
        gas_snapshot.write({"gas.single": 81_966.04}, file)
        assert gas_snapshot.read(file) == {"gas.single": 81_966.0}

    @pytest.mark.parametrize("now", [100_000, 100_500, 99_500])
    def test_half_a_percent_is_no_difference(self, now: float) -> None:
        assert gas_snapshot.differences({"gas.single": now}, {"gas.single": 100_000}) == []

    @pytest.mark.parametrize(("now", "change"), [(100_501, "+0.50 %"), (99_499, "-0.50 %"), (110_000, "+10.00 %")])
    def test_more_is_named(self, now: float, change: str) -> None:
        [told] = gas_snapshot.differences(
            {"gas.single": now, "gas.transfer": 1}, {"gas.single": 1e5, "gas.transfer": 1}
        )
        assert told.startswith("gas.single is")
        assert change in told

    def test_a_figure_that_only_one_side_has_is_named(self) -> None:
        told = gas_snapshot.differences({"gas.new": 1}, {"gas.old": 2})
        assert told == ["gas.new is 1.0 and not recorded", "gas.old is recorded as 2.0 and was not measured"]

    def test_the_committed_one_holds_every_measured_key(self) -> None:
        assert gas_snapshot.read().keys() == {key for key in GAS_KEYS if is_measured(key)}


class TestCommandLine:
    @pytest.mark.parametrize("arguments", [["--record"], ["--gas", "--only", "mint_ms"]])
    def test_what_does_not_go_together_is_refused(
        self, arguments: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
        assert "--gas" in capsys.readouterr().err
