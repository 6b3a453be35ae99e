"""The compiled half of draws.py."""

from minitf.kernels.jit import jit


@jit
def swap(order, partners):
    """Exchange each element with its partner, one after another, in place."""
    for index in range(partners.size):
        partner = partners[index]
        order[index], order[partner] = order[partner], order[index]
