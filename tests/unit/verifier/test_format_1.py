"""A bundle of the first format, made once and never again: what was handed out must hold for ever."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from ipnft_verify.__main__ import main
from ipnft_verify.report import Part, Verdict
from ipnft_verify.verify import verify, verify_file

BUNDLE = Path(__file__).parents[2] / "support" / "evidence" / "format-1.evidence.zip"


def test_it_holds() -> None:
    report = verify_file(BUNDLE)
    assert report.is_valid
    assert {one.part for one in report.findings if one.verdict is Verdict.STATED} == {Part.STATE, Part.AUDIT}
    assert report.subject is not None
    assert report.subject["name"] == "Frequency hopping radio 跳频电台"


@pytest.mark.parametrize(
    ("language", "told", "standing"),
    [
        ("en", "THE EVIDENCE HOLDS: every part agrees.", "The certificate was valid at block"),
        ("zh", "证据成立：每个部分均一致。", "为“有效”"),
    ],
)
def test_the_command_says_so_in_both_languages(
    language: str, told: str, standing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(BUNDLE), "--language", language]) == 0
    out = capsys.readouterr().out
    assert told in out
    assert standing in out
    assert len([line for line in out.splitlines() if ": holds." in line or "：成立。" in line]) == len(Part) - 3


def test_without_the_package_nothing_is_judged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "coincurve", None)
    assert main([str(BUNDLE)]) == 2
    assert "coincurve" in capsys.readouterr().err


def test_a_chain_that_is_no_address_is_not_known() -> None:
    report = verify(io.BytesIO(BUNDLE.read_bytes()), rpc_url="file:///etc/passwd")
    assert report.is_unanswered
    assert not report.is_valid
