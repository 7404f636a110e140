"""The record of what was published, in a transaction."""

from __future__ import annotations

from ipnft_desktop.adapters.database.records import Records


class PublicationRecords(Records):
    """The part of a transaction that deals with what was handed to an IPFS node of the network."""
