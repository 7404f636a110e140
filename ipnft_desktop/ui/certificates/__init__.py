"""Printed certificates of tokens."""
