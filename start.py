#!/usr/bin/env python3
"""The one command: `python3 start.py` runs the application, `python3 start.py --help` lists the rest.

Needs nothing but Python. This file only finds a suitable interpreter and hands over to `launcher/`. It keeps to
what old interpreters understand, so that they answer with a sentence and not with a syntax error.
"""

import os
import subprocess
import sys

SUPPORTED = ((3, 13), (3, 12), (3, 11))
ROOT = os.path.dirname(os.path.abspath(__file__))
TOLD_ALREADY = "IPNFT_START_INTERPRETER"


def is_suitable(version):
    """Whether a `sys.version_info`-like tuple names a Python that the lock files were made for."""
    return tuple(version[:2]) in SUPPORTED


def candidates(windows):
    """Commands that may start a suitable interpreter, best first; the one of `.venv` needs no installation at all."""
    prepared = os.path.join(ROOT, ".venv", *(("Scripts", "python.exe") if windows else ("bin", "python")))
    names = ["%d.%d" % version for version in SUPPORTED]
    if windows:
        return [[prepared]] + [["py", "-" + name] for name in names]
    return [[prepared]] + [["python" + name] for name in names]


def answers(command):
    """Whether the command runs and is a suitable Python (a version manager's shim exists without its version)."""
    try:
        output = subprocess.check_output(
            command + ["-c", "import sys; print('%d %d' % sys.version_info[:2])"], stderr=subprocess.STDOUT
        )
        return is_suitable([int(part) for part in output.split()])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return False


def find_interpreter(commands, suits=answers):
    """The first command whose interpreter is suitable, or None."""
    for command in commands:
        if suits(command):
            return command
    return None


def main():
    if is_suitable(sys.version_info):
        sys.path.insert(0, ROOT)
        from launcher.cli import main as launch

        return launch(sys.argv[1:])

    running = "Python %d.%d" % sys.version_info[:2]
    command = None if TOLD_ALREADY in os.environ else find_interpreter(candidates(os.name == "nt"))
    if command is None:
        sys.stderr.write(
            "IPNFT Desktop needs Python 3.11, 3.12 or 3.13, and this is %s: install one of them from your system's "
            "packages or python.org, then run start.py with it.\n" % running
        )
        return 2
    arguments = command + [os.path.join(ROOT, "start.py")] + sys.argv[1:]
    environment = dict(os.environ, **{TOLD_ALREADY: "1"})
    try:
        return subprocess.call(arguments, env=environment)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
