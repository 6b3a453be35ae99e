"""The largest of each row against a stable sort of Python's own."""

import numpy as np
import pytest

from minitf.kernels.ranking import largest


def _naive(row: list, count: int) -> list[int]:
    return sorted(range(len(row)), key=lambda i: -row[i])[:count]


@pytest.mark.parametrize("dtype", [np.float32, np.int32, np.float64, np.uint8])
@pytest.mark.parametrize("count", [0, 1, 7, 40])
def test_the_largest_come_first_and_of_equal_ones_the_first(dtype, count):
    rows = np.random.default_rng(count).integers(-9, 9, (3, 2, 40)).astype(dtype)
    if dtype == np.float32:
        rows = rows * np.float32(0.1) * np.float32(-1)  # negative zeros among them
    values, found = largest(rows, count)
    assert found.shape == (3, 2, count)
    expected = [[_naive(row.tolist(), count) for row in rows_] for rows_ in rows]
    np.testing.assert_array_equal(found, np.array(expected).reshape(found.shape))
    np.testing.assert_array_equal(values, np.take_along_axis(rows, found, axis=-1))


def test_the_ends_of_the_range_are_in_order():
    info = np.iinfo(np.int32)
    assert largest(np.array([0, info.min, info.max], np.int32), 3)[1].tolist() == [2, 0, 1]
    floats = np.array([1e-45, -np.inf, 3e38, np.inf, -1e-45], np.float32)
    assert largest(floats, 5)[1].tolist() == [3, 2, 0, 4, 1]
