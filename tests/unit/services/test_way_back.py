"""The way back on stage: who may not take it changes nothing."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.people import Role
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.stage.way_back import WayBack
from tests.support import samples
from tests.support.core_factory import MemoryCore


@pytest.mark.parametrize(
    ("role", "code"), [(Role.OPERATOR, ErrorCode.PERMISSION_DENIED), (None, ErrorCode.SIGN_IN_REQUIRED)]
)
async def test_who_may_not_return_to_a_checkpoint_breaks_nothing_off(
    tmp_path: Path, role: Role | None, code: ErrorCode
) -> None:
    memory = await MemoryCore(tmp_path).start()
    core, let_go = memory.core, list[str]()

    async def note() -> None:
        let_go.append("faults")

    way_back = WayBack(core.checkpoints, core.people, cast("Any", SimpleNamespace(let_go=note)), core.runner)
    if role is None:
        core.session.end()
    else:
        core.session.begin(samples.user(role))
    with pytest.raises(UserError) as caught:
        await way_back.to(cast("Any", SimpleNamespace(checkpoint_id="none")), LongWork())
    assert caught.value.code is code
    assert let_go == []
    assert core.environment.ready is not None
    await core.close()
