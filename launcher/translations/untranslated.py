"""Words in the window's own sources that go to a person past every catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from launcher.translations.sources import PACKAGE

FOLDERS = ("ui", "bootstrap")
NOT_SHOWN = frozenset(
    {
        *("ui/theme/", "ui/playground/", "ui/widgets/plain.py"),
        *("bootstrap/core.py", "bootstrap/self_check.py", "bootstrap/gas_command.py"),  # a terminal's, not the window's
    }
)

# What these get as a text is shown or read out.
SHOWING = frozenset(
    {
        "setText", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setPlaceholderText",
        "setWindowTitle", "setTitle", "setStatusTip", "setWhatsThis", "setSuffix", "setPrefix", "setSpecialValueText",
        "addAction", "addMenu", "addItem", "addRow", "add_line", "set_text", "set_title", "set_name",
        "set_error", "set_hint", "set_value", "set_message", "set_parts", "set_state", "show_message", "show_toast",
        "ask", "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction", "Text", "Fact", "Card",
        "CheckBox", "EmptyState", "FormField", "RecordColumn", "PrimaryButton", "SecondaryButton", "DangerButton",
        "IconButton", "LinkButton", "ChipButton", "StatusTag", "DialogHead",
    }
)  # fmt: skip
TRANSLATING = frozenset({"tr", "translate", "_tr"})
# Names of things, units and codes: the same in every language.
NAMES = frozenset(
    {
        "IPNFT Desktop",
        "Hardhat",
        "SQLite",
        "PostgreSQL",
        "Python",
        "English",
        "ETH",
        "gwei",
        "wei",
        "ms",
        "kB",
        "MB",
        "GB",
    }
)
SHORTCUT = re.compile(
    r"((Ctrl|Alt|Shift|Meta)\+)*([A-Z]|F\d+|Del|Return|Enter|Esc|Escape|Space|Tab|Home|End|Up|Down|Left|Right)?,?"
)
CODE = re.compile(r"[A-Z0-9_-]+|https?://\S*")
SENTENCE = re.compile(r"\W*[A-Z][a-z]{2,}(\s|$|[.…:])")
WORD = re.compile(r"[^\W\d_]{2,}")


def untranslated(root: Path) -> list[str]:
    """`file:line: text` for every text of the window that looks like words and is not translated."""
    package = root / PACKAGE
    findings: list[str] = []
    for folder in FOLDERS:
        for file in sorted((package / folder).rglob("*.py")):
            name = file.relative_to(package).as_posix()
            if not any(name.startswith(exempt) for exempt in NOT_SHOWN):
                findings += untranslated_in(file.read_text("utf-8"), f"{PACKAGE}/{name}")
    return findings


def untranslated_in(code: str, name: str) -> list[str]:
    """The same for one module."""
    return [
        f"{name}:{node.lineno}: shown without being translated: {node.value!r}"
        for node, is_shown in _texts(ast.parse(code), is_shown=False)
        if _is_words(str(node.value), is_shown=is_shown)
    ]


def _texts(node: ast.AST, *, is_shown: bool) -> Iterator[tuple[ast.Constant, bool]]:
    """Literals that no translation gets, and whether a widget gets them directly."""
    match node:
        case ast.Constant(value=str()):
            yield node, is_shown
        case ast.Expr(value=ast.Constant()):
            pass  # a docstring
        case ast.Call(func=func, args=args, keywords=keywords):
            name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
            yield from _texts(func, is_shown=False)
            if name not in TRANSLATING:
                for part in (*args, *(keyword.value for keyword in keywords)):
                    yield from _texts(part, is_shown=name in SHOWING)
        case ast.FormattedValue(value=value):
            yield from _texts(value, is_shown=is_shown)
        case ast.JoinedStr() | ast.IfExp() | ast.BinOp() | ast.Tuple() | ast.List():
            for child in ast.iter_child_nodes(node):
                yield from _texts(child, is_shown=is_shown)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _texts(child, is_shown=False)


def _is_words(text: str, *, is_shown: bool) -> bool:
    if text.strip() in NAMES or SHORTCUT.fullmatch(text) or CODE.fullmatch(text):
        return False
    return bool(WORD.search(text) if is_shown else SENTENCE.match(text))
