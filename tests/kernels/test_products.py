"""Matrix products on our own threads against NumPy's, and who sets the threads of the BLAS."""

import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from minitf.kernels import products


def _blas_threads():
    """Those of NumPy's BLAS; SciPy brings one of its own."""
    libraries = [found for found in threadpool_info() if found["user_api"] == "blas"]
    return [found["num_threads"] for found in libraries if "scipy.libs" not in found["filepath"]]


@pytest.fixture(params=[False, True])
def eager(request, monkeypatch):
    monkeypatch.setattr(products, "_LARGE", 1)
    monkeypatch.setattr(products._Choice, "__call__", lambda self: request.param)


@pytest.mark.parametrize(("m", "k", "n"), [(1, 1, 1), (7, 3, 5), (5, 3, 7), (3, 4, 0)])
@pytest.mark.parametrize("turned", [0, 1, 2, 3])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32])
def test_a_product_is_numpys(eager, m, k, n, turned, dtype):
    rng = np.random.default_rng(0)
    x, y = rng.integers(-9, 9, (m, k)).astype(dtype), rng.integers(-9, 9, (k, n)).astype(dtype)
    x = np.asfortranarray(x) if turned & 1 else x
    y = np.asfortranarray(y) if turned & 2 else y
    found = products.product(x, y)
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, np.einsum("ik,kj->ij", x, y))


def test_matrices_that_do_not_fit_are_refused(eager):
    with pytest.raises(ValueError, match="not aligned"):
        products.product(np.ones((2, 3), np.float32), np.ones((2, 3), np.float32))


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


def _paces(choice, alone, together, calls, shapes=(1, 2)):
    """How many of the next products go on the BLAS's threads, given the time of either way."""
    count = 0
    for number in range(calls):
        threads = choice()
        count += threads
        size = shapes[number % len(shapes)]
        choice.learn(size, threads, size * (together if threads else alone))
    return count


def test_the_quicker_way_goes_on_and_the_other_is_tried_now_and_then():
    choice = products._Choice()
    first, period = products._FIRST_TRIED, products._TRIED_EVERY
    tried = products._WAKING + products._TRIES
    assert _paces(choice, 1.0, 0.5, first) == first  # begins with threads
    assert _paces(choice, 1.0, 0.5, tried) == 0
    assert _paces(choice, 1.0, 0.5, period) == period
    assert _paces(choice, 1.0, 50.0, period) < 3 * tried  # the machine gets busy
    assert _paces(choice, 1.0, 50.0, 10 * period) <= 10 * (products._WAKING + 2)  # hopeless
    assert _paces(choice, 1.0, 0.95, 10 * period) <= 10 * tried  # hardly quicker
    assert _paces(choice, 1.0, 0.5, 5 * period) > 3 * period  # quiet again


def test_only_products_of_equal_shapes_are_compared():
    choice = products._Choice()
    _paces(choice, 1.0, 1.0, products._FIRST_TRIED, shapes=[1])
    _paces(choice, 0.1, 1.0, products._WAKING + products._TRIES, shapes=[1000])
    assert choice.threads


def test_a_product_tells_its_shape_and_how_it_went(monkeypatch):
    monkeypatch.setattr(products, "_LARGE", 12)
    choice = products._Choice()
    monkeypatch.setattr(products, "_choice", choice)
    told = []
    monkeypatch.setattr(choice, "learn", lambda *details: told.append(details))
    for rows, dtype in ((3, np.float32), (1, np.float32), (4, np.float64), (5, np.int32)):
        products.product(np.ones((rows, 2), dtype), np.ones((2, 2), dtype))
    assert [details[:2] for details in told] == [((3, 2, 2, 4), True), ((4, 2, 2, 8), True)]
    assert all(0 < seconds < 1 for _, _, seconds in told)


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
