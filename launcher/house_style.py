"""The house style, checked: no page sets a colour or a pixel of its own.

Colours and lengths of the window have names in `ipnft_desktop/ui/theme/tokens.py`. Everywhere else in `ui` this refuses

* colours: `"#2f5bea"`, a `QColor` or `Qt.GlobalColor` of one's own, `setStyleSheet`;
* windows that nobody dresses: a bare `QMenu` or `QDialog`;
* lengths: a bare number where Qt wants pixels, directly or by way of a constant of the file, and one added to a token.

0 and 1 (nothing, a hairline, half a pixel of alignment) and multiples of tokens (`2 * Space.M`) are free.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

STYLED = Path("ipnft_desktop", "ui")
THEME = STYLED / "theme"

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})(?![0-9a-zA-Z])")
_NO_COLOUR_OF_ITS_OWN = {"transparent"}
_OF_THE_HOUSE = {"QMenu": "Menu", "QDialog": "Dialog"}
_EVERY_ARGUMENT = None
_PIXEL_CALLS: Mapping[str, tuple[int, ...] | None] = {
    **dict.fromkeys(
        (
            *(f"set{bound}{side}" for bound in ("Fixed", "Minimum", "Maximum") for side in ("Width", "Height", "Size")),
            *("setContentsMargins", "setTextMargins", "setViewportMargins", "setSpacing", "addSpacing", "setMargin"),
            *("setHorizontalSpacing", "setVerticalSpacing", "setIconSize", "setIndent", "setIndentation"),
            *("setDefaultSectionSize", "setMinimumSectionSize", "setMaximumSectionSize", "setGridSize"),
            *("resize", "move", "setGeometry", "adjusted", "adjust", "translated", "translate", "setPixelSize"),
            *("QSize", "QSizeF", "QRect", "QRectF", "QPoint", "QPointF", "QMargins", "QMarginsF", "setWidthF"),
            *("drawRoundedRect", "drawEllipse", "drawLine", "drawRect", "fillRect", "drawPixmap", "setPointSize"),
        ),
        _EVERY_ARGUMENT,
    ),
    # The first argument of these is no length: an index, a colour, a title.
    **dict.fromkeys(("setColumnWidth", "resizeSection", "setColumnMinimumWidth", "setRowMinimumHeight"), (1,)),
    **dict.fromkeys(("setRowHeight", "QPen"), (1,)),
    "RecordColumn": (2,),
}
_PIXEL_KEYWORDS = re.compile(r"(?:.*_px|width|height|radius)$")
_LENGTH_NAMES = re.compile(r"(?:^|_)(?:WIDTH|HEIGHT|PADDING|GAP|MARGIN|INSET|INDENT|RADIUS)S?$")
_PAINTERS = re.compile(r"_?(?:paint.*|draw.*|sizeHint|minimumSizeHint)$")
_TOKEN_TABLES = {"Space", "Radius", "Stroke", "Size", "ColumnWidth", "DialogWidth", "DialogHeight", "WindowSize"}
_FREE = {0, 0.5, 1}


def findings(root: Path) -> list[str]:
    """Every colour and pixel outside the token table, as `file:line: what`."""
    found: list[str] = []
    for file in sorted((root / STYLED).rglob("*.py")):
        name = file.relative_to(root)
        if THEME not in name.parents:
            lines = findings_in(file.read_text("utf-8"))
            found += [f"{name.as_posix()}:{line}: {what}" for line, what in lines]
    return found


def findings_in(source: str) -> list[tuple[int, str]]:
    """Line and fault of everything that a page sets by itself in this source."""
    tree = ast.parse(source)
    constants = _constants(tree)
    found: set[tuple[int, str]] = set()
    for name, value in _assigned(tree):
        if _LENGTH_NAMES.search(name):
            found.update(_bare(value, constants))
    for node in ast.walk(tree):
        found.update(_colours(node))
        found.update(_undressed(node))
        if isinstance(node, ast.Call):
            for argument in _lengths(node):
                found.update(_bare(argument, constants))
        elif isinstance(node, ast.BinOp):
            found.update(_beside_a_token(node))
        elif isinstance(node, ast.FunctionDef) and _PAINTERS.match(node.name):
            for inner in ast.walk(node):
                if isinstance(inner, ast.BinOp | ast.Tuple):
                    found.update(_bare(inner, constants))
    return sorted(found)


def _undressed(node: ast.AST) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in _OF_THE_HOUSE:
            yield node.lineno, f"a {name} that nobody dresses: take {_OF_THE_HOUSE[name]}"
        case ast.ClassDef(name=own, bases=[ast.Name(id=name), *_]) if name in _OF_THE_HOUSE:
            if own != _OF_THE_HOUSE[name]:
                yield node.lineno, f"a {name} that nobody dresses: take {_OF_THE_HOUSE[name]}"
        case _:
            pass


def _colours(node: ast.AST) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Constant(value=str(text)) if _COLOUR.search(text):
            yield node.lineno, f"a colour of its own, {text.strip()[:40]!r}: take one of Tokens"
        case ast.Call(func=ast.Name(id="QColor"), args=[first, *_]) if isinstance(first, ast.Constant):
            yield node.lineno, "a QColor of its own: take one of Tokens"
        case ast.Attribute(value=ast.Attribute(attr="GlobalColor"), attr=name) if name not in _NO_COLOUR_OF_ITS_OWN:
            yield node.lineno, f"a colour of its own, Qt.GlobalColor.{name}: take one of Tokens"
        case ast.Attribute(attr="setStyleSheet"):
            yield node.lineno, "a style sheet of its own: it belongs into ui/theme/stylesheet.py"
        case _:
            pass


def _lengths(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call that are lengths in pixels."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in _PIXEL_CALLS:
        places = _PIXEL_CALLS[name]
        yield from call.args if places is None else (call.args[at] for at in places if at < len(call.args))
    yield from (keyword.value for keyword in call.keywords if keyword.arg and _PIXEL_KEYWORDS.match(keyword.arg))


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """The constants of a file that are made of numbers, as far as they are no multiples of tokens."""
    made: dict[str, ast.expr] = {}
    for name, value in _assigned(tree):
        if any(_bare(value, made)):
            made[name] = value
    return made


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                yield from (
                    (name.id, value) for name, value in zip(names, values, strict=False) if isinstance(name, ast.Name)
                )
            case _:
                pass


def _bare(expression: ast.expr, constants: Mapping[str, ast.expr]) -> Iterator[tuple[int, str]]:
    """The numbers in an expression that are lengths without a name."""
    match expression:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool) and number not in _FREE:
            yield expression.lineno, f"{number} pixels of its own: name them in ui/theme/tokens.py"
        case ast.Name(id=name) if name in constants:
            yield constants[name].lineno, f"{name} is a length of its own: name it in ui/theme/tokens.py"
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() | ast.FloorDiv(), right=right):
            # A number beside a length says how often; only two numbers make a length of their own.
            lengths = [side for side in (left, right) if not _is_number(side, constants)]
            for side in lengths or [side for side in (left, right) if isinstance(side, ast.Name)]:
                yield from _bare(side, constants)
        case ast.BinOp(left=left, right=right):
            yield from _bare(left, constants)
            yield from _bare(right, constants)
        case ast.UnaryOp(operand=operand):
            yield from _bare(operand, constants)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _bare(body, constants)
            yield from _bare(orelse, constants)
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Dict(values=elements):
            for element in elements:
                yield from _bare(element, constants)
        case ast.Call():
            for argument in _lengths(expression):
                yield from _bare(argument, constants)
        case _:
            pass


def _is_number(expression: ast.expr, constants: Mapping[str, ast.expr]) -> bool:
    if isinstance(expression, ast.Name):
        return isinstance(constants.get(expression.id), ast.Constant)
    return isinstance(expression, ast.Constant)


def _beside_a_token(node: ast.BinOp) -> Iterator[tuple[int, str]]:
    """A number added to a token: the sum is a length that has no name."""
    if not isinstance(node.op, ast.Add | ast.Sub):
        return
    sides = (node.left, node.right)
    if any(_names_a_token(side) for side in sides):
        for side in sides:
            if isinstance(side, ast.Constant):
                yield from _bare(side, {})


def _names_a_token(expression: ast.expr) -> bool:
    return any(isinstance(part, ast.Name) and part.id in _TOKEN_TABLES for part in ast.walk(expression))


if __name__ == "__main__":
    told = findings(Path(__file__).resolve().parent.parent)
    print("\n".join(told))
    sys.exit(1 if told else 0)
