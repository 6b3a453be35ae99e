"""Testing programs (tf.test)."""

from __future__ import annotations

import shutil
import tempfile
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import main

import numpy as np

from minitf.gradients import gradients
from minitf.graph import get_default_graph, get_default_session, reset_default_graph
from minitf.ops.filling import ones
from minitf.runtime.session import Session

__all__ = ["TestCase", "compute_gradient", "compute_gradient_error", "get_temp_dir", "main"]


def get_temp_dir() -> str:
    """A folder for a test's files."""
    return tempfile.mkdtemp(prefix="minitf_test_")


class TestCase(unittest.TestCase):
    """A test whose graph is its own, with comparisons of arrays."""

    def setUp(self) -> None:
        reset_default_graph()
        self._folder: str | None = None

    def tearDown(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def get_temp_dir(self) -> str:
        """A folder that is gone after the test."""
        if self._folder is None:
            self._folder = get_temp_dir()
        return self._folder

    @contextmanager
    def session(self, graph: Any = None, config: Any = None, **unused: Any) -> Iterator[Session]:
        """A default session, closed at the end of the block."""
        graph = graph or get_default_graph()
        with graph.as_default(), Session(graph=graph, config=config) as sess:
            yield sess

    cached_session = session

    def __getattr__(self, name: str) -> Any:
        # Not a method of its own: unittest would take one called test_... for a test.
        if name == "test_session":
            return self.session
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def evaluate(self, tensors: Any) -> Any:
        """The tensors' values in the default session."""
        session = get_default_session()
        if session is None:
            raise ValueError("evaluate() needs a default session: use `with self.session():`")
        return session.run(tensors)

    def _values(self, *things: Any) -> list[np.ndarray]:
        return [
            np.asarray(self.evaluate(t) if hasattr(t, "_as_graph_element") else t) for t in things
        ]

    def assertAllEqual(self, a: Any, b: Any, msg: str | None = None) -> None:
        """Fails unless both have the same shape and elements."""
        x, y = self._values(a, b)
        np.testing.assert_array_equal(x, y, err_msg=msg or "")

    def assertAllClose(
        self, a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-6, msg: str | None = None
    ) -> None:
        """Fails unless all elements are close."""
        x, y = self._values(a, b)
        np.testing.assert_allclose(x, y, rtol=rtol, atol=atol, err_msg=msg or "")

    def assertNear(self, a: float, b: float, err: float, msg: str | None = None) -> None:
        """Fails unless the numbers differ by at most `err`."""
        self.assertLessEqual(abs(a - b), err, msg)  # noqa: PT009 (a TestCase itself)

    def assertShapeEqual(self, array: Any, tensor: Any) -> None:
        """Fails unless the array has the tensor's static shape."""
        sizes = tensor.get_shape().as_list()
        self.assertEqual(list(np.shape(array)), sizes)  # noqa: PT009 (a TestCase itself)


def compute_gradient(
    x: Any,
    x_shape: Any,
    y: Any,
    y_shape: Any,
    x_init_value: Any = None,
    delta: float = 1e-3,
    init_targets: Any = None,
    extra_feed_dict: Any = None,
) -> tuple[np.ndarray, np.ndarray]:
    """The derivatives of y by x, by gradients and by differences, as two [x size, y size] arrays.

    Needs a default session; ValueError for an initial value of another shape.
    """
    session = get_default_session()
    if init_targets is not None:
        session.run(init_targets)
    if x_init_value is None:
        x_init_value = np.random.default_rng().uniform(0.0, 1.0, tuple(x_shape))
    value = np.array(x_init_value, x.dtype.as_numpy_dtype)
    if value.shape != tuple(x_shape):
        raise ValueError(f"x_init_value has shape {value.shape}, x_shape is {tuple(x_shape)}")
    feeds = dict(extra_feed_dict or {})
    y_size = int(np.prod(y_shape, dtype=np.int64))
    weights = ones(y_shape, dtype=y.dtype.base_dtype)
    (grad,) = gradients(y, x, grad_ys=weights)
    analytic = np.zeros((value.size, y_size))
    for column in range(y_size):
        unit = np.zeros(y_size, y.dtype.as_numpy_dtype)
        unit[column] = 1
        feed = {**feeds, x: value, weights: unit.reshape(tuple(y_shape))}
        analytic[:, column] = np.asarray(session.run(grad, feed)).reshape(-1)
    numeric = np.zeros_like(analytic)
    for row in range(value.size):
        sides = []
        for step in (delta, -delta):
            moved = value.copy()
            moved.reshape(-1)[row] += step
            sides.append(np.asarray(session.run(y, {**feeds, x: moved}), np.float64).reshape(-1))
        numeric[row] = (sides[0] - sides[1]) / (2 * delta)
    return analytic, numeric


def compute_gradient_error(*arguments: Any, **options: Any) -> float:
    """The largest difference between the two arrays of `compute_gradient`."""
    analytic, numeric = compute_gradient(*arguments, **options)
    return float(np.abs(analytic - numeric).max()) if analytic.size else 0.0
