"""The check of the translations: what the sources say, and every way in which a catalogue can fall behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.translations.catalogues import DIALECTS, Catalogue, Translation, read_catalogue, write_catalogue
from launcher.translations.findings import findings
from launcher.translations.sources import Said, Text, read_module
from launcher.translations.untranslated import untranslated_in

ENGLISH, CHINESE = DIALECTS
OPEN, MATCHES = Text("View", "Open"), Text("View", "%Ln matches", is_plural=True)


def said_by(code: str, name: str = "ui/view.py") -> Said:
    found = Said()
    read_module(code, name, found)
    return found


class TestSources:
    def test_every_way_to_say_something_is_heard(self) -> None:
        found = said_by(
            """
from PySide6.QtCore import QCoreApplication
def _tr(text, count=-1):
    return QCoreApplication.translate("Helper", text, "", count)
def words(n):
    tr = translate = QCoreApplication.translate
    _tr("by a helper"), _tr("%Ln by a helper", n)
    translate("Ctx", "by translate"), tr("Ctx", "by its short name"), translate("Ctx", "%n of it", "", n)
    return f"inside {translate('Ctx', 'an f-string')}"
class View(Widget):
    def __init__(self, n):
        self.tr("plain"), self.tr("yes" if n else "no"), self.tr("%Ln matches", "", n), self.tr("May", "month")
        phrase("kept {count}", count=n)
        raise UserError(ErrorCode.X, "refused")
"""
        )
        assert found.all_problems() == []
        assert found.texts == {
            Text("Helper", "by a helper"),
            Text("Helper", "%Ln by a helper", is_plural=True),
            Text("Ctx", "by translate"),
            Text("Ctx", "by its short name"),
            Text("Ctx", "%n of it", is_plural=True),
            Text("Ctx", "an f-string"),
            Text("View", "plain"),
            Text("View", "yes"),
            Text("View", "no"),
            Text("View", "May", "month"),
            MATCHES,
            Text("Phrase", "kept {count}"),
            Text("Phrase", "refused"),
        }

    def test_tables_of_the_core_are_read(self) -> None:
        found = said_by(
            'class ProblemKind(StrEnum):\n    """Why."""\n    REQUIRED = "This field is required."', "domain/errors.py"
        )
        assert found.texts == {Text("ProblemKind", "This field is required.")}

    @pytest.mark.parametrize(
        ("code", "why"),
        [
            ("class A:\n def f(self, x): self.tr(x)", "no literal"),
            ("class A:\n def f(self, x): self.tr(f'{x} of it')", "no literal"),
            ("class A:\n def f(self, view): view.tr('x')", "tr of another object"),
            ("X = QCoreApplication.translate('C', 'x')", "once at import"),
            ("@cache\ndef f(): return QCoreApplication.translate('C', 'x')", "kept by a cache"),
            ("class A:\n def f(self, n): self.tr('%n x')", "a plural needs both"),
            ("class A:\n def f(self, n): self.tr('x', '', n)", "a plural needs both"),
            ("def f(x): raise UserError(ErrorCode.X, f'no such {x}')", "use phrase"),
            ("class A(W):\n def f(self, n): self.tr('%n x', '', n)\nclass B(A): pass", "has subclasses"),
        ],
    )
    def test_what_no_catalogue_could_translate_is_told(self, code: str, why: str) -> None:
        (problem,) = said_by(code).all_problems()
        assert problem.startswith("ipnft_desktop/ui/view.py:")
        assert why in problem


class TestFindings:
    @pytest.mark.parametrize(
        ("entries", "why"),
        [
            ({}, "not in the catalogue"),
            ({OPEN: Translation(("",), is_finished=False)}, "not translated"),
            ({OPEN: Translation(("打开",), is_finished=False)}, "not translated"),
            ({OPEN: Translation(("打开",)), Text("View", "Shut"): Translation(("关闭",))}, "no longer said"),
            ({OPEN: Translation(("打开 {0}",))}, "other places"),
        ],
    )
    def test_each_way_of_falling_behind_is_told(self, entries: dict[Text, Translation], why: str) -> None:
        (finding,) = findings([OPEN], Catalogue(CHINESE, entries))
        assert finding.startswith("ipnft_zh.ts: View: '")
        assert why in finding

    def test_a_plural_needs_its_number_and_each_of_its_forms(self) -> None:
        def told(catalogue: Catalogue) -> str:
            return "".join(findings([MATCHES], catalogue))

        assert "other places" in told(Catalogue(CHINESE, {MATCHES: Translation(("匹配",))}))
        assert "not translated" in told(Catalogue(ENGLISH, {MATCHES: Translation(("", "%Ln matches"))}))
        assert told(Catalogue(ENGLISH, {MATCHES: Translation(("One match", "%Ln matches"))})) == ""
        assert told(Catalogue(CHINESE, {MATCHES: Translation(("%n 项匹配",))})) == ""

    def test_english_has_plurals_only(self) -> None:
        assert findings([OPEN], Catalogue(ENGLISH)) == []


class TestCatalogue:
    def test_a_catalogue_is_read_as_it_was_written_and_bears_no_place(self, tmp_path: Path) -> None:
        file, mark = tmp_path / "ipnft_zh.ts", Text("View", 'A <b> & "c" …', "a comment")
        entries = {
            mark: Translation(("甲 <b> & “丙”",)),
            MATCHES: Translation(("%Ln 项",)),
            OPEN: Translation(("",), is_finished=False),
        }
        write_catalogue(Catalogue(CHINESE, entries), file)
        assert read_catalogue(file, CHINESE).entries == entries
        assert "location" not in file.read_text("utf-8")

    def test_a_changed_text_keeps_its_translation_to_be_looked_at(self) -> None:
        former = Catalogue(CHINESE, {Text("View", "Open the asset"): Translation(("打开资产",))})
        fresh = former.updated([Text("View", "Open the assets"), Text("View", "Quite another thing")])
        assert fresh.entries == {
            Text("View", "Open the assets"): Translation(("打开资产",), is_finished=False),
            Text("View", "Quite another thing"): Translation(("",), is_finished=False),
        }

    def test_a_text_known_elsewhere_is_proposed_and_what_is_gone_leaves(self) -> None:
        former = Catalogue(CHINESE, {OPEN: Translation(("打开",)), Text("View", "Shut"): Translation(("关闭",))})
        fresh = former.updated([OPEN, Text("Menu", "Open")])
        assert fresh.entries == {OPEN: Translation(("打开",)), Text("Menu", "Open"): Translation(("打开",), False)}


class TestUntranslated:
    @pytest.mark.parametrize(
        "code",
        [
            "label.setText('ready')",
            "label.setText(f'{n} left')",
            "QLabel('All assets')",
            "button.setToolTip('Save' if x else '')",
            "title = 'Something went wrong.'",
            "return 'Mint ' + name",
        ],
    )
    def test_words_past_every_catalogue_are_told(self, code: str) -> None:
        (finding,) = untranslated_in(f"def f():\n    {code}", "view.py")
        assert finding.startswith("view.py:2: shown without being translated: ")

    @pytest.mark.parametrize(
        "code",
        [
            "label.setText(self.tr('ready'))",
            "label.setText(f'{n} · {self.tr(\"left\")}')",
            "label.setText('–')",
            "label.setText('IPNFT Desktop')",
            "edit.setPlaceholderText('YYYY-MM-DD')",
            "view.setObjectName('pageStack')",
            "QShortcut(QKeySequence('Ctrl+Shift+F'), self)",
            "tasks.start(work, 'register delete')",
            "'''What it does.'''",
        ],
    )
    def test_what_nobody_reads_is_left_alone(self, code: str) -> None:
        assert untranslated_in(f"def f():\n    {code}", "view.py") == []
