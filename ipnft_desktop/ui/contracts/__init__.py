"""Contracts: what they are, what they answer, and what may be changed."""
