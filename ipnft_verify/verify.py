"""Judges a bundle: part by part, and nothing after the first that does not hold."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from ipnft_verify.broken import MISREAD, Broken
from ipnft_verify.chain import ChainAnswer, ask_chain
from ipnft_verify.checks import Checks
from ipnft_verify.container import Container
from ipnft_verify.pace import watched
from ipnft_verify.report import Finding, Part, Report, Verdict

OnShare = Callable[[float], None]
_READING_SHARE = 0.4
"""Of the progress; the rest is judging."""


def _nobody_waits(_share: float) -> None:
    """Nothing."""


def verify_file(
    path: Path, *, signer: str | None = None, rpc_url: str | None = None, on_share: OnShare = _nobody_waits
) -> Report:
    """Judge a file, and with `rpc_url` ask a node whether its chain says the same.

    `signer` is the account that must have signed; without it the one that sent the mint. `on_share` hears how much is
    done, 0 to 1, many times a second; whatever it raises ends the work. Raises OSError where the file cannot be read,
    ImportError where the package `coincurve` is missing.
    """
    import_module("coincurve")  # missing, no signature could be judged: told before anything is
    with path.open("rb") as file:
        return verify(file, signer=signer, rpc_url=rpc_url, on_share=on_share)


def verify(
    file: BinaryIO, *, signer: str | None = None, rpc_url: str | None = None, on_share: OnShare = _nobody_waits
) -> Report:
    """As `verify_file`, for a file that is open, or bytes in memory."""
    share = _Share(on_share)
    with watched(share.step):
        return _judged(file, signer, rpc_url, share)


class _Share:
    """How much is done, told at every step."""

    def __init__(self, on_share: OnShare) -> None:
        self._on_share = on_share
        self._share = 0.0

    def reach(self, share: float) -> None:
        """So much is done by now."""
        self._share = share
        self.step()

    def step(self) -> None:
        """Nothing new to tell; a moment to be ended at."""
        self._on_share(self._share)


def _judged(file: BinaryIO, signer: str | None, rpc_url: str | None, share: _Share) -> Report:
    try:
        container = Container(file)
        total_bytes = max(1, sum(entry.size_bytes for entry in container.entries.values()))
        container.digest(lambda done_bytes: share.reach(_READING_SHARE * done_bytes / total_bytes))
    except Broken as broken:
        return _report([_broken(Part.CONTAINER, broken)], rpc_url)
    findings = [Finding(Part.CONTAINER, Verdict.HOLDS, "container_holds", {"entries": str(len(container.entries))})]
    checks = Checks(container, signer)
    parts = checks.in_order()
    for number, (part, check) in enumerate(parts):
        share.reach(_READING_SHARE + (1 - _READING_SHARE) * number / len(parts))
        try:
            found = check()
            values = {name: str(value) for name, value in found.values.items()}
        except Broken as broken:
            return _report([*findings, _broken(part, broken)], rpc_url)
        except MISREAD:
            return _report([*findings, Finding(part, Verdict.BROKEN, "unreadable", {})], rpc_url)
        findings.append(Finding(part, found.verdict, found.key, values))
    answer = ask_chain(rpc_url, checks.manifest) if rpc_url else ChainAnswer()
    if any(one.verdict is Verdict.HOLDS for one in answer.findings):
        findings = [_agreed(one) if one.part is Part.STATE else one for one in findings]
    share.reach(1)
    return Report((*findings, *answer.findings), answer.notes, _subject(checks))


def _agreed(state: Finding) -> Finding:
    """What was stated of owner and validity, now that the chain said the same."""
    return Finding(state.part, Verdict.HOLDS, "state_holds", state.values)


def _subject(checks: Checks) -> dict[str, str]:
    manifest = checks.manifest
    state = manifest["state"]
    return {
        "name": manifest["asset"]["name"],
        "asset_id": manifest["asset"]["id"],
        "token": manifest["token"]["id"],
        "chain_id": str(manifest["chain"]["chain_id"]),
        "contract": manifest["chain"]["contract"],
        "instance_id": manifest["chain"]["instance_id"],
        "sender": manifest["mint"]["sender"],
        "signer": checks.signer,
        "block_number": str(manifest["mint"]["block_number"]),
        "block_hash": manifest["mint"]["block_hash"],
        "owner": state["owner"],
        "validity": state["validity"],
        "state_number": str(state["block_number"]),
        "state_hash": state["block_hash"],
    }


def _report(findings: list[Finding], rpc_url: str | None) -> Report:
    seen = {finding.part for finding in findings}
    left = [part for part in Part if part not in seen and (part is not Part.CHAIN or rpc_url)]
    return Report((*findings, *(Finding(part, Verdict.NOT_CHECKED, "not_checked", {}) for part in left)))


def _broken(part: Part, broken: Broken) -> Finding:
    return Finding(part, Verdict.BROKEN, broken.key, broken.values)
