"""What tests of the program on a real node share."""

from __future__ import annotations

from tests.support.inspected_program import inspected_node_url, program

__all__ = ["inspected_node_url", "program"]
