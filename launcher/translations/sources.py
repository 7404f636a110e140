"""What the program's sources say to people: every text that a catalogue has to translate, found in the syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = "ipnft_desktop"

# Functions of any module that keep a text for the window: the place of the text among their arguments.
KEEPERS = {"phrase": ("Phrase", 0), "_setting": ("Setting", 1)}
TRANSLATORS = frozenset({"translate", "tr"})
"""`QCoreApplication.translate`, and its short name in modules that say much."""

# Tables whose texts are translated where they are shown, by file and name.
TABLES = {
    ("domain/errors.py", "ProblemKind"): "ProblemKind",
    ("domain/asset_columns.py", "TITLES"): "AssetColumn",
    ("domain/minting.py", "AssetState"): "Phrase",
    ("domain/minting.py", "MintStage"): "Phrase",
    ("domain/people.py", "RESERVED_NAMES"): "Phrase",
    ("services/people.py", "DEMO_DISPLAY_NAME"): "Phrase",
    ("domain/people.py", "Role"): "Phrase",
    ("domain/people.py", "Permission"): "Phrase",
}
TABLE_CONTEXTS = frozenset({*TABLES.values(), *(context for context, _ in KEEPERS.values())})


@dataclass(frozen=True, order=True, slots=True)
class Text:
    """One text of the sources. `comment` tells apart what is the same in English only."""

    context: str
    source: str
    comment: str = ""
    is_plural: bool = False


@dataclass(slots=True)
class Said:
    """What a set of files says, and what in them could never be translated."""

    texts: set[Text] = field(default_factory=set[Text])
    problems: list[str] = field(default_factory=list[str])
    bases: set[str] = field(default_factory=set[str])
    plurals_of_tr: dict[str, str] = field(default_factory=dict[str, str])
    """Class -> a place in it where `tr` takes a number."""

    def all_problems(self) -> list[str]:
        """With those that show only when every class is known."""
        # Qt looks under the class of the object first, and with a number it never looks further.
        why = "has subclasses, whose objects find no plural with tr: use QCoreApplication.translate"
        inherited = (f"{place}: {name} {why}" for name, place in self.plurals_of_tr.items() if name in self.bases)
        return sorted([*self.problems, *inherited])


def said_by(root: Path) -> Said:
    """Read every source of the program below the checkout `root`."""
    found = Said()
    package = root / PACKAGE
    for file in sorted(package.rglob("*.py")):
        name = file.relative_to(package).as_posix()
        read_module(file.read_text("utf-8"), name, found)
    return found


def read_module(code: str, name: str, found: Said) -> None:
    """Add what one module says; `name` is its path below the package."""
    tree = ast.parse(code)
    for node in tree.body:
        context = TABLES.get((name, _defined_name(node)))
        if context is not None:
            found.texts.update(Text(context, text) for text in _table_texts(node))
    _Reader(name, _helpers(tree), found).visit(tree)


def _defined_name(node: ast.stmt) -> str:
    match node:
        case (
            ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)])
        ):
            return name
        case _:
            return ""


def _table_texts(table: ast.stmt) -> Iterator[str]:
    """The values of an enumeration, a mapping or a set, or the one text of a constant."""
    for node in ast.walk(table):
        match node:
            case ast.Dict(values=parts) | ast.Set(elts=parts):
                pass
            case ast.Assign(value=value):
                parts = [value]
            case _:
                continue
        yield from (part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))


def _helpers(tree: ast.Module) -> dict[str, str]:
    """Functions of a module that only translate their argument, as `_tr(text)`: name -> context."""
    found: dict[str, str] = {}
    for node in tree.body:
        match node:
            case ast.FunctionDef(
                name=name,
                args=ast.arguments(args=[ast.arg(arg=parameter), *_]),
                body=[
                    ast.Return(
                        value=ast.Call(func=func, args=[ast.Constant(value=str(context)), ast.Name(id=text), *_])
                    )
                ],
            ) if text == parameter and _name(func) == "translate":
                found[name] = context
            case _:
                pass
    return found


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def literals(node: ast.expr) -> list[str] | None:
    """The text of a literal, or both of a choice between two; None where it is made while the program runs."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=orelse):
            first, second = literals(body), literals(orelse)
            return None if first is None or second is None else first + second
        case _:
            return None


class _Reader(ast.NodeVisitor):
    """Walks one module and notes what is said."""

    def __init__(self, name: str, helpers: dict[str, str], found: Said) -> None:
        self._file = name
        self._helpers = helpers
        self._found = found
        self._classes: list[str] = []
        self._functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = []

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._found.bases.update(_name(base) for base in node.bases)
        self._classes.append(node.name)
        functions, self._functions = self._functions, []
        self.generic_visit(node)
        self._functions = functions
        self._classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._visit_function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._visit_function(node)

    def _visit_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._functions.append(node)
        self.generic_visit(node)
        self._functions.pop()

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        name = _name(node.func)
        match node:
            case ast.Call(func=ast.Attribute(attr="tr", value=receiver), args=[text, *_]):
                self._say_tr(node, receiver, text)
            case ast.Call(args=[ast.Constant(value=str(context)), text, *more]) if name in TRANSLATORS:
                self._say_translated(node, context, text, more)
            case ast.Call(args=[text, *more]) if name in self._helpers:
                self._say(node, self._helpers[name], text, plural=bool(more or node.keywords))
            case ast.Call(args=[ast.Attribute(value=ast.Name(id="ErrorCode")), detail, *_]):
                self._keep(node, "Phrase", detail)
            case ast.Call(args=arguments) if name in KEEPERS and len(arguments) > KEEPERS[name][1]:
                context, place = KEEPERS[name]
                self._keep(node, context, arguments[place])
            case _:
                pass

    def _say_tr(self, node: ast.Call, receiver: ast.expr, text: ast.expr) -> None:
        if not (isinstance(receiver, ast.Name) and receiver.id == "self" and self._classes):
            self._complain(node, "tr of another object: its class is unknown here, use QCoreApplication.translate")
            return
        comment = literals(node.args[1]) if len(node.args) > 1 else [""]
        plural = len(node.args) > 2 or bool(node.keywords)
        if plural:
            self._found.plurals_of_tr[self._classes[-1]] = f"{PACKAGE}/{self._file}:{node.lineno}"
        self._say(node, self._classes[-1], text, (comment or [""])[0], plural=plural)

    def _say_translated(self, node: ast.Call, context: str, text: ast.expr, more: list[ast.expr]) -> None:
        is_helper = bool(self._functions) and self._functions[-1].name in self._helpers
        if literals(text) is None and (is_helper or context in TABLE_CONTEXTS):
            return
        comment = literals(more[0]) if more else [""]
        self._say(node, context, text, (comment or [""])[0], plural=len(more) > 1 or bool(node.keywords))

    def _say(self, node: ast.Call, context: str, text: ast.expr, comment: str = "", *, plural: bool) -> None:
        """Note what is translated here and now."""
        if not self._functions:
            self._complain(node, "said once at import, before the language is chosen")
        if any(
            "cache" in ast.unparse(decorator) for function in self._functions for decorator in function.decorator_list
        ):
            self._complain(node, "kept by a cache over a change of the language")
        known = literals(text)
        if known is None:
            self._complain(node, "the text is no literal, so no catalogue can have it")
            return
        for source in known:
            if plural != ("%n" in source or "%Ln" in source):
                self._complain(node, f"a plural needs both %Ln and a number: {source!r}")
            self._found.texts.add(Text(context, source, comment, plural))

    def _keep(self, node: ast.Call, context: str, text: ast.expr) -> None:
        """Note what is kept here and translated where it is shown."""
        known = literals(text)
        if known is None:
            if isinstance(text, ast.JoinedStr) and any(
                isinstance(part, ast.Constant) and _has_words(part) for part in text.values
            ):
                self._complain(node, 'values are built into the text: use phrase("… {name}", name=…)')
            return
        self._found.texts.update(Text(context, source) for source in known if any(map(str.isalpha, source)))

    def _complain(self, node: ast.Call, why: str) -> None:
        self._found.problems.append(f"{PACKAGE}/{self._file}:{node.lineno}: {why}")


def _has_words(part: ast.Constant) -> bool:
    return sum(map(str.isalpha, str(part.value))) > 1
