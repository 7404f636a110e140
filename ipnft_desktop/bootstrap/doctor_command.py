"""`ipnft doctor`: the doctor without a window."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ipnft_desktop.bootstrap.adapters import build_adapters
from ipnft_desktop.bootstrap.doctor import build_doctor
from ipnft_desktop.domain.setting_specs import SettingValue
from ipnft_desktop.services.doctor.findings import Examined, Level
from ipnft_desktop.services.doctor.report import report, without_home
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.session import Session
from ipnft_desktop.settings import SettingRefused, Settings, load_settings, save_setting


async def doctor_command(profile: Path, *, as_json: bool) -> int:
    """Print what was found; returns 1 if something is wrong, else 0."""
    try:
        settings = load_settings(profile)
    except SettingRefused:
        settings = Settings()  # one of the checks says so
    adapters = build_adapters(profile, settings)

    async def keep(name: str, value: SettingValue) -> None:
        await asyncio.to_thread(save_setting, profile, name, value)

    doctor = build_doctor(profile, settings, adapters, Session(EventHub()), lambda: True, keep)
    examined = await doctor.examine()
    print(_json(examined) if as_json else report(examined, str, datetime.now(UTC)), end="")  # noqa: T201
    await doctor.close()
    return 1 if any(each.finding.level is Level.FAIL for each in examined) else 0


def _json(examined: Sequence[Examined]) -> str:
    checks = [
        {
            "check": each.key,
            "level": each.finding.level,
            "text": without_home(str(each.finding.text)),
            "advice": None if each.finding.advice is None else str(each.finding.advice),
            "more": [without_home(str(more)) for more in each.finding.more],
            "seconds": round(each.seconds, 3),
        }
        for each in examined
    ]
    return json.dumps({"at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "checks": checks}, indent=2) + "\n"
