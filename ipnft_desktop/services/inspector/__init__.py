"""Inspecting the chain: lists of blocks and transactions, one of them in full, and what a text stands for."""
