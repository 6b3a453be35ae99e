"""Rows for the ops of branches, loops, TensorArrays, checks, printing and Python functions."""

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.ops import flow
from minitf.ops.printing import string_format
from minitf.ops.stacks import StackCloseV2, StackPopV2, StackPushV2, StackV2

VECTOR = np.array([0.5, -1.5, 2.0])
MATRIX = np.array([[1.0, 2.0], [-0.5, 0.3]])
WHILE = "Enter Merge LoopCond Switch NextIteration Exit"
ARRAY = "TensorArrayV3 TensorArrayWriteV3 TensorArrayReadV3"


def branch(x):
    return tf.cond(tf.reduce_sum(x) > 0, lambda: x * x, lambda: x * 3.0)


def powers(x):
    """x to the fourth, by multiplying again and again."""
    return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [0, x])[1]


def chosen_variable(p, x):
    v = tf.Variable(VECTOR)
    with tf.control_dependencies([v.initializer]):
        start = tf.identity(x)
    with tf.control_dependencies([start]):
        p = tf.identity(p)
    return tf.cond(p, lambda: tf.assign_add(v, x), lambda: tf.assign_sub(v, x)) + 0.0


def variable_round_loop(x):
    v = tf.Variable(VECTOR)
    start = tf.assign(v, VECTOR)
    loop = tf.while_loop(
        lambda i, ref: i < 3, lambda i, ref: (i + 1, tf.assign_add(ref, x)), [0, start]
    )
    return loop[1] + 0.0


def variable_in_loop(x):
    v = tf.Variable(VECTOR)

    def body(i):
        with tf.control_dependencies([tf.assign_add(v, x)]):
            return i + 1

    with tf.control_dependencies([v.initializer]):
        i = tf.identity(0)
    with tf.control_dependencies([tf.while_loop(lambda i: i < 3, body, [i])]):
        return v.read_value()


def triggered(x):
    trigger = flow.ControlTrigger()
    with tf.control_dependencies([trigger]):
        return tf.identity(x)


def waiting_reference(x):
    v = tf.Variable(VECTOR)
    return flow.RefIdentity(tf.assign(v, x)) + 0.0


def pushed_and_popped(x):
    stack = StackV2(-1, elem_type=tf.float64)
    with tf.control_dependencies([StackPushV2(stack, x)]):
        popped = StackPopV2(stack, elem_type=tf.float64)
    popped.set_shape(x.shape)
    with tf.control_dependencies([popped]), tf.control_dependencies([StackCloseV2(stack)]):
        return popped * 2.0


def array(size, **options):
    return tf.TensorArray(tf.float64, size=size, **options)


def concatenated(x):
    parts = array(2).write(0, x).write(1, x * x)
    with tf.control_dependencies([parts.flow]):
        return parts.concat()


def gradient_of_an_array(x):
    rows = array(2).unstack(x)
    return tf.gradients(rows.read(0) * rows.read(1), x)[0]


def closed(x):
    rows = array(1).write(0, x)
    value = rows.read(0)
    with tf.control_dependencies([value]), tf.control_dependencies([rows.close()]):
        return tf.identity(value)


def printed(x):
    with tf.control_dependencies([tf.print("x is", x, output_stream="file:///dev/null")]):
        return x * 1.0


def asserted(x):
    with tf.control_dependencies([tf.Assert(tf.reduce_all(x < 5), [x])]):
        return x * 2.0


CASES = [
    Case("Switch Merge", branch, (VECTOR,), lambda x: x * x),
    Case("Switch Merge", branch, (-VECTOR,), lambda x: x * 3, order=2),
    Case("Switch", lambda x: flow.switch(x, True)[1], (VECTOR,), lambda x: x, order=0),
    Case(WHILE, powers, (VECTOR,), lambda x: x**4, order=1),
    Case(
        "RefSwitch RefMerge", chosen_variable, (np.array(True), VECTOR), lambda p, x: VECTOR + x,
        order=0,
    ),
    Case(
        "RefSwitch RefMerge", chosen_variable, (np.array(False), VECTOR), lambda p, x: VECTOR - x,
        order=0,
    ),
    Case(
        "RefEnter RefMerge RefSwitch RefNextIteration RefExit RefIdentity", variable_round_loop,
        (VECTOR,), lambda x: VECTOR + 3 * x, order=0,
    ),
    Case("RefEnter", variable_in_loop, (VECTOR,), lambda x: VECTOR + 3 * x, order=0),
    Case("ControlTrigger", triggered, (VECTOR,), lambda x: x),
    Case("RefIdentity", waiting_reference, (VECTOR,), lambda x: x, order=0),
    Case(
        "StackV2 StackPushV2 StackPopV2 StackCloseV2", pushed_and_popped, (VECTOR,),
        lambda x: 2 * x,
    ),
    Case(
        "StackV2 StackPushV2 StackPopV2", lambda x: tf.gradients(powers(x), x)[0], (VECTOR,),
        lambda x: 4 * x**3,
    ),
    Case(
        ARRAY, lambda x: array(1).write(0, x).read(0) * 2.0, (VECTOR,), lambda x: 2 * x, order=1,
    ),
    Case(
        "TensorArrayScatterV3 TensorArrayGatherV3",
        lambda x: array(3).unstack(x).gather([2, 0]), (VECTOR,), lambda x: x[[2, 0]], order=1,
        exact_shape=False,
    ),
    Case(
        "TensorArrayConcatV3", concatenated, (VECTOR,), lambda x: np.concatenate([x, x * x]),
        order=1, exact_shape=False,
    ),
    Case(
        "TensorArraySplitV3", lambda x: array(2, infer_shape=False).split(x, [1, 2]).read(1),
        (VECTOR,), lambda x: x[1:], order=1, exact_shape=False,
    ),
    Case(
        "TensorArraySizeV3", lambda x: array(0, dynamic_size=True).unstack(x).size(), (VECTOR,),
        np.int32(3),
    ),
    Case("TensorArrayGradV3", gradient_of_an_array, (MATRIX,), lambda x: x[::-1]),
    Case("TensorArrayCloseV3", closed, (VECTOR,), lambda x: x),
    Case("Assert", asserted, (VECTOR,), lambda x: 2 * x),
    Case("NoOp", lambda x: tf.tuple([x, x * 2.0])[1], (VECTOR,), lambda x: 2 * x),
    Case("Print", lambda x: tf.Print(x, [x], first_n=0), (VECTOR,), lambda x: x, order=1),
    Case("PrintV2 StringFormat", printed, (VECTOR,), lambda x: x),
    Case(
        "StringFormat", lambda x: string_format("<{}>", x, summarize=1), (VECTOR,),
        np.array(b"<[0.5 ... 2]>"),
    ),
    Case(
        "PyFunc", lambda x: tf.py_func(np.cumsum, [x], tf.float64), (VECTOR,), np.cumsum,
        exact_shape=False,
    ),
    Case(
        "PyFuncStateless", lambda x: tf.py_func(np.cumsum, [x], tf.float64, stateful=False),
        (VECTOR,), np.cumsum, exact_shape=False,
    ),
]  # fmt: skip
