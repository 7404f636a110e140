"""The Admin page: people, enterprises, addresses, and whatever else has a tab there."""
