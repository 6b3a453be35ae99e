"""Random numbers: TensorFlow's own bits, from either half, whatever the order of the work."""

import hashlib

import numpy as np
import pytest

from minitf.kernels import draws, philox
from tests import naive
from tests.kernels.conftest import decode, recorded

DRAWS = {
    "RandomUniform": lambda g, c: philox.uniform(g, c["shape"], c["dtype"]),
    "RandomStandardNormal": lambda g, c: philox.normal(g, c["shape"], c["dtype"]),
    "TruncatedNormal": lambda g, c: philox.truncated_normal(g, c["shape"], c["dtype"]),
    "RandomUniformInt": lambda g, c: philox.uniform_int(
        g, c["shape"], c["low"], c["high"], c["dtype"]
    ),
    "RandomShuffle": lambda g, c: draws.shuffle(
        g, np.arange(c["value"]) if isinstance(c["value"], int) else np.array(c["value"], int)
    ),
    "Multinomial": lambda g, c: draws.multinomial(
        g, np.array(c["logits"], c["dtype"]), c["samples"], np.int64
    ),
    "RandomGamma": lambda g, c: draws.gamma(g, c["shape"], np.array(c["parameter"], c["dtype"])),
    "RandomPoissonV2": lambda g, c: draws.poisson(
        g, c["shape"], np.array(c["parameter"], c["dtype"]), c["dtype"]
    ),
}


def same_bits(array, entry):
    assert array.dtype == entry["dtype"]
    assert list(array.shape) == entry["shape"]
    if "sha256" in entry:
        return hashlib.sha256(array.tobytes()).hexdigest() == entry["sha256"]
    return array.tobytes() == decode(entry).tobytes()


@pytest.mark.parametrize("op", DRAWS)
def test_draws_are_tensorflows_own_run_after_run(op, half):
    cases = [case for case in recorded("random") if case["op"] == op]
    assert cases
    for case in cases:
        generator = philox.Philox(*case["seeds"])
        for run, entry in enumerate(case["runs"]):
            assert same_bits(DRAWS[op](generator, case), entry), (case, run)


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        (0, 0, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ((1 << 128) - 1, (1 << 64) - 1, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            0x03707344_13198A2E_85A308D3_243F6A88,
            0x299F31D0_A4093822,
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_the_papers_known_answers(counter, key, expected):
    words = [int(word, 16) for word in expected.split()]
    stream = philox.Stream(key, counter)
    assert list(philox.block(stream, 0)) == words
    assert naive.philox_block(key, counter) == words
    many = philox.blocks_at(stream, np.zeros(philox.FEW + 1, np.uint64))
    assert many.tolist() == [words] * (philox.FEW + 1)


@pytest.mark.parametrize("counter", [0, (1 << 64) - 20, (1 << 128) - 20])
def test_counters_carry_across_words(counter, half):
    stream = philox.Stream(0x1234_5678_9ABC_DEF0, counter)
    expected = [naive.philox_block(stream.key, (counter + i) % 2**128) for i in range(40)]
    assert philox.words(stream, 40).tolist() == expected


def test_a_draw_continues_where_the_last_one_ended():
    once, twice = philox.Philox(3, 4), philox.Philox(3, 4)
    once.reserve_outputs(5)
    once.reserve_outputs(7)
    twice.reserve_outputs(12)
    assert once.reserve(0) == twice.reserve(0)


def test_zero_seeds_differ_each_time():
    drawn = {philox.uniform(philox.Philox(0, 0), [], np.float64).item() for _ in range(3)}
    assert len(drawn) == 3


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_moments(dtype, half):
    count = 40_000
    generator = philox.Philox(7, 7)
    uniform = philox.uniform(generator, [count], dtype).astype(float)
    normal = philox.normal(generator, [count], dtype).astype(float)
    cut = philox.truncated_normal(generator, [count], dtype).astype(float)
    assert uniform.min() >= 0
    assert uniform.max() < 1
    assert abs(uniform.mean() - 0.5) < 0.01
    assert abs(normal.mean()) < 0.02
    assert abs(normal.std() - 1) < 0.02
    assert abs(cut).max() <= 2
    assert abs(cut.std() - 0.8796) < 0.02


def test_a_shuffle_keeps_every_row(half):
    rows = np.arange(3000).reshape(1000, 3)
    shuffled = draws.shuffle(philox.Philox(1, 1), rows)
    assert not np.array_equal(shuffled, rows)
    assert np.array_equal(np.sort(shuffled, axis=0), rows)


def test_classes_come_up_as_often_as_they_should():
    drawn = draws.multinomial(
        philox.Philox(5, 6), np.log([[0.1, 0.2, 0.7]]).astype(np.float32), 20_000, np.int32
    )
    assert drawn.dtype == np.int32
    np.testing.assert_allclose(np.bincount(drawn[0]) / 20_000, [0.1, 0.2, 0.7], atol=0.015)


@pytest.mark.slow
def test_gamma_and_poisson_moments():
    gamma = draws.gamma(philox.Philox(1, 2), [2000], np.array([0.4, 6.0]))
    poisson = draws.poisson(philox.Philox(1, 2), [2000], np.array([3.0, 50.0]), np.int64)
    np.testing.assert_allclose(gamma.mean(axis=0), [0.4, 6.0], rtol=0.1)
    np.testing.assert_allclose(poisson.mean(axis=0), [3.0, 50.0], rtol=0.1)
    np.testing.assert_allclose(poisson.var(axis=0), [3.0, 50.0], rtol=0.15)


def test_threads_take_disjoint_stretches():
    generator = philox.Philox(9, 9)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        starts = list(pool.map(lambda _: generator.reserve_outputs(3).counter, range(400)))
    step = 3 * philox.RESERVED
    first = 9 << 64
    assert sorted(starts) == [first + step * i for i in range(400)]
