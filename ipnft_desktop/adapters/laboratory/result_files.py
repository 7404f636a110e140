"""Results of the laboratory, one JSON file each, in a folder of the workspace.

Fields that are not known are passed over and those that are missing have defaults, so a newer version may add fields
and an older one reads its files. `SCHEMA` grows only where an older version would read something wrong.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ipnft_desktop.adapters.workspaces.files import read_json, workspace_faults, write_json
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.gas_breakdown import GasBreakdown, GasPart
from ipnft_desktop.domain.gas_laboratory import (
    DEFAULT_GAS_PRICE_WEI,
    Contract,
    Deployment,
    Experiment,
    LaboratoryResult,
    Measurement,
    Recipients,
    RunEnding,
)
from ipnft_desktop.domain.phrases import Phrase, phrase

SCHEMA = 1
_ID = re.compile(r"[0-9a-f]{32}")

log = logging.getLogger("ipnft")


class ResultFiles:
    """Implements the port `ResultShelf`."""

    def __init__(self, folder: Path) -> None:
        """The folder is made with the first result."""
        self._folder = folder

    def list(self) -> Sequence[LaboratoryResult]:
        """Newest first; what cannot be read is left out and logged."""
        found: list[LaboratoryResult] = []
        with workspace_faults(str(self._folder)):
            files = sorted(self._folder.glob("*.json"))
        for file in files:
            try:
                found.append(self.read(file.stem))
            except UserError as error:
                log.warning("%s", error)
        return sorted(found, key=lambda result: result.started_at, reverse=True)

    def read(self, result_id: str) -> LaboratoryResult:
        """Raises UserError LABORATORY_RESULT_UNUSABLE."""
        file = self._file(result_id)
        try:
            content = read_json(file)
        except (OSError, ValueError) as error:
            raise _unusable(file.name, str(error)) from error
        if not content:
            raise _unusable(file.name, phrase("it is gone"))
        schema = content.get("schema")
        if isinstance(schema, int) and schema > SCHEMA:
            raise _unusable(file.name, phrase("it is of a newer version of the program"))
        try:
            return _result(result_id, content)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _unusable(file.name, repr(error)) from error

    def keep(self, result: LaboratoryResult) -> None:
        """Raises EnvironmentFault DISK_FULL or WORKSPACE_UNUSABLE."""
        with workspace_faults(str(self._folder)):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_json(self._file(result.result_id), _content(result))

    def delete(self, result_id: str) -> None:
        """Raises EnvironmentFault WORKSPACE_UNUSABLE."""
        with workspace_faults(str(self._folder)):
            self._file(result_id).unlink(missing_ok=True)

    def _file(self, result_id: str) -> Path:
        if not _ID.fullmatch(result_id):
            raise _unusable(result_id, phrase("this is no name of a result"))
        return self._folder / f"{result_id}.json"


def _unusable(name: str, reason: str | Phrase) -> UserError:
    return UserError(ErrorCode.LABORATORY_RESULT_UNUSABLE, phrase("{what}: {reason}", what=name, reason=reason))


def _content(result: LaboratoryResult) -> Mapping[str, Any]:
    experiment = result.experiment
    return {
        "schema": SCHEMA,
        "experiment": {
            "contracts": experiment.contracts,
            "sizes": experiment.sizes,
            "recipients": experiment.recipients,
            "gas_price_wei": str(experiment.gas_price_wei),  # other readers of JSON know no whole numbers above 2^53
        },
        "started_at": result.started_at.isoformat(),
        "ended_at": result.ended_at.isoformat(),
        "ending": result.ending,
        "failure": result.failure,
        "failure_detail": result.failure_detail,
        "versions": result.versions,
        "deployments": [
            {
                "contract": each.contract,
                "code_size_bytes": each.code_size_bytes,
                "code_hash": each.code_hash,
                **_gas_content(each.gas),
            }
            for each in result.deployments
        ],
        "measurements": [
            {
                "contract": each.contract,
                "recipients": each.recipients,
                "size": each.size,
                "is_single": each.is_single,
                **_gas_content(each.gas),
            }
            for each in result.measurements
        ],
    }


def _gas_content(gas: GasBreakdown) -> Mapping[str, Any]:
    return {
        "gas_used": gas.gas_used,
        "parts": {part.value: amount for part, amount in gas.parts.items()},
        "zero_bytes": gas.zero_bytes,
        "non_zero_bytes": gas.non_zero_bytes,
    }


def _result(result_id: str, content: Mapping[str, Any]) -> LaboratoryResult:
    """Raises ValueError, KeyError, TypeError or AttributeError for content that none of ours wrote."""
    wished: Mapping[str, Any] = content["experiment"]
    experiment = Experiment(
        tuple(Contract(name) for name in wished["contracts"] if name in set(Contract)),
        tuple(int(size) for size in wished["sizes"]),
        Recipients(wished["recipients"]),
        int(wished.get("gas_price_wei", DEFAULT_GAS_PRICE_WEI)),
    )
    # A contract that a newer version compares is left out; what is known of the others stays of use.
    deployments = [each for each in content.get("deployments", ()) if each["contract"] in set(Contract)]
    measurements = [each for each in content.get("measurements", ()) if each["contract"] in set(Contract)]
    failure: ErrorCode | None = None
    with suppress(ValueError):  # also a code of a newer version
        failure = ErrorCode(content.get("failure"))
    return LaboratoryResult(
        result_id,
        experiment,
        datetime.fromisoformat(content["started_at"]),
        datetime.fromisoformat(content["ended_at"]),
        RunEnding(content["ending"]),
        str(content.get("versions", "")),
        tuple(_deployment(each) for each in deployments),
        tuple(_measurement(each) for each in measurements),
        failure,
        str(content.get("failure_detail", "")),
    )


def _deployment(content: Mapping[str, Any]) -> Deployment:
    return Deployment(
        Contract(content["contract"]),
        _gas(content),
        int(content.get("code_size_bytes", 0)),
        str(content.get("code_hash", "")),
    )


def _measurement(content: Mapping[str, Any]) -> Measurement:
    return Measurement(
        Contract(content["contract"]),
        Recipients(content["recipients"]),
        int(content["size"]),
        _gas(content),
        is_single=bool(content.get("is_single", False)),
    )


def _gas(content: Mapping[str, Any]) -> GasBreakdown:
    """A part that only a newer version tells apart is counted with execution, so that the sum stays the receipt's."""
    parts = {part: int(content["parts"].get(part.value, 0)) for part in GasPart}
    parts[GasPart.EXECUTION] += int(content["gas_used"]) - sum(parts.values())
    return GasBreakdown(
        MappingProxyType(parts), int(content.get("zero_bytes", 0)), int(content.get("non_zero_bytes", 0))
    )
