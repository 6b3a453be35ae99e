"""tf.initializers: the initializers, and the ops that run variables' initializers."""

from minitf.initial_values import Constant as constant
from minitf.initial_values import GlorotNormal as glorot_normal
from minitf.initial_values import GlorotUniform as glorot_uniform
from minitf.initial_values import Identity as identity
from minitf.initial_values import Ones as ones
from minitf.initial_values import Orthogonal as orthogonal
from minitf.initial_values import RandomNormal as random_normal
from minitf.initial_values import RandomUniform as random_uniform
from minitf.initial_values import TruncatedNormal as truncated_normal
from minitf.initial_values import UniformUnitScaling as uniform_unit_scaling
from minitf.initial_values import VarianceScaling as variance_scaling
from minitf.initial_values import Zeros as zeros
from minitf.initial_values import he_normal, he_uniform, lecun_normal, lecun_uniform
from minitf.initialization import global_variables_initializer as global_variables
from minitf.initialization import local_variables_initializer as local_variables
from minitf.initialization import tables_initializer
from minitf.initialization import variables_initializer as variables

__all__ = [
    "constant",
    "global_variables",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "local_variables",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "tables_initializer",
    "truncated_normal",
    "uniform_unit_scaling",
    "variables",
    "variance_scaling",
    "zeros",
]
