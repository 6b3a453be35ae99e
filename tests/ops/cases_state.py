"""Rows for variables' ops: each sets a variable, changes it, and gives what it then holds."""

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.ops.state import variable_op_v2

VECTOR = np.array([4.0, 9.0, -2.0, 1.0])
MATRIX = np.arange(6.0).reshape(3, 2)
ROWS = np.array([0, 2, 0])
NEWS = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
PAIRS = np.array([[0, 1], [2, 0], [0, 1]])
THREE = np.array([2.0, 3.0, 4.0])


def changed(change, start=VECTOR):
    """A build function: a variable that starts at `start`, after `change(variable, *feeds)`."""

    def build(*feeds):
        v = tf.Variable(start)
        with tf.control_dependencies([v.initializer]):
            return change(v, *feeds)

    return build


def scattered(function, start=MATRIX):
    """What a NumPy `ufunc.at` makes of `start`."""

    def want(indices, updates):
        array = start.copy()
        function(array, indices, updates)
        return array

    return want


def put(array, where, values):
    array[where] = values


def at_pairs(function):
    def want(pairs, updates):
        return scattered(function)(tuple(pairs.T), updates)

    return want


def sliced(v, value):
    return v[1:3].assign(value)


def strided(v, value):
    return v[::-2, tf.newaxis, 1].assign(value)


def uninitialized():
    return tf.is_variable_initialized(tf.Variable(1.0))


def by_reference():
    ref = variable_op_v2([2], tf.float32, name="bare")
    return tf.assign(ref, [1.0, 2.0])


INTS = np.array([7, -7, 9, 5])

CASES = [
    Case("VariableV2 Assign", by_reference, want=np.float32([1, 2])),
    Case("Assign", changed(tf.assign), (VECTOR[::-1].copy(),), lambda x: x),
    Case(
        "Assign",
        changed(lambda v, x: tf.assign(v, x, validate_shape=False)),
        (MATRIX,),
        lambda x: x,
    ),
    Case("Assign", changed(tf.assign, 3), (np.int32(5),), np.int32(5)),
    Case("AssignAdd", changed(tf.assign_add), (VECTOR,), lambda x: VECTOR + x),
    Case("AssignAdd", changed(tf.assign_add, 2), (np.int32(5),), np.int32(7)),
    Case("AssignSub", changed(lambda v: tf.assign_sub(v, v)), want=np.zeros(4)),
    Case("AssignSub", changed(tf.assign_sub), (np.ones(4),), lambda x: VECTOR - x),
    Case("IsVariableInitialized", uninitialized, want=np.bool_(False)),
    Case("IsVariableInitialized", changed(tf.is_variable_initialized), want=np.bool_(True)),
    Case("CountUpTo", changed(lambda v: v.count_up_to(5), 2), want=np.int32(2)),
    Case(
        "StridedSliceAssign",
        changed(sliced),
        (np.array([0.5, 1.5]),),
        np.array([4.0, 0.5, 1.5, 1.0]),
    ),
    Case(
        "StridedSliceAssign",
        changed(strided, MATRIX),
        (np.array([[8.0], [9.0]]),),
        np.array([[0.0, 9.0], [2.0, 3.0], [4.0, 8.0]]),
    ),
    Case("ScatterUpdate", changed(tf.scatter_update, MATRIX), (ROWS, NEWS), scattered(put)),
    Case("ScatterAdd", changed(tf.scatter_add, MATRIX), (ROWS, NEWS), scattered(np.add.at)),
    Case("ScatterSub", changed(tf.scatter_sub, MATRIX), (ROWS, NEWS), scattered(np.subtract.at)),
    Case("ScatterMul", changed(tf.scatter_mul, MATRIX), (ROWS, NEWS), scattered(np.multiply.at)),
    Case("ScatterDiv", changed(tf.scatter_div, MATRIX), (ROWS, NEWS), scattered(np.divide.at)),
    Case(
        "ScatterDiv",
        changed(tf.scatter_div, INTS),
        (np.array([0, 1, 2]), np.array([2, 2, -4])),
        np.array([3, -3, -2, 5]),
    ),
    Case("ScatterMin", changed(tf.scatter_min, MATRIX), (ROWS, NEWS), scattered(np.minimum.at)),
    Case("ScatterMax", changed(tf.scatter_max, MATRIX), (ROWS, NEWS), scattered(np.maximum.at)),
    Case(
        "ScatterAdd",
        changed(lambda v, i: tf.scatter_add(v, i, 1.0), np.float32(MATRIX)),
        (np.int32(1),),
        np.float32([[0, 1], [3, 4], [4, 5]]),
    ),
    Case(
        "ScatterNdUpdate",
        changed(tf.scatter_nd_update, MATRIX),
        (PAIRS[:2], THREE[:2]),
        at_pairs(put),
    ),
    Case("ScatterNdAdd", changed(tf.scatter_nd_add, MATRIX), (PAIRS, THREE), at_pairs(np.add.at)),
    Case(
        "ScatterNdSub", changed(tf.scatter_nd_sub, MATRIX), (PAIRS, THREE), at_pairs(np.subtract.at)
    ),
    Case(
        "ScatterNdUpdate",
        changed(lambda v, x: tf.batch_scatter_update(v, [[0], [2]], x), np.zeros([2, 3])),
        (np.array([[5.0], [6.0]]),),
        np.array([[5.0, 0, 0], [0, 0, 6.0]]),
    ),
    Case(
        "ScatterNdAdd",
        changed(tf.scatter_nd_add, MATRIX),
        (np.array([[1], [1]]), NEWS[:2]),
        np.array([[0.0, 1.0], [6.0, 9.0], [4.0, 5.0]]),
    ),
]
