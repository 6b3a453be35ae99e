"""A still picture of what TensorBoard would show: curves, histograms and images of a log folder."""

from __future__ import annotations

import io
import math
import os
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .tensorboard import checked_folder


class _Palette(NamedTuple):
    page: str
    ink: str
    faint: str
    runs: tuple[str, ...]


# Okabe and Ito's colours, which colour-blind readers tell apart, without those near the page's.
_LIGHT = _Palette(
    *("#ffffff", "#24292f", "#d0d7de"),
    ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"),
)
_DARK = _Palette(
    *("#111111", "#e6e9ed", "#3a4048"),
    ("#56b4e9", "#e69f00", "#1fc795", "#e398c0", "#f0e442", "#ff8a5c", "#ffffff"),
)
_BINS = 30
_RIDGES = 12  # histograms drawn of one tag: more would hide one another
_HEIGHT = 2.4  # how far a ridge rises, in distances between two
_MOST = 24


class Curve(NamedTuple):
    """A scalar's values in one run."""

    tag: str
    run: str
    steps: list[int]
    values: list[float]


class Ridges(NamedTuple):
    """How a tensor's values were distributed at some steps: `counts[i]` lie between `edges`."""

    tag: str
    run: str
    steps: list[int]
    edges: np.ndarray
    counts: np.ndarray


class Picture(NamedTuple):
    """The last image of a tag in one run: [height, width] or [height, width, channels]."""

    tag: str
    run: str
    step: int
    pixels: np.ndarray


class Logs:
    """What a log folder holds; a notebook cell that ends with it shows it as one picture."""

    def __init__(
        self,
        shown: str,
        curves: list[Curve],
        ridges: list[Ridges],
        pictures: list[Picture],
        columns: int = 3,
    ) -> None:
        self._shown = shown
        self.curves, self.ridges, self.pictures = curves, ridges, pictures
        panels: dict[Any, list[Any]] = {}
        for curve in curves:
            panels.setdefault(curve.tag, []).append(curve)  # all runs in one panel
        others: list[Any] = [*ridges, *pictures]
        for item in others:
            panels[item.run, item.tag] = [item]
        self.left_out = max(len(panels) - _MOST, 0)
        self._tags = dict.fromkeys(item.tag for item in [*curves, *others])
        several = len({item.run for item in [*curves, *others]}) > 1
        self._drawn = (list(panels.values())[:_MOST], columns, several)
        self.figure = _figure(*self._drawn, _LIGHT)

    def __repr__(self) -> str:
        more = f"; {self.left_out} panels more: choose by `tags`" if self.left_out else ""
        return f"Logs of {self._shown!r}: {', '.join(self._tags)}{more}"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        from .static import themed

        dark = _figure(*self._drawn, _DARK)
        return {
            "text/plain": repr(self),
            "text/html": themed(_svg(self.figure), _svg(dark), repr(self)),
        }

    def png(self) -> bytes:
        """The picture for a page or a file, on white."""
        octets = io.BytesIO()
        self.figure.savefig(octets, format="png", dpi=100)
        return octets.getvalue()


def show_logs(
    logdir: str | os.PathLike[str] = "logs", tags: str | None = None, columns: int = 3
) -> Logs:
    """The curves, histograms and images in a log folder and the folders below it, without a server.

    `tags` is a regular expression that picks some. Of an image the last step is shown. Raises
    FileNotFoundError where there is no such folder, ValueError where nothing is in it.
    """
    from tensorboard.backend.event_processing import event_accumulator as reading
    from tensorboard.backend.event_processing import event_multiplexer

    folder = checked_folder(logdir)
    everything = {reading.SCALARS: 0, reading.HISTOGRAMS: 0, reading.IMAGES: 1}
    runs = event_multiplexer.EventMultiplexer(size_guidance=everything)
    runs.AddRunsFromDirectory(folder).Reload()
    wanted = re.compile(tags or "")
    found: dict[str, list[Any]] = {kind: [] for kind in _MAKERS}
    for run in sorted(runs.Runs()):
        log = runs.GetAccumulator(run)
        for kind, items in found.items():
            named = [tag for tag in sorted(log.Tags()[kind]) if wanted.search(tag)]
            items += [_MAKERS[kind](tag, run, log) for tag in named]
    if not any(found.values()):
        raise ValueError(
            f"no scalars, histograms or images in {folder}"
            + (f" with tags like {tags!r}" if tags else "")
            + ": a FileWriter writes when it is flushed or closed"
        )
    curves, ridges, pictures = found.values()
    return Logs(os.fspath(logdir), curves, ridges, pictures, columns)


# -- reading -----------------------------------------------------------------------------------


def _curve(tag: str, run: str, log: Any) -> Curve:
    events = log.Scalars(tag)
    return Curve(tag, run, [e.step for e in events], [e.value for e in events])


def _ridges(tag: str, run: str, log: Any) -> Ridges:
    events = log.Histograms(tag)
    values = [e.histogram_value for e in events]
    filled = [v for v in values if v.num]
    low = min((v.min for v in filled), default=0.0)
    high = max((v.max for v in filled), default=0.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    edges = np.linspace(low, high, _BINS + 1)
    counts = np.array([_binned(value, edges) for value in values])
    return Ridges(tag, run, [e.step for e in events], edges, counts)


def _binned(histogram: Any, edges: np.ndarray) -> np.ndarray:
    """The counts between even edges; within a bucket the values are taken as spread evenly."""
    if histogram.min == histogram.max:
        return np.histogram([histogram.min], edges, weights=[histogram.num])[0]
    limits = np.clip([histogram.min, *histogram.bucket_limit], histogram.min, histogram.max)
    below = np.cumsum([0.0, *histogram.bucket])
    return np.diff(np.interp(edges, limits, below))


def _picture(tag: str, run: str, log: Any) -> Picture:
    from matplotlib.image import imread

    event = log.Images(tag)[-1]
    pixels = imread(io.BytesIO(event.encoded_image_string), format="png")
    return Picture(tag, run, event.step, pixels)


_MAKERS: dict[str, Callable[[str, str, Any], Any]] = {
    "scalars": _curve,
    "histograms": _ridges,
    "images": _picture,
}


# -- drawing -----------------------------------------------------------------------------------


def _svg(figure: Any) -> str:
    """The picture as SVG, the same each time; its words stay words."""
    from matplotlib import rc_context

    text = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "widgets"}):
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def _figure(panels: Sequence[list[Any]], columns: int, several: bool, palette: _Palette) -> Any:
    from matplotlib.figure import Figure  # slow to import: most lessons draw no curves

    across = min(columns, len(panels))
    rows = math.ceil(len(panels) / across)
    figure = Figure(
        figsize=(3.4 * across, 2.5 * rows), facecolor=palette.page, layout="constrained"
    )
    colours: dict[str, str] = {}
    for index, panel in enumerate(panels):
        for item in panel:
            colours.setdefault(item.run, palette.runs[len(colours) % len(palette.runs)])
        axes = figure.add_subplot(rows, across, index + 1)
        first = panel[0]
        title = first.tag
        if isinstance(first, Curve):
            _draw_curves(axes, panel, colours, several, palette)
        elif isinstance(first, Ridges):
            _draw_ridges(axes, first, colours[first.run], palette)
        else:
            axes.imshow(first.pixels, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
            axes.set(xticks=[], yticks=[])
            title += f", step {first.step}"
        if several and not isinstance(first, Curve):
            title += f"\n{first.run}"
        # A tag is no formula, whatever dollar signs are in it.
        axes.set_title(title, fontsize=10, color=palette.ink, parse_math=False)
        axes.tick_params(labelsize=8, colors=palette.ink)
        axes.set_facecolor(palette.page)
        for spine in axes.spines.values():
            spine.set_color(palette.faint)
    return figure


def _draw_curves(
    axes: Any, curves: list[Curve], colours: dict[str, str], several: bool, palette: _Palette
) -> None:
    for curve in curves:
        alone = "o" if len(curve.steps) == 1 else None  # a line of one point cannot be seen
        axes.plot(curve.steps, curve.values, color=colours[curve.run], marker=alone, lw=1.5)
    axes.grid(color=palette.faint, lw=0.5)
    axes.set_xlabel("step", fontsize=8, color=palette.ink)
    if several:
        boxed = {
            "labelcolor": palette.ink, "facecolor": palette.page, "edgecolor": palette.faint,
        }  # fmt: skip
        names = [curve.run for curve in curves]
        legend = axes.legend(axes.get_lines(), names, fontsize=8, **boxed)
        for text in legend.get_texts():
            text.set_parse_math(False)


def _draw_ridges(axes: Any, ridges: Ridges, colour: str, palette: _Palette) -> None:
    """One hill for each of some steps, the latest in front, as TensorBoard draws them."""
    chosen = np.unique(np.linspace(0, len(ridges.steps) - 1, _RIDGES).round().astype(int))
    middles = (ridges.edges[:-1] + ridges.edges[1:]) / 2
    scale = _HEIGHT / max(ridges.counts.max(), 1e-30)
    for place, index in enumerate(chosen):
        ground = -float(place)
        line = ground + scale * ridges.counts[index]
        share = place / max(len(chosen) - 1, 1)
        axes.fill_between(
            middles, ground, line, color=_mixed(colour, palette.page, 0.2 + 0.6 * share), lw=0
        )
        axes.plot(middles, line, color=palette.page, lw=0.8)
    shown = range(0, len(chosen), max(len(chosen) // 4, 1))
    axes.set_yticks([-i for i in shown], [str(ridges.steps[chosen[i]]) for i in shown])
    axes.set_ylabel("step", fontsize=8, color=palette.ink)
    axes.set_xlabel("value", fontsize=8, color=palette.ink)


def _mixed(colour: str, page: str, share: float) -> tuple[float, ...]:
    """A colour thinned by the page's; not transparent, so that a hill hides what is behind it."""
    pairs = [[int(one[i : i + 2], 16) / 255 for one in (colour, page)] for i in (1, 3, 5)]
    return tuple(share * own + (1 - share) * other for own, other in pairs)
