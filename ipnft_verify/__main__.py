"""Command line of the verifier: `python3 -m ipnft_verify FILE`."""

from __future__ import annotations

import argparse
import json
import locale
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ipnft_verify.manifest import VALIDITIES
from ipnft_verify.report import Part, Report
from ipnft_verify.verify import verify_file
from ipnft_verify.words import LANGUAGES, conclusion, line, remembered, sentence, standing, subject, told

HOLDS, HOLDS_NOT, NOT_KNOWN, DEMONSTRATION, NOT_IN_FORCE = range(5)


def main(arguments: Sequence[str] | None = None) -> int:
    """0: the evidence holds, of a valid certificate. 1: it does not hold. 2: the file could not be read, or the chain
    that was to be asked did not answer. 3: every part holds, but it is signed with a published key. 4: it holds, of a
    certificate that is suspended or revoked: now where the chain was asked, else at the stated block."""
    chosen = _parser().parse_args(arguments)
    return run(chosen.file, chosen.rpc, chosen.signer, chosen.language, as_json=chosen.json)


def run(file: Path, rpc_url: str | None, signer: str | None, language: str | None, *, as_json: bool) -> int:
    """Verify a file and print what was found; returns the exit code."""
    try:
        report = verify_file(file, signer=signer, rpc_url=rpc_url)
    except OSError as error:
        print(f"{file}: {error.strerror or error}", file=sys.stderr)  # noqa: T201 - a command line
        return NOT_KNOWN
    except ImportError:
        print("The package coincurve is needed: python3 -m pip install coincurve", file=sys.stderr)  # noqa: T201
        return NOT_KNOWN
    told_in = language or _language()
    text = json.dumps(as_object(report, told_in), ensure_ascii=False, indent=2) if as_json else as_text(report, told_in)
    sys.stdout.buffer.write(text.encode() + b"\n")
    if report.is_unanswered:
        return NOT_KNOWN
    if not report.holds:
        return HOLDS_NOT
    if report.is_demonstration:
        return DEMONSTRATION
    return HOLDS if report.validity == VALIDITIES[0] else NOT_IN_FORCE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the verifier can be told."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the evidence bundle")
    parser.add_argument("--rpc", metavar="URL", help="also ask this node of the chain")
    parser.add_argument("--signer", metavar="ADDRESS", help="account that must have signed; else the mint's sender")
    parser.add_argument("--language", choices=LANGUAGES, help="language of the sentences")
    parser.add_argument("--json", action="store_true", help="the same as JSON")


def as_text(report: Report, language: str) -> str:
    """Part by part, what changed since, and the verdict."""
    lines = [line(one, language) for one in report.findings]
    lines += [told(note, language) for note in report.notes]
    lines += ["", conclusion(report, language)]
    if report.holds:
        lines += filter(None, (standing(report, language), subject(report, language)))
        lines.append(remembered(report, language))
        if all(one.part is not Part.CHAIN for one in report.findings):
            lines.append(sentence("remember_rpc", language))
    return "\n".join(map(_harmless, lines))


def as_object(report: Report, language: str) -> dict[str, Any]:
    """The same for a program."""

    def described(finding: Any) -> dict[str, str]:
        return {
            "part": finding.part,
            "verdict": finding.verdict,
            "key": finding.key,
            "text": told(finding, language),
        }

    return {
        "holds": report.holds,
        "certificate": report.validity,
        "certificate_is_current": report.is_current,
        "owner": report.owner,
        "demonstration": report.holds and report.is_demonstration,
        "first_broken": report.first_broken.part if report.first_broken else None,
        "parts": [described(one) for one in report.findings],
        "notes": [described(note) for note in report.notes],
        "subject": dict(report.subject) if report.subject and report.holds else None,
        "conclusion": conclusion(report, language),
        "standing": standing(report, language),
    }


def _harmless(text: str) -> str:
    """Without characters that could move a terminal's cursor or turn its text around."""
    return "".join(char if char.isprintable() else "?" for char in text)


def _language() -> str:
    return "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ipnft_verify", description="Checks an evidence bundle of IPNFT Desktop, offline.", allow_abbrev=False
    )
    add_arguments(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
