"""Window tests: see tests/support/window_fixtures.py."""

from tests.support.window_fixtures import (  # noqa: F401 - pytest finds hooks and fixtures here
    _leaves_no_task,
    _leaves_nothing_behind,
    pytest_asyncio_loop_factories,
    pytest_collection_modifyitems,
    qapp,
)
