"""What rehearsals leave behind, beside the register of a workspace: `<workspace>/stage/rehearsal.json` and pictures."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from ipnft_desktop.adapters.database.backup_files import flush_file
from ipnft_desktop.adapters.workspaces.files import read_json, workspace_faults, write_json
from ipnft_desktop.adapters.workspaces.layout import STAGE
from ipnft_desktop.domain.scenes import StepState
from ipnft_desktop.services.stage.rehearsal_record import (
    Rehearsed,
    RehearsedScene,
    RehearsedStep,
    StageRecord,
    Subjects,
    Underway,
)

RECORD_FILE = "rehearsal.json"
SCHEMA = 1
_PICTURE = re.compile(r"[0-9A-Za-z-]{1,80}\.png")

log = logging.getLogger("ipnft")


class StageFolder:
    """Implements the port `RehearsalStore`."""

    def __init__(self, workspace: Path) -> None:
        self._folder = workspace / STAGE

    def load(self) -> StageRecord:
        """See `RehearsalStore`; the next ones too."""
        try:
            content = read_json(self._folder / RECORD_FILE)
            return _of_json(content) if content.get("schema") == SCHEMA else StageRecord()
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("stage.unreadable %s", error)
            return StageRecord()

    def keep(self, record: StageRecord) -> None:
        with workspace_faults(STAGE):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_json(self._folder / RECORD_FILE, _as_json(record))
        if record.underway is None:
            self._tidy(record)

    def keep_picture(self, name: str, png: bytes) -> None:
        if not _PICTURE.fullmatch(name):
            raise ValueError(name)
        with workspace_faults(STAGE):
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh = self._folder / f".{name}.new"
            fresh.write_bytes(png)
            flush_file(fresh)
            fresh.replace(self._folder / name)

    def picture(self, name: str) -> Path | None:
        file = self._folder / name
        return file if _PICTURE.fullmatch(name) and file.is_file() else None

    def _tidy(self, record: StageRecord) -> None:
        scenes = record.rehearsed.scenes if record.rehearsed is not None else ()
        named = {step.picture for scene in scenes for step in scene.steps}
        try:
            for file in self._folder.iterdir():
                if file.suffix in (".png", ".new") and file.name not in named:
                    file.unlink()
        except OSError as error:  # the next one tries again
            log.warning("stage.not_removed %s", error)


def _as_json(record: StageRecord) -> Mapping[str, Any]:
    rehearsed, underway = record.rehearsed, record.underway
    return {
        "schema": SCHEMA,
        "underway": underway and {"before": underway.before, "made": list(underway.made)},
        "rehearsed": rehearsed
        and {"at": rehearsed.at.isoformat(), "scenes": [_scene_as_json(scene) for scene in rehearsed.scenes]},
    }


def _scene_as_json(scene: RehearsedScene) -> Mapping[str, Any]:
    return {
        "scene": scene.scene_id,
        "text": scene.text,
        "checkpoint": scene.checkpoint_id,
        "casts": {
            scene_id: {subject: [str(each) for each in asset_ids] for subject, asset_ids in subjects.items()}
            for scene_id, subjects in scene.casts.items()
        },
        "tokens": {str(asset_id): count for asset_id, count in scene.tokens.items()},
        "steps": [
            {
                "step": step.step_id,
                "state": step.state.value,
                "seconds": step.seconds,
                "error_code": step.error_code,
                "error_detail": step.error_detail,
                "picture": step.picture,
            }
            for step in scene.steps
        ],
    }


def _of_json(content: Mapping[str, Any]) -> StageRecord:
    rehearsed, underway = content["rehearsed"], content["underway"]
    return StageRecord(
        rehearsed
        and Rehearsed(datetime.fromisoformat(rehearsed["at"]), tuple(map(_scene_of_json, rehearsed["scenes"]))),
        underway and Underway(str(underway["before"]), tuple(map(str, underway["made"]))),
    )


def _scene_of_json(scene: Mapping[str, Any]) -> RehearsedScene:
    casts: dict[str, Subjects] = {
        scene_id: {subject: tuple(map(UUID, asset_ids)) for subject, asset_ids in subjects.items()}
        for scene_id, subjects in scene["casts"].items()
    }
    steps = tuple(
        RehearsedStep(
            str(step["step"]),
            StepState(step["state"]),
            float(step["seconds"]),
            str(step["error_code"]),
            str(step["error_detail"]),
            str(step["picture"]),
        )
        for step in scene["steps"]
    )
    return RehearsedScene(
        str(scene["scene"]),
        str(scene["text"]),
        steps,
        {UUID(asset_id): int(count) for asset_id, count in scene["tokens"].items()},
        scene["checkpoint"],
        casts,
    )
