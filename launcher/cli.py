"""Commands of start.py: preparation first, then the right program."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from launcher.child import environment, replace_or_run
from launcher.console import Problem, say
from launcher.display import has_display
from launcher.prepare import prepare

ROOT = Path(__file__).resolve().parent.parent
DEV_COMMANDS = ("test", "pictures", "check", "translate", "bench", "soak", "build")
COMMANDS = ("run", "tour", *DEV_COMMANDS)
MEASURING_MODULES = {"bench": "benchmarks", "soak": "benchmarks.soak"}

HELP = """\
usage: python3 start.py [command] [options]

Prepares what is missing (first time only), then runs the command:

  (none)   the application; without a display, the tour
  tour     drives the real window through one whole story     --out DIR  --json FILE  --profile NEW-DIR
           --guide makes the pictures of the user guides anew
           --scenes plays the scenes of the stage by keys      --rounds N  --kill
  test     every test: Python, window, contracts              or pytest's own arguments: one file, -k WORD
  pictures every page and dialog against accepted pictures    --accept makes today's the accepted ones
  check    style, types, layers, generated files, translations; audits of the contract
  translate  brings the catalogues of the languages to the sources and compiles them
  bench    measures speed, memory and the contracts' gas      --json FILE  --only KEYPREFIX  --gas  --quick
  soak     mints while node and program die, counts tokens    --minutes N  --seed S  --json FILE
  build    a folder with a program that needs no Python       build/program

  --profile DIR   keep the application's data in DIR, not in your user data folder
  --help          this text
"""


def split(arguments: list[str], *, display: bool) -> tuple[str, list[str]]:
    """The command and what is handed through to it. Raises Problem for a word that is no command."""
    if not arguments or arguments[0].startswith("-"):
        arguments = ["run", *arguments]
    command, rest = arguments[0], arguments[1:]
    if command not in COMMANDS:
        raise Problem(f"start.py does not know the command '{command}': use one of {', '.join(COMMANDS)}.")
    if command == "run" and not display:
        return "tour", _without_profile(rest)
    return command, rest


def _without_profile(arguments: list[str]) -> list[str]:
    """The profile was named for the application: a tour that nobody asked for must not play in a person's register."""
    left: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--profile":
            next(rest, None)
        elif not argument.startswith("--profile="):
            left.append(argument)
    return left


def main(arguments: list[str]) -> int:
    if arguments[:1] in (["-h"], ["--help"], ["help"]):
        say(HELP)
        return 0
    try:
        return _start(arguments)
    except Problem as reason:
        print(reason, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. The next start carries on from here.", file=sys.stderr)
        return 130


def _start(arguments: list[str]) -> int:
    display = has_display(sys.platform, os.environ)
    command, rest = split(arguments, display=display)
    if command == "tour" and arguments[:1] != ["tour"]:
        say("There is no display here, so the tour runs instead of the window, with data of its own.")
    layout = prepare(ROOT, dev=command in DEV_COMMANDS, display=display and command != "test")
    # Imported where needed: the second start of the application has to go straight to the window.
    if command == "test":
        from launcher import testing

        return testing.run(layout, rest)
    if command == "pictures":
        from launcher import testing

        return testing.compare_pictures(layout, rest)
    if command == "check":
        from launcher import checking

        return checking.run(layout)
    if command == "translate":
        from launcher import translating

        return translating.run(layout)
    if command == "build":
        from launcher import building

        return building.run(layout, rest)
    env = environment(layout, offscreen=not display)
    if command in MEASURING_MODULES:
        return replace_or_run([layout.python, "-m", MEASURING_MODULES[command], *rest], env)
    return replace_or_run([layout.python, "-m", "ipnft_desktop", command, *rest], env)
