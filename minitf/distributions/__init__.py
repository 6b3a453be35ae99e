"""Probability distributions: draws, densities, and numbers about them (tf.distributions)."""

import minitf.ops.math  # noqa: F401 (tensors' operators, whatever is used first)
from minitf.lazy import getter, names_of

_NAMES = {
    "minitf.distributions.bernoulli": "Bernoulli",
    "minitf.distributions.beta": "Beta",
    "minitf.distributions.categorical": "Categorical",
    "minitf.distributions.dirichlet": "Dirichlet",
    "minitf.distributions.distribution": "Distribution FULLY_REPARAMETERIZED "
    "NOT_REPARAMETERIZED ReparameterizationType",
    "minitf.distributions.divergences": "RegisterKL kl_divergence",
    "minitf.distributions.gamma": "Exponential Gamma",
    "minitf.distributions.laplace": "Laplace",
    "minitf.distributions.multinomial": "DirichletMultinomial Multinomial",
    "minitf.distributions.normal": "Normal",
    "minitf.distributions.student_t": "StudentT",
    "minitf.distributions.uniform": "Uniform",
}

__all__ = sorted(names_of(_NAMES))  # pyright: ignore
__getattr__ = getter(__name__, _NAMES)


def __dir__() -> list[str]:
    return __all__
