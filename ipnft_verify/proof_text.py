"""PROOF.en.md and PROOF.zh.md: what the manifest says, for a person to read. The same manifest gives the same text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ipnft_verify.manifest import Manifest
from ipnft_verify.proof_words import EDITIONS, WORDS

_ESCAPED = frozenset("\\`*_[]<>#|~&")


def proof_text(manifest: Manifest, language: str) -> bytes:
    """The page in a language, "en" or "zh"."""
    return _page(manifest, WORDS[language])


def is_proof_text(page: bytes, manifest: Manifest, language: str) -> bool:
    """Whether a page is what the manifest says, in the words of now or of before."""
    return any(page == _page(manifest, word) for word in EDITIONS[language])


def _page(manifest: Manifest, word: dict[str, str]) -> bytes:
    sections = [
        f"# {word['title']}",
        word["what"],
        f"## {word['asset']}",
        _table(_asset(manifest, word)),
        f"## {word['token']}",
        _table(_token(manifest, word)),
        f"## {word['mint']}",
        _table(_mint(manifest, word)),
        f"## {word['state']}",
        _table(_state(manifest, word)),
        f"## {word['history']}",
        _history(manifest, word),
        f"## {word['licence']}",
        _table(_licence(manifest, word)),
        f"## {word['files']}",
        _files(manifest, word),
        f"## {word['check']}",
        word["how"],
        "    python3 -m ipnft_verify " + word["file_name"],
        f"## {word['limits']}",
        word["limits_text"],
    ]
    return ("\n\n".join(sections) + "\n").encode()


def _asset(manifest: Manifest, word: dict[str, str]) -> Iterable[tuple[str, str]]:
    asset = manifest["asset"]
    names = ("name", "type", "id", "application_number", "creator", "creation_date", "enterprise", "legal_status")
    return [(word[f"asset_{name}"], asset[name] or word["none"]) for name in names]


def _token(manifest: Manifest, word: dict[str, str]) -> Iterable[tuple[str, str]]:
    chain, token = manifest["chain"], manifest["token"]
    return [
        (word["token_id"], token["id"]),
        (word["chain_id"], str(chain["chain_id"])),
        (word["contract"], chain["contract"]),
        (word["instance_id"], chain["instance_id"]),
        (word["code_hash"], chain["code_hash"]),
        (word["uri"], token["uri"]),
        (word["metadata_cid"], token["metadata_cid"]),
    ]


def _mint(manifest: Manifest, word: dict[str, str]) -> Iterable[tuple[str, str]]:
    mint = manifest["mint"]
    fee_wei = mint["gas_used"] * int(mint["gas_price_wei"])
    return [
        (word["transaction"], mint["transaction_hash"]),
        (word["block"], f"{mint['block_number']} {mint['block_hash']}"),
        (word["time"], mint["block_time"]),
        (word["sender"], mint["sender"]),
        (word["recipient"], mint["recipient"]),
        (word["gas"], str(mint["gas_used"])),
        (word["fee"], str(fee_wei)),
    ]


def _state(manifest: Manifest, word: dict[str, str]) -> Iterable[tuple[str, str]]:
    state = manifest["state"]
    return [
        (word["block"], f"{state['block_number']} {state['block_hash']}"),
        (word["time"], state["block_time"]),
        (word["owner"], state["owner"]),
        (word["validity"], word[state["validity"]]),
        (word["proved"], word["by_state" if state["is_proved"] else "by_register"]),
        (word["issued_at"], manifest["issued_at"]),
        (word["issued_by"], manifest["issued_by"]),
    ]


def _history(manifest: Manifest, word: dict[str, str]) -> str:
    if not manifest["history"]:
        return word["no_history"]
    lines: list[str] = []
    for number, event in enumerate(manifest["history"], 1):
        value: str = event["value"]
        lines.append(f"{number}. {event['block_time']}: {word[event['kind']]} {_plain(word.get(value, value))}")
    return "\n".join(lines)


def _licence(manifest: Manifest, word: dict[str, str]) -> Iterable[tuple[str, str]]:
    terms = manifest["licence"]
    names = ("transferable", "commercial_use", "derivatives", "attribution")
    yes_or_no = [(word[f"licence_{name}"], word["yes" if terms[name] else "no"]) for name in names]
    share = f"{terms['revenue_share_bp'] // 100}.{terms['revenue_share_bp'] % 100:02d}%"
    return [*yes_or_no, (word["licence_share"], share), (word["licence_end"], terms["expires_on"] or word["none"])]


def _files(manifest: Manifest, word: dict[str, str]) -> str:
    lines = [
        f"* {_plain(file['file_name'])} ({file['entry']}), {file['size_bytes']} {word['bytes']}, "
        f"SHA-256 {file['sha256']}"
        for file in manifest["attachments"]
    ]
    lines += [f"* {word['withheld']}, SHA-256 {file['sha256']}" for file in manifest["withheld"]]
    return "\n".join(lines) if lines else word["no_files"]


def _table(rows: Iterable[tuple[str, Any]]) -> str:
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {_plain(value)} |" for name, value in rows)])


def _plain(text: str) -> str:
    """Text that means nothing to Markdown: names come from people."""
    return "".join(f"\\{char}" if char in _ESCAPED else char if char.isprintable() else " " for char in text)
