"""What is said about columns and rows of spreadsheets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.asset_columns import TITLES, ColumnUse, CustomColumn
from ipnft_desktop.domain.sheets import SheetFacts, SheetFormat
from ipnft_desktop.services.asset_import import ImportedRow, RowProblem
from ipnft_desktop.ui.widgets.asset_words import type_name
from ipnft_desktop.ui.widgets.measures import size_text
from ipnft_desktop.ui.widgets.phrases import say_problem


def use_title(use: ColumnUse) -> str:
    """What a column is read as."""
    translate = QCoreApplication.translate
    if use is None:
        return translate("Sheets", "Leave out")
    if isinstance(use, CustomColumn):
        return translate("Sheets", "Custom field “{0}”").format(use.key)
    return translate("AssetColumn", TITLES[use])


def format_name(sheet_format: SheetFormat) -> str:
    """A format and what it is good for."""
    translate = QCoreApplication.translate
    return {
        SheetFormat.CSV: translate("Sheets", "CSV: opens in every spreadsheet"),
        SheetFormat.XLSX: translate("Sheets", "XLSX: a workbook of Excel"),
        SheetFormat.JSON: translate("Sheets", "JSON: for other programs"),
    }[sheet_format]


def file_facts(facts: SheetFacts) -> str:
    """Kind, encoding and size of a file in one line."""
    parts = (facts.file_name, facts.format.upper(), facts.encoding, size_text(facts.size_bytes))
    return " · ".join(part for part in parts if part)


def problem_headers() -> tuple[str, ...]:
    """Headers of the list of problems."""
    translate = QCoreApplication.translate
    return (
        translate("Sheets", "Row"),
        translate("Sheets", "Column"),
        translate("Sheets", "Problem"),
        translate("Sheets", "Stands there"),
    )


def problem_cells(problem: RowProblem) -> tuple[str, ...]:
    """One line of that list."""
    return str(problem.row), problem.column, say_problem(problem.problem), problem.value


def preview_headers() -> tuple[str, ...]:
    """Headers of the first rows as they were understood."""
    translate = QCoreApplication.translate
    return (
        translate("Sheets", "Row"),
        translate("AssetColumn", "Name"),
        translate("AssetColumn", "Type"),
        translate("AssetColumn", "Creator"),
        translate("AssetColumn", "Creation date"),
    )


def preview_cells(row: ImportedRow) -> tuple[str, ...]:
    """One of these rows."""
    draft = row.draft
    return str(row.number), draft.name, type_name(draft.asset_type), draft.creator_name, draft.creation_date
