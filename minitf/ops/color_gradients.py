"""The derivatives of hue, saturation and value by red, green and blue."""

from __future__ import annotations

from typing import Any

from minitf.dtypes import DType
from minitf.ops import math as _operators  # noqa: F401  (gives tensors their operators)
from minitf.ops import slicing as _slices  # noqa: F401  (gives tensors their slices)
from minitf.ops.arithmetic import add
from minitf.ops.casts import cast
from minitf.ops.division import div_no_nan
from minitf.ops.elementwise import square
from minitf.ops.joining import stack
from minitf.tensor import Tensor

RED, GREEN, BLUE = range(3)


def by_colors(colors: Tensor, hsv: Tensor, grad: Tensor) -> Tensor:
    """The gradient of a hexcone (Smith, "Color gamut transform pairs", 1978), piece by piece.

    Of equal colours the first is the biggest, the last the smallest.
    """
    pixels = _Pixels(colors, hsv)
    by_value = pixels.biggest
    by_saturation = [pixels.saturation_by(color) for color in range(3)]
    by_hue = [pixels.hue_by(color) for color in range(3)]
    parts = [
        stack([grad[..., channel] * slope for slope in slopes], axis=-1)
        for channel, slopes in ((2, by_value), (1, by_saturation), (0, by_hue))
    ]
    return add(add(parts[0], parts[1]), parts[2])


class _Pixels:
    """Red, green and blue, and masks of where each is the biggest and the smallest."""

    def __init__(self, colors: Tensor, hsv: Tensor) -> None:
        r, g, b = self.colors = [colors[..., color] for color in range(3)]
        self.saturation, self.value = hsv[..., 1], hsv[..., 2]
        self.dtype: DType = colors.dtype
        self.biggest = [
            self._mask((r >= b) & (r >= g)),
            self._mask((g > r) & (g >= b)),
            self._mask((b > r) & (b > g)),
        ]
        self.smallest = [
            self._mask((r < b) & (r < g)),
            self._mask((g <= r) & (g < b)),
            self._mask((b <= r) & (b <= g)),
        ]

    def _mask(self, condition: Tensor) -> Tensor:
        return cast(condition, self.dtype)

    def _inverse(self, x: Any) -> Tensor:
        """1 / x, and 0 where x is."""
        return div_no_nan(cast(1.0, self.dtype), x)

    def saturation_by(self, color: int) -> Tensor:
        first, second = ((GREEN, BLUE), (RED, BLUE), (GREEN, RED))[color]
        own, biggest, smallest = self.colors[color], self.biggest, self.smallest
        some = self._mask(own > 0)
        least = add(smallest[first] * self.colors[first], smallest[second] * self.colors[second])
        as_biggest = biggest[color] * least * self._inverse(square(own))
        as_smallest = smallest[color] * -1
        most = (biggest[first] * self.colors[first]) + (biggest[second] * self.colors[second])
        return some * add(as_biggest, as_smallest * self._inverse(most))

    def hue_by(self, color: int) -> Tensor:
        """In turns: the sum of sixths of one, by which colour is the biggest."""
        after, before = self.colors[(color + 1) % 3], self.colors[(color + 2) % 3]
        slope = self._mask(self.colors[color] > 0) * self.biggest[color] * -1
        slope = slope * (after - before) * self._inverse(square(self.saturation))
        parts = [60 * (slope * self._inverse(square(self.value)))]
        for other in sorted({RED, GREEN, BLUE} - {color}):
            parts.append(self._as_smallest(color, other, before, after))
            parts.append(self._as_middle(color, other))
        return sum(parts[1:], parts[0]) / 360

    def _as_smallest(self, color: int, other: int, before: Tensor, after: Tensor) -> Tensor:
        own, biggest = self.colors[color], self.colors[other]
        slope = self._mask(biggest > 0) * self.biggest[other] * self.smallest[color]
        slope = slope * (before - after)
        span = own - biggest if (color, other) == (RED, GREEN) else biggest - own
        return 60 * (slope * self._inverse(square(span)))

    def _as_middle(self, color: int, other: int) -> Tensor:
        third = 3 - color - other
        slope = self._mask(self.colors[other] > 0) * self.biggest[other] * self.smallest[third]
        if other == (color + 1) % 3:
            slope = slope * -1
        return 60 * (slope * self._inverse(self.colors[other] - self.colors[third]))
