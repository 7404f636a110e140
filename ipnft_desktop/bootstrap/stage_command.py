"""`ipnft stage ready`: whether a show can begin, without a window."""

from __future__ import annotations

import json
from pathlib import Path

from ipnft_desktop.bootstrap.adapters import build_adapters
from ipnft_desktop.bootstrap.doctor import build_doctor
from ipnft_desktop.domain.setting_specs import SettingValue
from ipnft_desktop.services.doctor.findings import Level
from ipnft_desktop.services.doctor.report import LEVEL_WORDS, without_home
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.stage.readiness import Readiness, StageReadiness, Surroundings
from ipnft_desktop.settings import SettingRefused, Settings, load_settings


async def ready_command(profile: Path, surroundings: Surroundings | None, *, as_json: bool) -> int:
    """Print what was found; returns 1 if something is in the way, else 0. What only a running program knows is told as
    not known."""
    from ipnft_desktop.adapters.machine.computer import LocalComputer
    from ipnft_desktop.adapters.workspaces.layout import workspace_folder
    from ipnft_desktop.adapters.workspaces.stage_folder import StageFolder
    from ipnft_desktop.bootstrap.stage_scenes import scenes_of_the_program

    try:
        settings = load_settings(profile)
    except SettingRefused:
        settings = Settings()  # the doctor says so
    adapters = build_adapters(profile, settings)

    async def keep(_name: str, _value: SettingValue) -> None:
        """No remedy is offered here."""

    doctor = build_doctor(profile, settings, adapters, Session(EventHub()), lambda: True, keep)
    store = StageFolder(workspace_folder(profile, settings.workspace))
    found = await StageReadiness(doctor, LocalComputer(), None, None, store).look(scenes_of_the_program(), surroundings)
    print(_json(found) if as_json else _lines(found), end="")  # noqa: T201
    await doctor.close()
    return 0 if found.is_ready else 1


async def ready_on_qt(profile: Path, *, as_json: bool) -> int:
    """The same where screens and fonts can be asked."""
    from ipnft_desktop.bootstrap.stage_scenes import scenes_of_the_program
    from ipnft_desktop.ui.stage.pictures import surroundings_of
    from ipnft_desktop.ui.theme.fonts import register_fonts

    register_fonts()
    return await ready_command(profile, surroundings_of(scenes_of_the_program()), as_json=as_json)


def _lines(found: Readiness) -> str:
    words = {level: f"[{word}]" for level, word in LEVEL_WORDS.items()}
    width = max(map(len, words.values()))
    lines = [str(found.line), ""]
    for each in found.looked:
        lines.append(f"{words[each.finding.level]:{width}}  {each.title}: {each.finding.text}")
        lines += [f"{'':{width}}  {more}" for more in each.finding.more]
        if each.finding.advice is not None and each.finding.level is not Level.OK:
            lines.append(f"{'':{width}}  > {each.finding.advice}")
    return "\n".join(map(without_home, lines)) + "\n"


def _json(found: Readiness) -> str:
    checks = [
        {
            "check": each.key,
            "level": each.finding.level,
            "text": without_home(str(each.finding.text)),
            "advice": None if each.finding.advice is None else str(each.finding.advice),
        }
        for each in found.looked
    ]
    told = {"ready": found.is_ready, "line": without_home(str(found.line)), "checks": checks}
    return json.dumps(told, indent=2) + "\n"
