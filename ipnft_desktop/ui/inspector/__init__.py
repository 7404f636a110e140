"""The Chain page: blocks and transactions, each in full beside its list, and one field that finds everything."""
