"""Testing programs (tf.test)."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from absl.testing.absltest import main

from minitf.assertions import Assertions
from minitf.gradients import gradients
from minitf.graph import get_default_session, reset_default_graph
from minitf.indexed_slices import IndexedSlicesValue
from minitf.ops.constants import constant, identity
from minitf.random_seed import DEFAULT_GRAPH_SEED, set_random_seed
from minitf.runtime.session import Session

__all__ = [
    "TestCase",
    "assert_equal_graph_def",
    "compute_gradient",
    "compute_gradient_error",
    "get_temp_dir",
    "gpu_device_name",
    "is_built_with_cuda",
    "is_built_with_gpu_support",
    "is_built_with_rocm",
    "is_built_with_xla",
    "is_gpu_available",
    "main",
    "mock",
]


def get_temp_dir() -> str:
    """A folder for a test's files."""
    return tempfile.mkdtemp(prefix="minitf_test_")


class TestCase(Assertions):
    """A test whose graph is its own and whose random numbers are the same at each run."""

    def __init__(self, methodName: str = "runTest") -> None:
        super().__init__(methodName)
        self._folder: str | None = None
        self._cached: tuple[Session, Any, Any] | None = None
        self._threads: list[CheckedThread] = []

    def setUp(self) -> None:
        super().setUp()
        self._close_cached_session()
        random.seed(DEFAULT_GRAPH_SEED)
        np.random.seed(DEFAULT_GRAPH_SEED)  # noqa: NPY002 (the generator that tests use)
        reset_default_graph()
        set_random_seed(DEFAULT_GRAPH_SEED)

    def tearDown(self) -> None:
        for thread in self._threads:
            thread.check_termination()
        self._close_cached_session()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
        super().tearDown()

    def _close_cached_session(self) -> None:
        if self._cached is not None:
            self._cached[0].close()
            self._cached = None

    def get_temp_dir(self) -> str:
        """A folder that is gone after the test."""
        if self._folder is None:
            self._folder = get_temp_dir()
        return self._folder

    @contextmanager
    def session(
        self,
        graph: Any = None,
        config: Any = None,
        use_gpu: bool = True,
        force_gpu: bool = False,
    ) -> Iterator[Session]:
        """A default session, closed at the end of the block."""
        with Session(graph=graph, config=config) as sess, _placed(sess, use_gpu, force_gpu):
            yield sess

    @contextmanager
    def cached_session(
        self,
        graph: Any = None,
        config: Any = None,
        use_gpu: bool = True,
        force_gpu: bool = False,
    ) -> Iterator[Session]:
        """A default session that lives as long as the test, the same in each such block.

        ValueError for another graph or config than before.
        """
        if self._cached is None:
            self._cached = (Session(graph=graph, config=config), graph, config)
        sess, first_graph, first_config = self._cached
        for word, first, now in (("graph", first_graph, graph), ("config", first_config, config)):
            if first is not now:
                raise ValueError(
                    f"The {word} used to get the cached session is different than the one that "
                    "was used to create the session. Maybe create a new session with "
                    "self.session()"
                )
        with sess.graph.as_default(), sess.as_default(), _placed(sess, use_gpu, force_gpu):
            yield sess

    def _test_session(
        self,
        graph: Any = None,
        config: Any = None,
        use_gpu: bool = True,
        force_gpu: bool = False,
    ) -> Any:
        which = self.cached_session if graph is None else self.session
        return which(graph, config, use_gpu, force_gpu)

    def __getattr__(self, name: str) -> Any:
        # Not a method of its own: unittest would take one called test_... for a test.
        if name == "test_session":
            return self._test_session
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def evaluate(self, tensors: Any) -> Any:
        """The tensors' values in the default session, or in the test's own where there is none."""
        session = get_default_session()
        if session is not None:
            return session.run(tensors)
        with self._test_session() as session:
            return session.run(tensors)

    def checkedThread(self, target: Any, args: Any = None, kwargs: Any = None) -> CheckedThread:
        """A thread whose exception fails the test when it is joined; the test must join it."""
        thread = CheckedThread(self, target, args or (), kwargs or {})
        self._threads.append(thread)
        return thread

    @contextmanager
    def captureWritesToStream(self, stream: Any) -> Iterator[CapturedWrites]:
        """What the block writes to a stream's file, by any way: `.contents()` of what is given."""
        stream.flush()
        number = stream.fileno()
        before = os.dup(number)
        path = Path(self.get_temp_dir(), f"stream_{number}_{before}")
        try:
            with path.open("wb") as file:
                os.dup2(file.fileno(), number)
            yield CapturedWrites(path)
        finally:
            stream.flush()
            os.dup2(before, number)
            os.close(before)


@contextmanager
def _placed(session: Session, use_gpu: bool, force_gpu: bool) -> Iterator[None]:
    where = "/device:GPU:0" if force_gpu else None if use_gpu else "/device:CPU:0"
    if where is None:
        yield
    else:
        with session.graph.device(where):
            yield


class CheckedThread:
    """A thread that hands its exception to the test."""

    def __init__(self, case: TestCase, target: Any, args: Any, kwargs: Any) -> None:
        self._case = case
        self._call = (target, args, kwargs)
        self._thread = threading.Thread(target=self._run)
        self._failure: BaseException | None = None
        self._joined = False

    def _run(self) -> None:
        target, args, kwargs = self._call
        try:
            target(*args, **kwargs)
        except Exception as error:
            self._failure = error

    def start(self) -> None:
        """Starts it."""
        self._thread.start()

    def join(self) -> None:
        """Waits for its end; fails the test if it raised."""
        self._joined = True
        self._thread.join()
        if self._failure is not None:
            self._case.fail(f"Error in checkedThread: {self._failure}")

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._thread.is_alive()

    def check_termination(self) -> None:
        """Fails the test, at its end, unless the thread was joined."""
        if not self._joined:
            self._case.fail("A checked thread was not joined.")


class CapturedWrites:
    """What was written to a stream while it was captured."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def contents(self) -> str:
        """All of it, as text."""
        return self._path.read_text()


def assert_equal_graph_def(
    actual: Any, expected: Any, checkpoint_v2: bool = False, hash_table_shared_name: bool = False
) -> None:
    """AssertionError unless two GraphDefs have the same nodes, in any order; versions are free."""
    found, wanted = ({node.name: node for node in graph.node} for graph in (actual, expected))
    for one, other, words in ((found, wanted, "not expected"), (wanted, found, "missing")):
        strangers = sorted(one.keys() - other.keys())
        if strangers:
            raise AssertionError(f"Found nodes that are {words}: {strangers}")
    for name, node in found.items():
        if _comparable(node) != _comparable(wanted[name]):
            raise AssertionError(f"{node}\n!=\n{wanted[name]}")


def _comparable(node: Any) -> Any:
    data = [name for name in node.input if not name.startswith("^")]
    control = sorted(name for name in node.input if name.startswith("^"))
    attrs = {key: node.attr[key].SerializeToString(deterministic=True) for key in node.attr}
    return node.op, node.device, data, control, attrs


def is_gpu_available(cuda_only: bool = False, min_cuda_compute_capability: Any = None) -> bool:
    """False: there are CPU devices only."""
    return False


def gpu_device_name() -> str:
    """The empty string: there are CPU devices only."""
    return ""


def is_built_with_cuda() -> bool:
    """False: nothing here is built for CUDA."""
    return False


def is_built_with_rocm() -> bool:
    """False: nothing here is built for ROCm."""
    return False


def is_built_with_xla() -> bool:
    """False: nothing here is built with XLA."""
    return False


def is_built_with_gpu_support() -> bool:
    """False: there are CPU devices only."""
    return False


def compute_gradient(
    x: Any,
    x_shape: Any,
    y: Any,
    y_shape: Any,
    x_init_value: Any = None,
    delta: float = 1e-3,
    init_targets: Any = None,
    extra_feed_dict: Any = None,
) -> Any:
    """The derivatives of y by x, by gradients and by differences, as two [x size, y size] arrays.

    For a list of tensors `x` a list of such pairs. Needs a default session; ValueError for an
    initial value of another shape.
    """
    if init_targets is not None:
        get_default_session().run(init_targets)
    if not isinstance(x, list):
        return _derivatives(x, x_shape, y, y_shape, x_init_value, delta, extra_feed_dict)
    starts = x_init_value or [None] * len(x)
    return [
        _derivatives(part, shape, y, y_shape, start, delta, extra_feed_dict)
        for part, shape, start in zip(x, x_shape, starts, strict=True)
    ]


def _dense(slices: IndexedSlicesValue, like: np.ndarray) -> np.ndarray:
    result = np.zeros_like(like)
    np.add.at(result, slices.indices, slices.values)
    return result


def _derivatives(
    x: Any, x_shape: Any, y: Any, y_shape: Any, x_init_value: Any, delta: float, extra: Any
) -> tuple[np.ndarray, np.ndarray]:
    session = get_default_session()
    if x_init_value is None:
        x_init_value = np.random.default_rng().uniform(0.0, 1.0, tuple(x_shape))
    value = np.array(x_init_value, x.dtype.as_numpy_dtype)
    if value.shape != tuple(x_shape):
        raise ValueError(f"x_init_value has shape {value.shape}, x_shape is {tuple(x_shape)}")
    feeds = dict(extra or {})
    y_size = int(np.prod(y_shape, dtype=np.int64))
    weights = identity(constant(1.0, shape=y_shape, dtype=y.dtype.base_dtype))
    (grad,) = gradients(y, x, grad_ys=weights)
    analytic = np.zeros((value.size, y_size))
    for column in range(y_size):
        unit = np.zeros(y_size, y.dtype.as_numpy_dtype)
        unit[column] = 1
        feed = {**feeds, x: value, weights: unit.reshape(tuple(y_shape))}
        slope = session.run(grad, feed)
        if isinstance(slope, IndexedSlicesValue):
            slope = _dense(slope, value)
        analytic[:, column] = np.asarray(slope).reshape(-1)
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
    pairs = compute_gradient(*arguments, **options)
    pairs = pairs if isinstance(pairs, list) else [pairs]
    errors = [float(np.abs(a - n).max()) for a, n in pairs if a.size]
    return max(errors, default=0.0)
