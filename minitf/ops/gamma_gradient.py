"""How gamma draws change with their shape.

By implicit differentiation: Figurnov et al., "Implicit reparameterization gradients", 2018.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.graph import control_dependencies
from minitf.infer import broadcasted
from minitf.op import op
from minitf.ops import math as _operators  # noqa: F401  (gives tensors their operators)
from minitf.ops.filling import ones, range_of
from minitf.ops.joining import concat
from minitf.ops.reductions import reduce_sum
from minitf.ops.shapes import reshape, shape
from minitf.ops.special import IgammaGradA
from minitf.tensor import Tensor


@op
class RandomGammaGrad:
    """The derivative of a gamma draw by its shape: of equal rank in its distribution."""

    inputs = "alpha: T, sample: T"
    outputs = "output: T"
    attrs = "T: {float, double}"
    infer = broadcasted

    def kernel(alpha, sample):
        from scipy import special

        a, x = np.asarray(alpha, np.float64), np.asarray(sample, np.float64)
        density = np.exp((a - 1) * np.log(x) - x - special.gammaln(a))
        return (-IgammaGradA.kernel(a, x) / density).astype(alpha.dtype)[()]

    gradient = LookupError


def by_alpha(op: Any, grad: Tensor) -> Tensor:
    """The gradient of RandomGamma's `alpha`."""
    with control_dependencies([grad]):
        draws = shape(op.inputs[0])[0]
        alpha = op.inputs[1]
        # The draws' dimensions stand before alpha's.
        wide = concat([ones([draws], dtype=dtypes.int32), shape(alpha)], axis=0)
        slope = RandomGammaGrad(reshape(alpha, wide), op.outputs[0])
        return reduce_sum(grad * slope, axis=range_of(draws))
