"""What is wrong with a value of a setting, in words that stand beside its field."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from ipnft_desktop.domain.chain import parse_address, shown_url
from ipnft_desktop.domain.errors import FieldProblem, ProblemKind, UserError
from ipnft_desktop.domain.setting_specs import (
    Refusal,
    SettingRefused,
    SettingSpec,
    SettingValue,
    Shape,
    check_value,
)

_DATABASE_SCHEMES = ("postgresql", "postgresql+psycopg")


def problem_of(spec: SettingSpec, value: SettingValue) -> FieldProblem | None:
    """What is wrong with a value of one setting, seen by itself; reads no file."""
    try:
        checked = check_value(spec, value)
    except SettingRefused as error:
        return problem_of_refusal(spec, error)
    kind = _shape_problem(spec.shape, checked) if isinstance(checked, str) and checked else None
    return FieldProblem(spec.name, kind) if kind else None


def problem_of_refusal(spec: SettingSpec, refusal: SettingRefused) -> FieldProblem:
    """The same for what `settings.py` refused."""
    if refusal.reason is Refusal.RANGE and spec.range:
        return FieldProblem(spec.name, ProblemKind.OUT_OF_RANGE, " - ".join(map(number_text, spec.range)))
    if refusal.reason is Refusal.CHOICE:
        return FieldProblem(spec.name, ProblemKind.NOT_A_CHOICE)
    if refusal.reason is Refusal.NEEDS_RPC_URL:
        return FieldProblem(spec.name, ProblemKind.NEEDS_RPC_URL)
    if spec.kind is bool:
        return FieldProblem(spec.name, ProblemKind.NOT_YES_OR_NO)
    return FieldProblem(spec.name, ProblemKind.NOT_A_WHOLE_NUMBER if spec.kind is int else ProblemKind.NOT_A_NUMBER)


def file_problem(spec: SettingSpec, value: SettingValue, profile: Path) -> FieldProblem | None:
    """What is wrong with the file or folder that a setting names, seen from the profile. Blocks: it looks there."""
    if not isinstance(value, str) or not value:
        return None
    place = profile / value
    if spec.shape is Shape.FILE and not place.is_file():
        return FieldProblem(spec.name, ProblemKind.FILE_MISSING, value)
    if spec.shape is Shape.FOLDER and place.exists() and not place.is_dir():
        return FieldProblem(spec.name, ProblemKind.NOT_A_FOLDER, value)
    return None


def holds_secret(spec: SettingSpec, value: SettingValue) -> bool:
    """Whether a value names more than scheme, host and port: providers put passwords and keys into the rest."""
    if not spec.may_hold_secrets or not isinstance(value, str):
        return False
    if spec.shape is Shape.DATABASE_URL:
        parts = _split(value)
        return bool(value) and (parts is None or bool(parts.password or parts.query))
    return any(_is_more_than_a_place(address) for address in value.split())


def number_text(number: float) -> str:
    """A limit as people write it: no fraction where there is none."""
    return str(int(number)) if float(number).is_integer() else f"{number:.10f}".rstrip("0")


def _is_more_than_a_place(address: str) -> bool:
    if address.startswith("/"):  # a multiaddr has no room for a secret
        return False
    return _split(address) is None or shown_url(address) != address.rstrip("/")


def _shape_problem(shape: Shape, text: str) -> ProblemKind | None:
    if shape is Shape.ADDRESS:
        try:
            parse_address(text)
        except UserError:
            return ProblemKind.NOT_AN_ADDRESS
    elif shape is Shape.RPC_URL:
        return None if _is_web_url(text) else ProblemKind.NOT_A_NODE_URL
    elif shape is Shape.RPC_URLS:
        return None if all(map(_is_web_url, text.split())) else ProblemKind.NOT_A_NODE_URL
    elif shape is Shape.DATABASE_URL:
        parts = _split(text)
        is_one = parts is not None and parts.scheme in _DATABASE_SCHEMES and len(parts.path) > 1
        return None if is_one else ProblemKind.NOT_A_DATABASE_URL
    elif shape is Shape.IPFS_ADDRESS:
        return None if text.startswith("/") or _is_web_url(text) else ProblemKind.NOT_AN_IPFS_ADDRESS
    return None


def _is_web_url(text: str) -> bool:
    parts = _split(text)
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port  # refuses what is no number
    except ValueError:
        return None
    return parts
