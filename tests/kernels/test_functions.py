"""Elementary functions of float32 against NumPy's in float64, to units in the last place."""

import numpy as np
import pytest

from minitf.kernels import jit

pytestmark = pytest.mark.skipif(
    jit.disabled(), reason="NUMBA_DISABLE_JIT asks for no compiled code"
)
TWINS = {
    "exp": np.exp,
    "log": np.log,
    "log1p": np.log1p,
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "sqrt": np.sqrt,
}


@pytest.fixture(scope="module")
def compiled():
    import numba

    from minitf.kernels import functions_compiled as functions

    exp, log, log1p = functions.exp, functions.log, functions.log1p
    tanh, sigmoid, sqrt = functions.tanh, functions.sigmoid, functions.sqrt

    @numba.njit(fastmath={"nsz", "contract"}, error_model="numpy")  # as `fused` compiles them
    def run(x, out):
        for i in range(x.size):
            out[0, i] = exp(x[i])
            out[1, i] = log(x[i])
            out[2, i] = tanh(x[i])
            out[3, i] = sigmoid(x[i])
            out[4, i] = sqrt(x[i])
            out[5, i] = log1p(x[i])

    def results(x):
        x = np.asarray(x, np.float32)
        out = np.empty((len(TWINS), x.size), np.float32)
        run(x, out)
        return dict(zip(("exp", "log", "tanh", "sigmoid", "sqrt", "log1p"), out, strict=True))

    return results


def _numbers():
    tiny = np.geomspace(1e-37, 1e-2, 20_001)
    ends = np.linspace(86, 89, 20_001)
    return np.concatenate([np.linspace(-110, 110, 200_001), tiny, -tiny, ends, -ends])


@pytest.mark.parametrize("name", TWINS)
def test_results_are_right_to_three_units_in_the_last_place(compiled, name):
    x = _numbers().astype(np.float32)
    with np.errstate(all="ignore"):
        wanted = TWINS[name](x.astype(np.float64))
    with np.errstate(all="ignore"):
        rounded = wanted.astype(np.float32)
    found = compiled(x)[name]
    normal = (np.abs(rounded) >= np.finfo(np.float32).tiny) & np.isfinite(rounded)
    away = np.abs(found[normal] - wanted[normal]) / np.spacing(np.abs(rounded[normal]))
    assert normal.sum() > 100_000
    assert away.max() < 3
    np.testing.assert_allclose(found[~normal], rounded[~normal], atol=np.finfo(np.float32).tiny)


def test_special_values_are_those_of_the_standard(compiled):
    found = compiled([np.inf, -np.inf, np.nan, 0.0, -0.0, -1.0])
    nan, inf = np.nan, np.inf
    np.testing.assert_array_equal(found["exp"][:5], [inf, 0, nan, 1, 1])
    np.testing.assert_array_equal(found["log"], [inf, nan, nan, -inf, -inf, nan])
    np.testing.assert_array_equal(found["log1p"], [inf, nan, nan, 0, 0, -inf])
    np.testing.assert_array_equal(found["tanh"][:5], [1, -1, nan, 0, 0])
    np.testing.assert_array_equal(found["sigmoid"][:5], [1, 0, nan, 0.5, 0.5])
    np.testing.assert_array_equal(found["sqrt"], [inf, nan, nan, 0, 0, nan])
    assert np.signbit(found["tanh"][4])
    assert np.abs(found["tanh"]).max(where=~np.isnan(found["tanh"]), initial=0) <= 1
