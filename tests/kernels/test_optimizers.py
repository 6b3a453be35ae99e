"""Optimizer updates against TensorFlow's trajectories; both halves agree to the last bit."""

import inspect
import re
import signal

import numpy as np
import pytest

from minitf.kernels import jit, optimizers, threads
from tests.kernels.conftest import decode, recorded

CASES = [case for case in recorded("training") if "op" in case]
TOLERANCE = {"float16": 5e-3, "float32": 1e-6, "float64": 1e-14}


def function_of(op):
    words = re.sub("RMSProp", "RmsProp", op).replace("AdagradDA", "AdagradDa")
    return getattr(optimizers, re.sub("(?<!^)([A-Z])", r"_\1", words).lower())


def data(shape, seed, dtype):
    """The same numbers as the recording script's."""
    numbers = np.array(np.random.RandomState(seed).randint(-8, 9, shape), dtype)
    return np.asarray(numbers / np.array(4, dtype))


def step(function, arrays, case, grad):
    """One call, its arguments put in the function's own order."""
    numbers = {name: np.array(value, grad.dtype) for name, value in case["scalars"].items()}
    named = dict(zip(["var", *case["slots"]], arrays, strict=True)) | numbers
    named |= {"grad": grad, "delta": grad}
    names = [
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]
    assert function(*[named[name] for name in names], **case["options"]) is None


def start(case, shape):
    dtype = case["dtype"]
    slots = [np.full(shape, value, dtype) for value in case["slots"].values()]
    return [data(shape, 1, dtype), *slots]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['op']}-{c['dtype']}")
def test_three_steps_are_tensorflows(case, half):
    function, arrays = function_of(case["op"]), start(case, [3, 4])
    for index in range(3):
        step(function, arrays, case, data([3, 4], 10 + index, case["dtype"]))
    tolerance = TOLERANCE[case["dtype"]]
    for array, entry in zip(arrays, case["out"], strict=True):
        assert array.dtype == entry["dtype"]
        np.testing.assert_allclose(array, decode(entry), rtol=tolerance, atol=tolerance)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [[], [0], [3], [123, 457]])
def test_both_halves_and_all_block_sizes_agree_to_the_bit(shape, monkeypatch):
    for case in CASES:
        results = []
        for compiled, block in ((False, 1 << 30), (False, 1000), (not jit.disabled(), 1 << 14)):
            monkeypatch.setattr(jit.Hot, "worth", lambda self, n, answer=compiled: answer)
            monkeypatch.setattr(optimizers, "BLOCK", block)
            arrays = start(case, shape)
            for index in range(2):
                step(function_of(case["op"]), arrays, case, data(shape, 10 + index, case["dtype"]))
            results.append([array.tobytes() for array in arrays])
        assert results[0] == results[1] == results[2], case


def test_arrays_that_are_not_contiguous_change_in_place(half):
    whole = np.ones([4, 6], np.float32)
    optimizers.apply_gradient_descent(whole[:, ::2], 0.5, np.ones([4, 3], np.float32))
    assert whole.tolist() == [[0.5, 1.0] * 3] * 4


def test_sparse_updates_touch_their_rows_only():
    var, accum = np.ones([5, 2], np.float32), np.full([5, 2], 0.1, np.float32)
    rows, grad = np.array([3, 1]), np.float32([[1, 2], [3, 4]])
    dense_var, dense_accum = var[rows], accum[rows]
    optimizers.apply_adagrad(dense_var, dense_accum, 0.1, grad)
    optimizers.sparse(optimizers.apply_adagrad, [var, accum], rows, 0.1, grad)
    assert np.array_equal(var[rows], dense_var)
    assert np.array_equal(accum[rows], dense_accum)
    assert np.array_equal(var[[0, 2, 4]], np.ones([3, 2]))


def test_an_interrupt_leaves_every_array_old_or_new(monkeypatch):
    monkeypatch.setattr(jit.Hot, "worth", lambda self, elements: False)
    var = np.zeros(300_000, np.float32)

    class Interrupting(np.ndarray):
        def __getitem__(self, key):
            signal.raise_signal(signal.SIGINT)
            return np.asarray(self)[key]

    grad = np.ones(300_000, np.float32).view(Interrupting)
    with pytest.raises(KeyboardInterrupt):
        optimizers.apply_gradient_descent(var, 1.0, grad)
    assert set(var.tolist()) == {-1.0}
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_whole_lets_an_interrupt_through_at_the_end():
    reached = []

    def interrupted():
        with threads.whole():
            signal.raise_signal(signal.SIGINT)
            reached.append(True)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert reached
