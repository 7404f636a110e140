"""Command line, event loop and exit code of the program."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ipnft_desktop import __version__
from ipnft_desktop.paths import PROJECT
from ipnft_desktop.settings import SettingRefused, default_profile, load_settings
from ipnft_verify.__main__ import add_arguments

GUIDE_PICTURES = PROJECT / "docs" / "pictures"


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry of the console script `ipnft`; returns the exit code."""
    chosen = _parser().parse_args(arguments)
    # Imported where needed, so that --help and --version answer without loading Qt.
    if chosen.command == "tour":
        if not _has_display():
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        from ipnft_desktop.bootstrap.event_loop import run_on_qt
        from ipnft_desktop.tour.program import TourOptions, run_tour
        from ipnft_desktop.ui.language import Language

        languages = tuple(map(Language, chosen.language)) if chosen.language else tuple(Language)
        if chosen.scenes:
            from ipnft_desktop.tour.scenes_program import ScenesOptions, run_scenes

            playing = ScenesOptions(chosen.out, chosen.rounds, chosen.kill, languages)
            return run_on_qt(lambda app: run_scenes(app, playing))
        guide = GUIDE_PICTURES if chosen.guide else None
        options = TourOptions(
            chosen.out, chosen.json, None if guide else chosen.profile, tuple(Language) if guide else languages, guide
        )
        return run_on_qt(lambda app: run_tour(app, options))
    if chosen.command == "playground":
        return _play(chosen)
    if chosen.command == "self-check":
        import asyncio

        from ipnft_desktop.bootstrap.self_check import self_check

        return asyncio.run(self_check())
    if chosen.command == "verify":
        from ipnft_verify.__main__ import run as verify

        return verify(chosen.file, chosen.rpc, chosen.signer, chosen.language, as_json=chosen.json)
    if chosen.command == "scenes":
        from ipnft_desktop.bootstrap.scenes_command import check_scenes

        return check_scenes(chosen.files)
    if chosen.command == "gas":
        return _measure_gas(chosen)
    profile: Path = (chosen.profile or default_profile()).absolute()
    if chosen.command == "doctor":  # also, and above all, where a setting cannot be used
        import asyncio

        from ipnft_desktop.bootstrap.doctor_command import doctor_command

        return asyncio.run(doctor_command(profile, as_json=chosen.json))
    try:
        settings = load_settings(profile)
    except SettingRefused as error:
        print(f"A setting cannot be used: {error}", file=sys.stderr)  # noqa: T201 - there is no window yet
        return 2
    if not _has_display():
        print("There is no display. `ipnft tour` runs without one.", file=sys.stderr)  # noqa: T201 - no window
        return 2
    from ipnft_desktop.bootstrap.event_loop import run_on_qt
    from ipnft_desktop.bootstrap.window import run_window

    return run_on_qt(lambda app: run_window(app, profile, settings))


def _play(chosen: argparse.Namespace) -> int:
    if chosen.out is not None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    elif not _has_display():
        print("There is no display. `ipnft playground --out FOLDER` needs none.", file=sys.stderr)  # noqa: T201
        return 2
    from ipnft_desktop.bootstrap.event_loop import run_on_qt
    from ipnft_desktop.ui.language import Language
    from ipnft_desktop.ui.playground.program import run_playground

    return run_on_qt(lambda app: run_playground(app, Language(chosen.language), chosen.out))


def _measure_gas(chosen: argparse.Namespace) -> int:
    import asyncio

    from ipnft_desktop.bootstrap.gas_command import INTERRUPTED, gas_command
    from ipnft_desktop.domain.gas_laboratory import Experiment, Recipients

    recipients = Recipients.of(distinct=chosen.recipients == "distinct", new=chosen.holders == "new")
    experiment = Experiment(recipients=recipients)
    if chosen.sizes:
        experiment = dataclasses.replace(experiment, sizes=tuple(chosen.sizes))
    if chosen.gas_price:
        experiment = dataclasses.replace(experiment, gas_price_wei=round(chosen.gas_price * 10**9))
    try:
        return asyncio.run(gas_command(experiment, chosen.csv))
    except KeyboardInterrupt:  # a second one does not wait for the end of the first
        return INTERRUPTED


def _has_display() -> bool:
    """Whether a window can come up; Qt ends the process without a word to the caller where none can."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("1 or more")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ipnft", description="Intellectual property into NFTs, from one window.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"IPNFT Desktop {__version__}")
    parser.add_argument("--profile", type=Path, help="folder that holds register, content and settings")
    commands = parser.add_subparsers(dest="command")
    run = commands.add_parser("run", help="open the window (default)", allow_abbrev=False)
    tour = commands.add_parser(
        "tour", help="drive the real window through one whole story and photograph it", allow_abbrev=False
    )
    commands.add_parser("self-check", help="try the libraries that the program came with", allow_abbrev=False)
    playground = commands.add_parser(
        "playground", help="show every widget of the window in each of its states", allow_abbrev=False
    )
    playground.add_argument("--out", type=Path, help="save pictures in both themes to this folder, without a window")
    playground.add_argument("--language", choices=("en", "zh"), default="en", help="what the widgets speak")
    doctor = commands.add_parser(
        "doctor", help="look at what the program stands on, and say what is wrong and what to do", allow_abbrev=False
    )
    doctor.add_argument("--json", action="store_true", help="the same as JSON")
    add_arguments(commands.add_parser("verify", help="check an evidence bundle, offline", allow_abbrev=False))
    gas = commands.add_parser(
        "gas", help="measure what mints cost, beside other contracts, on a chain of its own", allow_abbrev=False
    )
    gas.add_argument("--sizes", type=int, nargs="+", metavar="N", help="tokens at once, 1 to 256")
    gas.add_argument("--recipients", choices=("one", "distinct"), default="one", help="of the tokens of a batch")
    gas.add_argument("--holders", choices=("existing", "new"), default="existing", help="whether they have tokens")
    gas.add_argument("--gas-price", type=float, metavar="GWEI", help="what fees are told at")
    gas.add_argument("--csv", type=Path, help="file for every measurement")
    tour.add_argument("--out", type=Path, default=Path("build/tour"), help="folder for the pictures")
    tour.add_argument("--json", type=Path, help="file for the table as JSON")
    tour.add_argument("--language", choices=("en", "zh"), action="append", help="tell it in this language only")
    tour.add_argument("--guide", action="store_true", help="make the pictures of the user guides anew")
    tour.add_argument("--scenes", action="store_true", help="play the scenes of the Stage page instead, by its keys")
    tour.add_argument("--rounds", type=_positive, default=1, metavar="N", help="play the scenes so often, each anew")
    tour.add_argument("--kill", action="store_true", help="end the node without warning in every step of the scenes")
    scenes = commands.add_parser("scenes", help="look at scenes for the Stage page", allow_abbrev=False)
    check = scenes.add_subparsers(dest="what", required=True).add_parser(
        "check", help="say everything that is wrong with scenes, file by file", allow_abbrev=False
    )
    check.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="scenes (*.toml); docs/scenes.md has the form"
    )
    for command in (run, doctor):
        command.add_argument("--profile", type=Path, default=argparse.SUPPRESS, help="as above")
    tour.add_argument("--profile", type=Path, default=argparse.SUPPRESS, help="folder without a register, to be kept")
    return parser


if __name__ == "__main__":
    sys.exit(main())
