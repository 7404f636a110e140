"""Results of the laboratory on the disk: as they were kept, of newer versions, damaged, and gone."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ipnft_desktop.adapters.laboratory import result_files
from ipnft_desktop.adapters.laboratory.result_files import ResultFiles
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.gas_breakdown import TracedGas, break_down
from ipnft_desktop.domain.gas_laboratory import (
    Contract,
    Deployment,
    Experiment,
    LaboratoryResult,
    Measurement,
    Recipients,
    RunEnding,
)
from tests.support import samples

GAS = break_down(81_056, b"\0\x01\x02\0\x03", TracedGas(60_000, 50_000, 1_875, 2_600, 0))
RESULT = LaboratoryResult(
    "0" * 32,
    Experiment((Contract.OURS, Contract.ERC721A), (1, 5), Recipients.NEW_HOLDERS, 10**15),
    samples.NOW,
    samples.NOW + timedelta(seconds=4),
    RunEnding.FAILED,
    "Node 24, Hardhat 3",
    (Deployment(Contract.OURS, GAS, 9_881, "0xab"),),
    (
        Measurement(Contract.OURS, Recipients.ONE_HOLDER, 1, GAS, is_single=True),
        Measurement(Contract.ERC721A, Recipients.NEW_HOLDERS, 5, GAS),
    ),
    ErrorCode.NODE_UNREACHABLE,
    "no answer in time",
)


@pytest.fixture
def shelf(tmp_path: Path) -> ResultFiles:
    return ResultFiles(tmp_path / "laboratory")


def change_file(tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    file = tmp_path / "laboratory" / f"{RESULT.result_id}.json"
    content = json.loads(file.read_text("utf-8"))
    change(content)
    file.write_text(json.dumps(content), "utf-8")


def code_of(shelf: ResultFiles, result_id: str = RESULT.result_id) -> tuple[ErrorCode, str]:
    with pytest.raises(UserError) as caught:
        shelf.read(result_id)
    return caught.value.code, caught.value.detail


def test_what_is_kept_comes_back(shelf: ResultFiles) -> None:
    assert shelf.list() == []
    shelf.keep(RESULT)
    later = replace(RESULT, result_id="1" * 32, started_at=samples.NOW + timedelta(hours=1), failure=None)
    shelf.keep(later)
    assert shelf.read(RESULT.result_id) == RESULT
    assert shelf.list() == [later, RESULT], "newest first"


def test_a_deleted_result_is_gone(shelf: ResultFiles) -> None:
    shelf.keep(RESULT)
    shelf.delete(RESULT.result_id)
    shelf.delete(RESULT.result_id)
    assert shelf.list() == []
    assert code_of(shelf) == (ErrorCode.LABORATORY_RESULT_UNUSABLE, f"{RESULT.result_id}.json: it is gone")


def test_what_a_newer_version_added_is_passed_over(shelf: ResultFiles, tmp_path: Path) -> None:
    shelf.keep(RESULT)

    def add(content: dict[str, Any]) -> None:
        content["weather"] = "fine"
        content["experiment"]["contracts"].append("ERC1155")
        content["failure"] = "A_NEWER_CODE"
        content["measurements"].append({**content["measurements"][0], "contract": "ERC1155"})
        content["deployments"].append({**content["deployments"][0], "contract": "ERC1155"})
        content["measurements"][0]["colour"] = "blue"
        content["measurements"][0]["parts"]["BLOBS"] = 25
        content["measurements"][0]["parts"]["EXECUTION"] -= 25

    change_file(tmp_path, add)
    found = shelf.read(RESULT.result_id)
    assert found == replace(RESULT, failure=None)
    assert found.measurements[0].gas.gas_used == 81_056, "a part that is not known is counted with execution"


def test_what_an_older_version_did_not_write_has_a_default(shelf: ResultFiles, tmp_path: Path) -> None:
    shelf.keep(RESULT)
    change_file(tmp_path, lambda content: content["experiment"].pop("gas_price_wei"))
    change_file(tmp_path, lambda content: [content.pop(name) for name in ("versions", "failure", "failure_detail")])
    assert shelf.read(RESULT.result_id).experiment.gas_price_wei == 10**10


def test_a_newer_schema_says_so(shelf: ResultFiles, tmp_path: Path) -> None:
    shelf.keep(RESULT)
    change_file(tmp_path, lambda content: content.update(schema=2))
    assert "newer version" in code_of(shelf)[1]


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b"\xff", b'{"schema": 1}', b'{"schema": 1, "experiment": {"contracts": 3}}']
)
def test_a_damaged_result_hides_no_other(
    shelf: ResultFiles, tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.keep(RESULT)
    (tmp_path / "laboratory" / f"{'1' * 32}.json").write_bytes(content)
    assert code_of(shelf, "1" * 32)[0] is ErrorCode.LABORATORY_RESULT_UNUSABLE
    assert shelf.list() == [RESULT]
    assert "LABORATORY_RESULT_UNUSABLE" in caplog.text


@pytest.mark.parametrize("result_id", ["", "../register", "0" * 31, "/etc/passwd"])
def test_no_other_file_is_reached(shelf: ResultFiles, result_id: str) -> None:
    assert code_of(shelf, result_id)[0] is ErrorCode.LABORATORY_RESULT_UNUSABLE
    with pytest.raises(UserError):
        shelf.delete(result_id)


def test_a_full_disk_leaves_nothing_half_written(shelf: ResultFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.keep(RESULT)

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(result_files, "write_json", full)
    with pytest.raises(EnvironmentFault) as caught:
        shelf.keep(replace(RESULT, versions="another"))
    assert caught.value.code is ErrorCode.DISK_FULL
    assert shelf.read(RESULT.result_id) == RESULT
