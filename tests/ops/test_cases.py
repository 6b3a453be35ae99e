"""Every op by one table: value, dtype, static shape, gradients to second order, both ways to run.

The rows stand in `cases_*.py` beside this file, each a list `CASES`.
"""

import importlib
import importlib.util
import pkgutil
from pathlib import Path

import numpy as np
import pytest

import minitf as tf
import minitf.ops
from minitf import registry

for _module in pkgutil.iter_modules(minitf.ops.__path__):
    importlib.import_module(f"minitf.ops.{_module.name}")

HERE = Path(__file__).parent
STEP = 1e-5


def _table():
    rows = []
    for path in sorted(HERE.glob("cases_*.py")):
        spec = importlib.util.spec_from_file_location(f"ops_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        rows += [pytest.param(case, id=f"{path.stem[6:]}-{case.id}") for case in module.CASES]
    return rows


def _has_gradient(case):
    """Whether there is anything to differentiate, and a rule for every op that the row is about."""
    floats = any(np.asarray(feed).dtype == np.float64 for feed in case.feeds)
    ops = [registry.get(name) for name in case.op_types.split()]
    return bool(case.order and floats) and all(op.gradient not in (None, LookupError) for op in ops)


def _rows(*, where):
    return pytest.mark.parametrize("case", [row for row in TABLE if where(row.values[0])])


TABLE = _table()
ROWS = pytest.mark.parametrize("case", TABLE)


class Built:
    """A case in a graph of its own."""

    def __init__(self, case, shaped=True):
        self.case = case
        self.arrays = [np.asarray(feed) for feed in case.feeds]
        self.graph = tf.Graph()
        with self.graph.as_default():
            tf.set_random_seed(case.seed) if case.seed is not None else None
            self.inputs = [
                tf.placeholder(array.dtype, array.shape if shaped else None)
                for array in self.arrays
            ]
            result = case.build(*self.inputs)
        self.results = list(result) if isinstance(result, (list, tuple)) else [result]
        self.session = tf.Session(graph=self.graph)

    def feed_dict(self, arrays=None):
        return dict(zip(self.inputs, arrays or self.arrays, strict=True))

    def run(self, fetches, arrays=None):
        return self.session.run(fetches, self.feed_dict(arrays))


def _equal(got, wanted, rtol):
    got, wanted = np.asarray(got), np.asarray(wanted)
    if wanted.dtype.kind in "SUO":
        assert got.tolist() == wanted.astype(object).tolist()
    elif wanted.dtype.kind in "fc":
        np.testing.assert_allclose(got, wanted, rtol=rtol, atol=rtol, equal_nan=True)
    else:
        np.testing.assert_array_equal(got, wanted)


def _wanted(case, built):
    wanted = case.want(*built.arrays) if callable(case.want) else case.want
    return list(wanted) if len(built.results) > 1 else [wanted]


@ROWS
def test_value_dtype_and_shape(case):
    built = Built(case)
    values = built.run(built.results)
    missing = set(case.op_types.split()) - {op.type for op in built.graph.get_operations()}
    assert not missing, "the case does not make the op it is about"
    for tensor, value, wanted in zip(built.results, values, _wanted(case, built), strict=True):
        if tensor.dtype.base_dtype != tf.string:
            assert np.asarray(value).dtype == tensor.dtype.as_numpy_dtype
        assert tensor.shape.is_compatible_with(np.shape(value))
        if case.exact_shape:
            assert tensor.shape.as_list() == list(np.shape(value))
        if wanted is not None:
            assert np.shape(value) == np.shape(wanted)
            _equal(value, wanted, case.rtol)


@_rows(where=lambda case: case.run_unknown)
def test_without_static_shapes(case):
    built = Built(case, shaped=False)
    values = built.run(built.results)
    for tensor, value, wanted in zip(built.results, values, _wanted(case, built), strict=True):
        assert tensor.shape.is_compatible_with(np.shape(value))
        if wanted is not None:
            _equal(value, wanted, case.rtol)


@ROWS
def test_traced_is_compiled(case):
    built = Built(case)
    compiled = built.run(built.results)
    again = Built(case)
    trace = again.session.trace(again.results, again.feed_dict())
    assert trace.error is None
    for traced, value in zip(trace.values, compiled, strict=True):
        assert np.asarray(traced).dtype == np.asarray(value).dtype
        _equal(traced, value, 1e-6)


def _weighted(built, tensors, generator):
    """A scalar that depends on every element of every tensor, each in its own measure."""
    terms = []
    for tensor in tensors:
        shape = np.shape(built.run(tensor))
        weights = tf.constant(generator.uniform(0.5, 1.5, shape), tensor.dtype.base_dtype)
        terms.append(tf.reduce_sum(tensor * weights))
    return terms[0] if len(terms) == 1 else tf.add_n(terms)


def _numeric(function, arrays, index):
    """Central differences of a scalar function of `arrays` by the elements of one of them."""
    result = np.zeros(arrays[index].shape)
    for place in np.ndindex(arrays[index].shape):
        sides = []
        for sign in (1, -1):
            moved = [array.copy() for array in arrays]
            moved[index][place] += sign * STEP
            sides.append(function(moved))
        result[place] = (sides[0] - sides[1]) / (2 * STEP)
    return result


def _compare(built, scalar, variables):
    """The gradients of `scalar` by `variables`, checked; those that there are."""
    found = tf.gradients(scalar, [built.inputs[i] for i in variables])
    pairs = [(i, tf.convert_to_tensor(g)) for i, g in zip(variables, found) if g is not None]
    for i, gradient in pairs:
        analytic = built.run(gradient)
        numeric = _numeric(lambda arrays: built.run(scalar, arrays), built.arrays, i)
        assert gradient.shape.is_compatible_with(numeric.shape)
        np.testing.assert_allclose(analytic, numeric, rtol=2e-4, atol=2e-5)
    return [gradient for _, gradient in pairs]


@_rows(where=_has_gradient)
def test_gradients(case):
    built = Built(case)
    floats = [i for i, array in enumerate(built.arrays) if array.dtype == np.float64]
    results = [t for t in built.results if t.dtype.base_dtype == tf.float64]
    generator = np.random.default_rng(0)
    with built.graph.as_default():
        found = results
        for _ in range(case.order if results else 0):
            found = _compare(built, _weighted(built, found, generator), floats)
            if not found:
                break


def test_every_op_has_a_row_and_every_part():
    for op_type in registry.registered():
        definition = registry.get(op_type)
        assert definition.infer is not None, op_type
        assert definition.kernel is not None or definition.bind is not None, op_type
        assert definition.gradient is None or callable(definition.gradient), op_type
    of_rows = {name for row in TABLE for name in row.values[0].op_types.split()}
    assert set(registry.registered()) - of_rows == set(), "no row in tests/ops/cases_*.py"
