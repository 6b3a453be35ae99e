"""Batches of products against NumPy's, and who sets the threads of the BLAS."""

import contextlib
import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from minitf.kernels import products


def _blas_threads():
    """Those of NumPy's BLAS; SciPy brings one of its own."""
    libraries = [found for found in threadpool_info() if found["user_api"] == "blas"]
    return [found["num_threads"] for found in libraries if "scipy.libs" not in found["filepath"]]


def test_the_blas_has_one_thread_inside_and_its_own_afterwards():
    before = _blas_threads()
    inside = []
    with products.one_blas_thread():
        with products.one_blas_thread():
            inside += _blas_threads()
        thread = threading.Thread(target=lambda: inside.extend(_blas_threads()))
        thread.start()
        thread.join()
        inside += _blas_threads()
    with pytest.raises(ZeroDivisionError), products.one_blas_thread():
        _ = 1 / 0
    assert set(inside) == {1}
    assert _blas_threads() == before


class Machine:
    """Runs that take the time they are said to take, on the BLAS's threads and on one."""

    def __init__(self, monkeypatch):
        self.now, self.one_thread = 0.0, False
        monkeypatch.setattr(products.time, "perf_counter", lambda: self.now)
        monkeypatch.setattr(products, "one_blas_thread", self._one_blas_thread)
        self.choice = products.ThreadChoice()
        self.alone = self.together = 1.0

    def runs(self, count, alone, together):
        """How many of the next runs are on the BLAS's threads."""
        self.alone, self.together = alone, together
        return sum(self.choice(self._run) for _ in range(count))

    @contextlib.contextmanager
    def _one_blas_thread(self):
        self.one_thread = True
        yield
        self.one_thread = False

    def _run(self):
        self.now += self.alone if self.one_thread else self.together
        return not self.one_thread


@pytest.fixture
def machine(monkeypatch):
    return Machine(monkeypatch)


def test_the_quicker_way_goes_on_and_the_other_is_tried_now_and_then(machine):
    first, period = products._FIRST_TRIED, products._TRIED_EVERY
    tried = products._WAKING + products._TRIES
    assert machine.runs(first, 1.0, 0.5) == first  # begins with threads
    assert machine.runs(tried, 1.0, 0.5) == 0
    assert machine.runs(period, 1.0, 0.5) == period
    assert machine.runs(period, 1.0, 50.0) < 3 * tried  # the machine gets busy
    assert machine.runs(10 * period, 1.0, 50.0) <= 10 * (products._WAKING + 2)  # hopeless
    assert machine.runs(10 * period, 1.0, 0.95) <= 10 * tried  # hardly quicker
    assert machine.runs(5 * period, 1.0, 0.5) > 3 * period  # quiet again


def test_a_run_that_takes_long_for_once_decides_nothing(machine):
    first, tried = products._FIRST_TRIED, products._WAKING + products._TRIES
    machine.runs(first - 1, 1.0, 0.8)
    machine.runs(1, 1.0, 1000.0)
    assert machine.runs(tried, 1.0, 0.8) == 0
    assert machine.runs(100, 1.0, 0.8) == 100


def test_other_threads_and_failing_runs_leave_the_choice_alone(machine):
    results = []
    for _ in range(3 * products._FIRST_TRIED):
        caller = threading.Thread(target=lambda: results.append(machine.choice(lambda: "done")))
        caller.start()
        caller.join()
    assert results == ["done"] * 3 * products._FIRST_TRIED
    with pytest.raises(ZeroDivisionError):
        machine.choice(lambda: 1 / 0)
    assert machine.runs(products._FIRST_TRIED, 1.0, 0.5) == products._FIRST_TRIED


@pytest.mark.parametrize("shapes", [((5, 3, 4), (5, 4, 6)), ((2, 5, 3, 4), (5, 4, 6)), ((3, 4), (5, 4, 6)), ((0, 3, 4), (0, 4, 2))])  # fmt: skip  # noqa: E501
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32])
def test_a_batch_of_products_is_numpys(monkeypatch, shapes, dtype):
    monkeypatch.setattr(products, "_SMALLEST_SHARED", 1)
    monkeypatch.setattr(products, "_SHARED", 1)
    rng = np.random.default_rng(0)
    x, y = (rng.integers(-9, 9, shape).astype(dtype) for shape in shapes)
    found = products.batch_product(x, y)
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, np.einsum("...ik,...kj->...ij", x, y))
    turned = products.batch_product(x, y.swapaxes(-1, -2).copy().swapaxes(-1, -2))
    np.testing.assert_array_equal(turned, found)
