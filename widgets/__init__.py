"""What a learner looks at: graphs drawn, built and run step by step, in the notebook."""

from __future__ import annotations

from typing import Any

from .build import building
from .comparing import compare
from .diagram import DotError, Picture, picture, render
from .feeding import Feed, feed
from .lifetimes import Lives, lifetimes, watch
from .logs import Logs, show_logs
from .names import names
from .names_lab import NamesLab, names_lab
from .naming import Names
from .player import Player, to_html
from .running import running
from .story import Story
from .tensorboard import TensorBoard, tensorboard

__all__ = [
    "DotError",
    "Feed",
    "Lives",
    "Logs",
    "Names",
    "NamesLab",
    "Picture",
    "Player",
    "Story",
    "TensorBoard",
    "building",
    "compare",
    "feed",
    "lifetimes",
    "load_ipython_extension",
    "names",
    "names_lab",
    "picture",
    "render",
    "running",
    "show",
    "show_logs",
    "tensorboard",
    "to_html",
    "watch",
]


def show(thing: Any = None, **options: Any) -> Player | Picture:
    """A Story as a player; a graph, or what a tensor needs, as one static drawing.

    With nothing, the default graph. `open` says which of the drawing's scopes are open.
    """
    if isinstance(thing, Lives):
        thing = thing.story()
    return Player(thing) if isinstance(thing, Story) else picture(thing, **options)


def load_ipython_extension(ipython: Any) -> None:
    """Called by `%load_ext widgets`: adds the cell magics `%%build` and `%%names`.

    Errors that the engine raises are shown by the learner's own lines from then on.
    """
    from .magics import StoryMagics
    from .tracebacks import shorten

    ipython.register_magics(StoryMagics)
    shorten(ipython)
