"""What tests of the program on a real node share."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.support.inspected_program import inspected_node_url, program

__all__ = ["inspected_node_url", "program"]


@pytest.fixture
def usual_recursion_limit() -> Iterator[None]:
    """That of Python: a library that some test has loaded may have raised it, and then deeper lists are read."""
    raised = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000)
    yield
    sys.setrecursionlimit(raised)
