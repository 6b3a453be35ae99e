"""The one player of every Story, as a Jupyter widget and as a page of its own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from . import static
from .story import Story


class Player(anywidget.AnyWidget):
    """Plays a Story; `step` is the frame in sight, from 0, and follows the browser."""

    _esm = static.ESM
    _css = static.CSS
    story = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)

    def __init__(self, story: Story, step: int = 0) -> None:
        self.tale = story
        super().__init__(story=story.to_dict(), step=step)

    def __repr__(self) -> str:
        return repr(self.tale)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        made = super()._repr_mimebundle_(**kwargs)
        data, metadata = made if isinstance(made, tuple) else (made or {}, {})
        return {**data, **static.bundle(self.tale)}, metadata

    def update(self, story: Story, step: int | None = None) -> None:
        """Play another story in the same place, at `step` or at its last frame."""
        self.tale = story
        with self.hold_sync():
            self.story = story.to_dict()
            self.step = max(len(story.frames) - 1, 0) if step is None else step

    def to_html(self, path: str | os.PathLike[str]) -> Path:
        """Write one page that plays the story anywhere, with no kernel and no network; its path."""
        return to_html(self.tale, path)


def show(story: Story) -> Player:
    """A player for a story; a notebook cell that ends with it shows it."""
    return Player(story)


def to_html(story: Story, path: str | os.PathLike[str]) -> Path:
    """Write a story as one self-contained page; the file is whole or not there at all."""
    return static.write_atomically(path, static.page(story).encode())
