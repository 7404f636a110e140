"""What of a Hardhat node's output is worth showing: transactions, blocks and trouble, no secrets and no polling."""

from __future__ import annotations

import re

MAX_LINE_CHARACTERS = 400

_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_SECRET = re.compile(r"private key|mnemonic", re.IGNORECASE)
_METHOD = re.compile(r"(eth|net|web3|evm|hardhat|debug)_\w+( \(\d+\))?( - .*)?")
_QUIET_METHODS = re.compile(r"(eth_(?!sendRawTransaction|sendTransaction)|net_|web3_|hardhat_get)")


class NodeLog:
    """Cleans line after line. Hardhat names the method of each request and indents what belongs to it below."""

    def __init__(self) -> None:
        self._is_quiet = False

    def clean(self, line: str) -> str:
        """The line without terminal codes, cut to length; empty for secrets (it prints its keys) and mere reads."""
        text = _TERMINAL_CODES.sub("", line).rstrip()
        if _METHOD.fullmatch(text):
            self._is_quiet = _QUIET_METHODS.match(text) is not None and " - " not in text
        elif text and not text[0].isspace():
            self._is_quiet = False
        if self._is_quiet or _SECRET.search(text):
            return ""
        return text.strip()[:MAX_LINE_CHARACTERS]
