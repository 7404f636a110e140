"""Experiments that end, are cancelled and fail; one at a time; what is kept, exported and let go."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path

import pytest

from ipnft_desktop.adapters.laboratory.result_files import ResultFiles
from ipnft_desktop.adapters.spreadsheets.sheet_files import LocalSheetFiles
from ipnft_desktop.bootstrap.adapters import SystemClock
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError, ValidationFailed
from ipnft_desktop.domain.gas_laboratory import Contract, Experiment, Recipients, RunEnding
from ipnft_desktop.domain.people import Role
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.gas_laboratory import GasLaboratory, LaboratoryState
from ipnft_desktop.services.session import Session
from tests.support import samples
from tests.support.scripted_laboratory import ScriptedChain

SMALL = Experiment((Contract.OURS,), (1, 5))


class Laboratory:
    """The service over a scripted chain and real files."""

    def __init__(self, folder: Path) -> None:
        self.chain = ScriptedChain()
        self.shelf = ResultFiles(folder / "laboratory")
        self.session = Session(EventHub())
        self.session.begin(samples.user())
        self.service = GasLaboratory(self.chain, self.shelf, LocalSheetFiles(), self.session, SystemClock())
        self.heard: list[LaboratoryState | None] = []
        self.service.observe(self.heard.append)


@pytest.fixture
def laboratory(tmp_path: Path) -> Laboratory:
    return Laboratory(tmp_path)


async def test_a_run_measures_everything_and_is_kept(laboratory: Laboratory) -> None:
    found = await laboratory.service.run(SMALL)
    assert (found.ending, found.failure, laboratory.chain.running) == (RunEnding.COMPLETE, None, 0)
    assert [deployment.contract for deployment in found.deployments] == [Contract.OURS, Contract.BASELINE_A]
    assert [(each.size, each.gas.gas_used) for each in found.curve(Contract.OURS)] == [(1, 80_000), (5, 160_000)]
    assert found.curve(Contract.BASELINE_A) == (), "it is only a base"
    assert all(found.savings(each) is not None for each in found.measurements)
    assert await laboratory.service.list() == [found]
    assert await laboratory.service.read(found.result_id) == found


async def test_progress_counts_up_to_the_end(laboratory: Laboratory) -> None:
    await laboratory.service.run(SMALL)
    states = [state for state in laboratory.heard if state is not None]
    assert (laboratory.heard[-1], laboratory.service.state) == (None, None)
    assert [state.done for state in states] == [0, *range(8)]
    assert {state.total for state in states} == {8}
    assert [(state.contract, state.size) for state in states[-2:]] == [(Contract.OURS, 1), (Contract.OURS, 5)]


async def test_holders_are_prepared_where_they_are_needed(laboratory: Laboratory) -> None:
    await laboratory.service.run(Experiment((Contract.OURS,), (1, 5), Recipients.EXISTING_HOLDERS))
    assert [call for call in laboratory.chain.calls if call.startswith("prepare")] == ["prepare OURS 5"]


async def test_a_cancel_keeps_what_there_is_and_ends_the_node(laboratory: Laboratory) -> None:
    laboratory.chain.stop_at = 5
    running = asyncio.ensure_future(laboratory.service.run(SMALL))
    await laboratory.chain.hangs.wait()
    cancelling = asyncio.ensure_future(laboratory.service.cancel())
    await laboratory.chain.ends.wait()
    await laboratory.service.cancel()  # pressed once more, which must not interrupt the end
    await cancelling
    assert laboratory.chain.running == 0
    found = await running
    assert (found.ending, [each.size for each in found.curve(Contract.OURS)]) == (RunEnding.CANCELLED, [1])
    assert await laboratory.service.list() == [found]
    assert laboratory.service.state is None


async def test_a_cancel_before_the_first_measurement_keeps_nothing(laboratory: Laboratory) -> None:
    running = asyncio.ensure_future(laboratory.service.run(SMALL))
    await asyncio.sleep(0)
    await laboratory.service.cancel()
    assert (await running).ending is RunEnding.CANCELLED
    assert await laboratory.service.list() == []


async def test_a_failure_is_told_with_its_code_beside_what_there_is(laboratory: Laboratory) -> None:
    laboratory.chain.stop_at = 5
    laboratory.chain.fault = EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "no answer in time")
    found = await laboratory.service.run(SMALL)
    assert (found.ending, found.failure, found.failure_detail) == (
        RunEnding.FAILED,
        ErrorCode.NODE_UNREACHABLE,
        "no answer in time",
    )
    assert (len(found.curve(Contract.OURS)), laboratory.chain.running) == (1, 0)
    laboratory.chain.stop_at = None
    assert (await laboratory.service.run(SMALL)).ending is RunEnding.COMPLETE


async def test_a_listener_that_fails_spoils_nothing(laboratory: Laboratory) -> None:
    laboratory.service.observe(lambda _state: 1 / 0)
    assert (await laboratory.service.run(SMALL)).ending is RunEnding.COMPLETE


async def test_a_result_that_cannot_be_kept_is_told(
    laboratory: Laboratory, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "laboratory").write_text("a file in its place")
    with pytest.raises(EnvironmentFault) as caught:
        await laboratory.service.run(SMALL)
    assert caught.value.code is ErrorCode.WORKSPACE_UNUSABLE
    assert laboratory.service.state is None
    assert "was not kept" in caplog.text


async def test_one_at_a_time(laboratory: Laboratory) -> None:
    laboratory.chain.stop_at = 5
    running = asyncio.ensure_future(laboratory.service.run(SMALL))
    await laboratory.chain.hangs.wait()
    with pytest.raises(UserError) as caught:
        await laboratory.service.run(SMALL)
    assert caught.value.code is ErrorCode.LABORATORY_BUSY
    await laboratory.service.close()
    assert (await running).ending is RunEnding.CANCELLED


async def test_who_stops_waiting_does_not_end_it_and_another_joins(laboratory: Laboratory) -> None:
    laboratory.chain.stop_at = 5
    waiting = asyncio.ensure_future(laboratory.service.run(SMALL))
    await laboratory.chain.hangs.wait()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert laboratory.service.state is not None
    joined = asyncio.ensure_future(laboratory.service.join())
    await asyncio.sleep(0)
    await laboratory.service.cancel()
    found = await joined
    assert found is not None
    assert found.ending is RunEnding.CANCELLED
    assert await laboratory.service.join() is None


async def test_what_cannot_be_run_is_refused_with_its_fields(laboratory: Laboratory) -> None:
    with pytest.raises(ValidationFailed) as caught:
        await laboratory.service.run(Experiment((), (0,)))
    assert [problem.field for problem in caught.value.problems] == ["contracts", "sizes"]
    assert laboratory.chain.calls == []


async def test_a_viewer_reads_and_runs_nothing(laboratory: Laboratory) -> None:
    found = await laboratory.service.run(SMALL)
    laboratory.session.begin(samples.user(Role.VIEWER))
    for refused in (laboratory.service.run(SMALL), laboratory.service.delete(found.result_id)):
        with pytest.raises(UserError) as caught:
            await refused
        assert caught.value.code is ErrorCode.PERMISSION_DENIED
    assert (await laboratory.service.compare([found.result_id])).sizes == (1, 5)
    laboratory.session.begin(samples.user())
    await laboratory.service.delete(found.result_id)
    assert await laboratory.service.list() == []


async def test_the_sheet_has_every_measurement_with_both_savings(laboratory: Laboratory, tmp_path: Path) -> None:
    found = await laboratory.service.run(SMALL)
    file = tmp_path / "gas.csv"
    assert await laboratory.service.export(found.result_id, file) == 8
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    last = rows[-1]
    assert (last["contract"], last["call"], last["tokens"], last["gas"]) == ("OURS", "batch", "5", "160000")
    assert (last["gas per token"], last["fee in ETH"], last["floor per token"]) == ("32000.0", "0.0016", "34071.0")
    assert last["saving in % of our own single mint"] == last["saving in % of baseline A's single mint"] == "60.00"
    assert (last["gas for base"], last["gas for execution"]) == ("21000", "139000")
    assert [row["call"] for row in rows] == [*(["deployment"] * 2), *(["single"] * 4), "batch", "batch"]


async def test_before_a_register_is_open_whoever_is_there_may_measure_but_not_delete(laboratory: Laboratory) -> None:
    is_register_open = False
    laboratory.session.end()
    service = GasLaboratory(
        laboratory.chain,
        laboratory.shelf,
        LocalSheetFiles(),
        laboratory.session,
        SystemClock(),
        lambda: not is_register_open,
    )
    found = await service.run(SMALL)
    assert await service.list() == [found]
    with pytest.raises(UserError) as caught:
        await service.delete(found.result_id)
    assert caught.value.code is ErrorCode.SIGN_IN_REQUIRED
    is_register_open = True
    for refused in (service.run(SMALL), service.list(), service.cancel()):
        with pytest.raises(UserError) as caught:
            await refused
        assert caught.value.code is ErrorCode.SIGN_IN_REQUIRED
