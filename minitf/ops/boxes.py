"""Boxes in images: parts of images in another size, and which of overlapping boxes to keep."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError, OutOfRangeError
from minitf.graph import name_scope
from minitf.infer import constant_shape, constant_value, with_rank
from minitf.op import convert_to_tensor, op
from minitf.ops.shapes import shape as shape_of
from minitf.ops.sizes import same_size, sizes
from minitf.tensor import Tensor

_PIXELS = "{uint8, uint16, int8, int16, int32, int64, half, float, double}"
_METHOD = "method: {'bilinear', 'nearest'} = \"bilinear\""


def _check(boxes: np.ndarray, places: np.ndarray, batch: int) -> None:
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise InvalidArgumentError(None, None, "boxes must have 4 columns")
    if len(places) != len(boxes):
        raise InvalidArgumentError(None, None, "box_index has incompatible shape")
    if ((places < 0) | (places >= batch)).any():
        raise OutOfRangeError(None, None, "box_index has values outside [0, batch_size)")


class _Points:
    """Along one side of all boxes: where the points of the crops lie in the image."""

    def __init__(self, start: np.ndarray, stop: np.ndarray, size: int, count: int) -> None:
        one = np.float32(1)
        self.steps = np.arange(count, dtype=np.float32)
        last = np.float32(size - 1)
        self.ratio = last / np.float32(count - 1) if count > 1 else np.float32(0)
        if count > 1:
            scale = (stop - start) * last / np.float32(count - 1)
            at = start[:, None] * last + self.steps * scale[:, None]
        else:
            at = (np.float32(0.5) * (start + stop) * last)[:, None]
        self.inside = (at >= 0) & (at <= last)
        at = np.where(self.inside, at, np.float32(0))
        self.low, self.high = np.floor(at).astype(int), np.ceil(at).astype(int)
        self.nearest = np.floor(at + np.float32(0.5)).astype(int)
        self.share = at - self.low
        self.rest = one - self.share
        self.last, self.count = last, count

    def by_ends(self, grad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The gradients of where the side starts and stops, from those of its points."""
        if self.count == 1:
            half = grad.sum(1) * np.float32(0.5) * self.last
            return half, half
        moved = self.steps * self.ratio
        return (grad * (self.last - moved)).sum(1), (grad * moved).sum(1)


class _Grid:
    """The points of all crops in their images."""

    def __init__(self, boxes: np.ndarray, places: np.ndarray, image_size: Any, crop: Any) -> None:
        self.y = _Points(boxes[:, 0], boxes[:, 2], int(image_size[1]), int(crop[0]))
        self.x = _Points(boxes[:, 1], boxes[:, 3], int(image_size[2]), int(crop[1]))
        self.inside = (self.y.inside[:, :, None] & self.x.inside[:, None, :])[..., None]
        self.image = places[:, None, None]

    def corners(self) -> list[tuple[Any, Any]]:
        """Where the four pixels around each point are, and how much each of them counts."""
        y, x = self.y, self.x
        return [
            ((self.image, rows[:, :, None], columns[:, None, :]),
             (down[:, :, None] * across[:, None, :])[..., None])
            for rows, down in ((y.low, y.rest), (y.high, y.share))
            for columns, across in ((x.low, x.rest), (x.high, x.share))
        ]  # fmt: skip

    def nearest(self) -> Any:
        return self.image, self.y.nearest[:, :, None], self.x.nearest[:, None, :]


@op
class CropAndResize:
    """[boxes, height, width, channels]: parts of images, each box's in one size."""

    inputs = "image: T, boxes: float, box_ind: int32, crop_size: int32"
    outputs = "crops: float"
    attrs = f"T: {_PIXELS}, {_METHOD}, extrapolation_value: float = 0"

    def infer(image, boxes, box_ind, crop_size):
        channels = sizes(image, 4)[3]
        count = same_size(sizes(boxes, 2)[0], sizes(box_ind, 1)[0])
        crop = constant_shape(crop_size)._sizes or [None, None]
        return [count, *crop, channels]

    def kernel(image, boxes, places, crop_size, *, method, extrapolation_value):
        _check(boxes, places, len(image))
        grid = _Grid(boxes, places, image.shape, crop_size)
        if method == "nearest":
            crops = image[grid.nearest()].astype(np.float32)
        else:
            crops = sum(image[at].astype(np.float32) * share for at, share in grid.corners())
        outside = np.float32(extrapolation_value)
        return np.where(grid.inside, crops, outside).astype(np.float32)

    def gradient(op, grad):
        image, boxes, places, _ = op.inputs
        known = image.shape
        size = known.as_list() if known.is_fully_defined() else shape_of(image)
        by_image = None
        if image.dtype in (dtypes.float16, dtypes.float32, dtypes.float64):
            by_image = CropAndResizeGradImage(
                grad, boxes, places, size, T=op._attrs["T"], method=op._attrs["method"]
            )
        return by_image, CropAndResizeGradBoxes(grad, image, boxes, places), None, None


@op
class CropAndResizeGradImage:
    """The gradient of the images from that of their crops."""

    inputs = "grads: float, boxes: float, box_ind: int32, image_size: int32"
    outputs = "output: T"
    attrs = f"T: {{float, half, double}}, {_METHOD}"

    def infer(grads, boxes, box_ind, image_size):
        known = constant_shape(image_size)
        return known if known.rank == 4 else [None] * 4

    def kernel(grads, boxes, places, image_size, *, T, method):
        _check(boxes, places, int(image_size[0]))
        grid = _Grid(boxes, places, image_size, grads.shape[1:3])
        total = np.zeros(tuple(image_size), T.as_numpy_dtype)
        grads = np.where(grid.inside, grads, np.float32(0))
        if method == "nearest":
            np.add.at(total, grid.nearest(), grads)
        else:
            for at, share in grid.corners():
                np.add.at(total, at, grads * share)
        return total

    gradient = LookupError


@op
class CropAndResizeGradBoxes:
    """The gradient of the boxes from that of their crops, taken as blended."""

    inputs = "grads: float, image: T, boxes: float, box_ind: int32"
    outputs = "output: float"
    attrs = f"T: {_PIXELS}, method: {{'bilinear'}} = \"bilinear\""

    def infer(grads, image, boxes, box_ind):
        return boxes.shape

    def kernel(grads, image, boxes, places):
        _check(boxes, places, len(image))
        grid = _Grid(boxes, places, image.shape, grads.shape[1:3])
        around = [image[at].astype(np.float32) for at, _ in grid.corners()]
        (top_left, top_right, low_left, low_right), (y, x) = around, (grid.y, grid.x)
        across, down = x.share[:, None, :, None], y.share[:, :, None, None]
        by_y = (1 - across) * (low_left - top_left) + across * (low_right - top_right)
        by_x = (1 - down) * (top_right - top_left) + down * (low_right - low_left)
        grads = np.where(grid.inside, grads, np.float32(0))
        starts_y, stops_y = y.by_ends((grads * by_y).sum((2, 3)))
        starts_x, stops_x = x.by_ends((grads * by_x).sum((1, 3)))
        return np.stack([starts_y, starts_x, stops_y, stops_x], 1).astype(np.float32)

    gradient = LookupError


def _overlap(a: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Of a box and each of others: the common area as a share of what both cover."""
    low, high = np.minimum(a[:2], a[2:]), np.maximum(a[:2], a[2:])
    lows, highs = np.minimum(others[:, :2], others[:, 2:]), np.maximum(others[:, :2], others[:, 2:])
    common = np.clip(np.minimum(high, highs) - np.maximum(low, lows), 0, None).prod(1)
    area, areas = (high - low).prod(), (highs - lows).prod(1)
    covered = area + areas - common
    valid = (area > 0) & (areas > 0)
    return np.where(valid, common / np.where(valid, covered, 1), np.float32(0))


def _kept(
    boxes: np.ndarray, scores: np.ndarray, most: int, overlap: float, least: float, sigma: float
) -> tuple[list[int], list[Any]]:
    """The boxes kept, best first, and their scores, which near boxes lower where `sigma` is set.

    After Bodla et al., "Soft-NMS", 2017.
    """
    queue = [(-s, i, 0) for i, s in enumerate(scores) if s > least]
    heapq.heapify(queue)
    kept: list[int] = []
    values: list[Any] = []
    while queue and len(kept) < most:
        negative, i, seen = heapq.heappop(queue)
        score = -negative
        shares = _overlap(boxes[i], boxes[kept[seen:]]) if len(kept) > seen else np.zeros(0)
        if (shares > overlap).any() and not sigma:
            continue
        if sigma:
            for share in shares[::-1]:
                score = score * np.exp(-np.float32(0.5) / sigma * share * share)
                if share > overlap or score <= least:
                    score = scores.dtype.type(-np.inf)
                    break
        if score == -negative:
            kept.append(i)
            values.append(score)
        elif score > least:
            heapq.heappush(queue, (-score, i, len(kept)))
    return kept, values


def _check_boxes(boxes: np.ndarray, scores: np.ndarray, overlap: Any) -> None:
    if not 0 <= overlap <= 1:
        raise InvalidArgumentError(None, None, "iou_threshold must be in [0, 1]")
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise InvalidArgumentError(None, None, "boxes must have 4 columns")
    if len(scores) != len(boxes):
        raise InvalidArgumentError(None, None, "scores has incompatible shape")


def _infer_kept(boxes: Tensor, scores: Tensor, max_output_size: Tensor, *limits: Tensor) -> Any:
    same_size(sizes(boxes, 2)[0], sizes(scores, 1)[0])
    for t in (max_output_size, *limits):
        with_rank(t, 0)
    return [None]


@op
class NonMaxSuppressionV3:
    """The boxes with the highest scores of which none overlaps a better one too much."""

    inputs = (
        "boxes: T, scores: T, max_output_size: int32, iou_threshold: T_threshold, "
        "score_threshold: T_threshold"
    )
    outputs = "selected_indices: int32"
    attrs = "T: {half, float} = DT_FLOAT, T_threshold: {half, float} = DT_FLOAT"
    infer = _infer_kept

    def kernel(boxes, scores, most, overlap, least):
        _check_boxes(boxes, scores, overlap)
        return np.array(_kept(boxes, scores, int(most), overlap, least, 0.0)[0], np.int32)

    gradient = LookupError


@op
class NonMaxSuppressionV5:
    """The same, where a near box may only lower a score; with the scores and how many they are."""

    inputs = (
        "boxes: T, scores: T, max_output_size: int32, iou_threshold: T, score_threshold: T, "
        "soft_nms_sigma: T"
    )
    outputs = "selected_indices: int32, selected_scores: T, valid_outputs: int32"
    attrs = "T: {half, float} = DT_FLOAT, pad_to_max_output_size: bool = false"

    def infer(boxes, scores, max_output_size, *limits, pad_to_max_output_size):
        found = _infer_kept(boxes, scores, max_output_size, *limits)
        most = constant_value(max_output_size)
        if pad_to_max_output_size and most is not None:
            found = [int(most)]
        return found, found, []

    def kernel(boxes, scores, most, overlap, least, sigma, *, pad_to_max_output_size):
        _check_boxes(boxes, scores, overlap)
        if sigma < 0:
            raise InvalidArgumentError(None, None, "soft_nms_sigma_val must be >= 0")
        kept, values = _kept(boxes, scores, int(most), overlap, least, sigma)
        lacking = [0] * (int(most) - len(kept)) if pad_to_max_output_size else []
        found = np.array(kept + lacking, np.int32), np.array(values + lacking, scores.dtype)
        return *found, np.int32(len(kept))

    gradient = LookupError


def crop_and_resize(
    image: Any, boxes: Any, box_ind: Any = None, crop_size: Any = None, method: str = "bilinear",
    extrapolation_value: float = 0, name: str | None = None, box_indices: Any = None,
) -> Tensor:  # fmt: skip
    """[boxes, height, width, channels]: parts of images, each box's resized to `crop_size`.

    `boxes` [n, 4]: top, left, bottom, right, from 0 to 1; `box_ind` (or `box_indices`): which
    image each of them is of. Points outside an image are `extrapolation_value`.
    """
    if box_indices is not None and box_ind is not None:
        raise ValueError("Cannot specify both 'box_ind' and 'box_indices'.")
    places = box_ind if box_indices is None else box_indices
    return CropAndResize(
        image, boxes, places, crop_size, method=method, extrapolation_value=extrapolation_value,
        name=name,
    )  # fmt: skip


def non_max_suppression(
    boxes: Any, scores: Any, max_output_size: Any, iou_threshold: Any = 0.5,
    score_threshold: Any = float("-inf"), name: str | None = None,
) -> Tensor:  # fmt: skip
    """The numbers of the boxes to keep, best first: none overlaps a better one too much."""
    with name_scope(name, "non_max_suppression"):
        overlap = convert_to_tensor(iou_threshold, name="iou_threshold")
        least = convert_to_tensor(score_threshold, name="score_threshold")
        return NonMaxSuppressionV3(boxes, scores, max_output_size, overlap, least)


def non_max_suppression_with_scores(
    boxes: Any, scores: Any, max_output_size: Any, iou_threshold: Any = 0.5,
    score_threshold: Any = float("-inf"), soft_nms_sigma: Any = 0.0, name: str | None = None,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """The numbers of the boxes to keep, and their scores, lowered by near boxes."""
    with name_scope(name, "non_max_suppression_with_scores"):
        limits = [
            convert_to_tensor(iou_threshold, name="iou_threshold"),
            convert_to_tensor(score_threshold, name="score_threshold"),
            convert_to_tensor(soft_nms_sigma, name="soft_nms_sigma"),
        ]
        kept, values, _ = NonMaxSuppressionV5(
            boxes, scores, max_output_size, *limits, pad_to_max_output_size=False
        )
        return kept, values
