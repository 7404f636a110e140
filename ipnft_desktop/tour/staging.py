"""The part of the tour that goes on stage: a connection is cut in the middle of a mint, and one token comes of it."""

from __future__ import annotations

from ipnft_desktop.bootstrap.page_keys import STAGE
from ipnft_desktop.domain.scenes import StepState
from ipnft_desktop.tour.camera import StoryStuck, seen
from ipnft_desktop.tour.guide import NOTHING, Guide, Made

_SCENE, _STEPS = "recover", ("stage-before", "stage", "stage-restored")
"""Its first steps, and what their pictures are called."""


class Staging(Guide):
    """Its method is a step of the story; all scenes are played by `tour --scenes`."""

    async def play_the_cut(self) -> Made:
        """The first steps of a scene, on the page."""
        self.window.show_page(STAGE)
        stage, view = self.core.stage, self.pages.stage_view
        assert stage is not None
        director = stage.director
        scenes = await seen("the scenes", lambda: director.scenes)
        director.choose(next(scene for scene in scenes if scene.scene_id == _SCENE))
        for name in _STEPS:
            view.on_requested.emit()
            await seen("a step under way", lambda: director.is_running)
            await director.ended()
            shown = director.show.view if director.show is not None else None
            if shown is None or shown.state is not StepState.DONE:
                raise StoryStuck(f"the end of a step on stage: {shown and shown.error}")
            await self.camera.take(name)
        return NOTHING
