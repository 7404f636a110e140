"""What taking a list of addresses in would change, line by line, before anything is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.errors import FieldProblem, ProblemKind
from ipnft_desktop.domain.people import AddressBookEntry, KnownAddress, check_entry

COLUMNS = ("address", "label", "note")
TITLES: Mapping[str, str] = {
    **{column: column for column in COLUMNS},
    **{"地址": "address", "标签": "label", "名称": "label", "备注": "note"},
}
"""Column by the title it may have, in lower case."""


class LineStanding(StrEnum):
    """What a line would do."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    SAME = "SAME"
    OF_ENTERPRISE = "OF_ENTERPRISE"
    """The wallet of an enterprise of this register, whose name it keeps."""
    BAD = "BAD"


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line as it stands in the file; a column that the file does not have is None."""

    row: int
    """As a spreadsheet counts, the header being row 1; of JSON the how manieth entry."""
    address: str
    label: str
    note: str | None


@dataclass(frozen=True, slots=True)
class AddressLine:
    """A line and what it would do."""

    typed: TypedLine
    standing: LineStanding
    entry: AddressBookEntry | None = None
    """What the book would hold; None for a bad line."""
    before: AddressBookEntry | None = None
    """What the book holds of this address now."""
    problems: tuple[FieldProblem, ...] = ()
    """Why it is bad; the field is the column."""


@dataclass(frozen=True, slots=True)
class AddressImport:
    """A file and what it would do. It is taken in whole or not at all."""

    file_name: str
    lines: tuple[AddressLine, ...]

    def of(self, *standings: LineStanding) -> tuple[AddressLine, ...]:
        """The lines that stand so."""
        return tuple(line for line in self.lines if line.standing in standings)


def compare(file_name: str, lines: Sequence[TypedLine], known: Sequence[KnownAddress]) -> AddressImport:
    """Each line against what is known; an address that stands twice in the file is bad the second time."""
    entries = {each.address: each.entry for each in known if each.enterprise is None}
    wallets = {each.address: each.entry for each in known if each.enterprise is not None}
    seen: set[str] = set()
    compared: list[AddressLine] = []
    for line in lines:
        problems = check_entry(line.address, line.label, line.note or "")
        if problems:
            compared.append(AddressLine(line, LineStanding.BAD, problems=problems))
            continue
        address = parse_address(line.address)
        if address in seen:
            problems = (FieldProblem("address", ProblemKind.TAKEN),)
            compared.append(AddressLine(line, LineStanding.BAD, problems=problems))
            continue
        seen.add(address)
        before = entries.get(address)
        kept_note = before.note if before else ""
        note = kept_note if line.note is None else line.note.strip()
        entry = AddressBookEntry(address, line.label.strip(), note)
        if address in wallets:
            compared.append(AddressLine(line, LineStanding.OF_ENTERPRISE, entry, wallets[address]))
        else:
            compared.append(AddressLine(line, _standing(before, entry), entry, before))
    return AddressImport(file_name, tuple(compared))


def _standing(before: AddressBookEntry | None, entry: AddressBookEntry) -> LineStanding:
    if before is None:
        return LineStanding.NEW
    return LineStanding.SAME if before == entry else LineStanding.CHANGED
