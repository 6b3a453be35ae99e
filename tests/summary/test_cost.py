"""What a summary at every step costs: little beside the step itself."""

import pytest

from tests.benchmarks.watching import MOST, compare

pytestmark = pytest.mark.slow


def test_a_summary_at_every_step_costs_less_than_a_twentieth_of_it():
    """The least times of many blocks, which other work on the machine disturbs least.

    The cost is taken where the step is so short that a few microseconds can be told from it.
    """
    plain, watched = map(min, compare([8, 16, 16, 2], 32, 40, 20))
    step = min(compare([784, 256, 256, 10], 128, 5, 5)[0])
    assert watched - plain < MOST * step
