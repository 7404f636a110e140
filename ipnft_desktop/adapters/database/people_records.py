"""People, enterprises and addresses in a transaction."""

from __future__ import annotations

from ipnft_desktop.adapters.database.records import Records


class PeopleRecords(Records):
    """The part of a transaction that deals with people."""
