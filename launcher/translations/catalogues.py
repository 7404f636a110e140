"""Catalogues of Qt Linguist (`.ts`): reading, writing, and bringing one to what the sources say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from launcher.translations.sources import Text

LIKE_ENOUGH = 0.7


@dataclass(frozen=True, slots=True)
class Translation:
    """One form, or the plural forms of the language; `is_finished` once a person has looked at it."""

    forms: tuple[str, ...]
    is_finished: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether a form is missing."""
        return not all(self.forms)


@dataclass(frozen=True, slots=True)
class Dialect:
    """A language as Qt counts it. English has only plurals to translate: its texts are the sources themselves."""

    code: str
    locale: str
    plural_forms: int
    only_plurals: bool = False

    def wants(self, text: Text) -> bool:
        """Whether its catalogue has the text."""
        return text.is_plural or not self.only_plurals

    def blank(self, text: Text) -> Translation:
        """Nothing yet, in as many forms as it needs; where the sources are of this language, they are the last one."""
        if not text.is_plural:
            return Translation(("",), is_finished=False)
        last = text.source if self.only_plurals else ""
        return Translation(("",) * (self.plural_forms - 1) + (last,), is_finished=False)


DIALECTS = (Dialect("en", "en_GB", 2, only_plurals=True), Dialect("zh", "zh_CN", 1))


@dataclass(slots=True)
class Catalogue:
    """The translations of one language."""

    dialect: Dialect
    entries: dict[Text, Translation] = field(default_factory=dict[Text, Translation])

    def updated(self, texts: Iterable[Text]) -> Catalogue:
        """The same for another set of texts: what is new is unfinished and takes over what a similar text had."""
        wanted = [text for text in texts if self.dialect.wants(text)]
        gone = {text: entry for text, entry in self.entries.items() if text not in set(wanted)}
        return Catalogue(
            self.dialect, {text: self.entries.get(text) or self._proposal(text, gone) for text in sorted(wanted)}
        )

    def _proposal(self, text: Text, gone: Mapping[Text, Translation]) -> Translation:
        blank = self.dialect.blank(text)
        former = {old.source: entry for old, entry in gone.items() if old.context == text.context}
        same_elsewhere = {old.source: entry for old, entry in self.entries.items() if not old.comment}
        like = get_close_matches(text.source, former, 1, LIKE_ENOUGH)
        entry = former[like[0]] if like else same_elsewhere.get(text.source)
        if entry is None or len(entry.forms) != len(blank.forms):
            return blank
        return Translation(entry.forms, is_finished=False)


def read_catalogue(file: Path, dialect: Dialect) -> Catalogue:
    """A catalogue as it is kept; what lupdate or Linguist call vanished or obsolete is read as any other entry."""
    found = Catalogue(dialect)
    for context in ElementTree.parse(file).getroot().iter("context"):  # noqa: S314 - a file of ours
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            text = Text(
                name,
                message.findtext("source") or "",
                message.findtext("comment") or "",
                message.get("numerus") == "yes",
            )
            found.entries[text] = _translation(message, dialect.blank(text))
    return found


def _translation(message: ElementTree.Element, blank: Translation) -> Translation:
    node = message.find("translation")
    if node is None:
        return blank
    forms = tuple(form.text or "" for form in node.iter("numerusform")) or (node.text or "",)
    return Translation(forms, is_finished=node.get("type") is None)


def write_catalogue(catalogue: Catalogue, file: Path) -> None:
    """Write it in one order and without places in files, so that a change of one text is a change of a few lines."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>"]
    lines.append(f'<TS version="2.1" language="{catalogue.dialect.locale}" sourcelanguage="en_GB">')
    for context, entries in groupby(sorted(catalogue.entries.items()), key=lambda entry: entry[0].context):
        lines += ["<context>", f"    <name>{escape(context)}</name>"]
        for text, translation in entries:
            lines += _message(text, translation)
        lines.append("</context>")
    file.write_text("\n".join([*lines, "</TS>", ""]), "utf-8", newline="\n")


def _message(text: Text, translation: Translation) -> list[str]:
    state = "" if translation.is_finished else ' type="unfinished"'
    numerus = ' numerus="yes"' if text.is_plural else ""
    lines = [f"    <message{numerus}>", f"        <source>{escape(text.source)}</source>"]
    if text.comment:
        lines.append(f"        <comment>{escape(text.comment)}</comment>")
    if text.is_plural:
        forms = [f"            <numerusform>{escape(form)}</numerusform>" for form in translation.forms]
        lines += [f"        <translation{state}>", *forms, "        </translation>"]
    else:
        lines.append(f"        <translation{state}>{escape(translation.forms[0])}</translation>")
    return [*lines, "    </message>"]
