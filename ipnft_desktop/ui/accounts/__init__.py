"""Accounts: what they hold, and what they had a part in."""
