"""Record TensorFlow's softmaxes and optimizers: see record.py."""

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
raw = tf.raw_ops
STEPS = 3
NOT_FOR_HALF = ("ApplyProximalGradientDescent", "ApplyProximalAdagrad", "ApplyAdagradDA")
SHAPE = [3, 4]
UPDATES = [
    # op, slots and where they start, scalars in the op's order, options
    ("ApplyGradientDescent", {}, {"alpha": 0.1}, {}),
    ("ApplyMomentum", {"accum": 0.0}, {"lr": 0.1, "momentum": 0.9}, {}),
    ("ApplyMomentum", {"accum": 0.0}, {"lr": 0.1, "momentum": 0.9}, {"use_nesterov": True}),
    ("ApplyAdagrad", {"accum": 0.1}, {"lr": 0.1}, {}),
    ("ApplyAdagrad", {"accum": 0.1}, {"lr": 0.1}, {"update_slots": False}),
    ("ApplyAdagradV2", {"accum": 0.1}, {"lr": 0.1, "epsilon": 0.01}, {}),
    (
        "ApplyAdadelta",
        {"accum": 0.0, "accum_update": 0.0},
        {"lr": 1.0, "rho": 0.9, "epsilon": 1e-3},
        {},
    ),
    (
        "ApplyRMSProp",
        {"ms": 1.0, "mom": 0.0},
        {"lr": 0.1, "rho": 0.9, "momentum": 0.5, "epsilon": 1e-3},
        {},
    ),
    (
        "ApplyCenteredRMSProp",
        {"mg": 0.0, "ms": 1.0, "mom": 0.0},
        {"lr": 0.1, "rho": 0.9, "momentum": 0.5, "epsilon": 1e-3},
        {},
    ),
    *(
        (
            "ApplyAdam",
            {"m": 0.0, "v": 0.0},
            {
                "beta1_power": 0.9,
                "beta2_power": 0.99,
                "lr": 0.1,
                "beta1": 0.9,
                "beta2": 0.99,
                "epsilon": 1e-3,
            },
            {"use_nesterov": nesterov},
        )
        for nesterov in (False, True)
    ),
    *(
        (
            "ApplyFtrl",
            {"accum": 0.1, "linear": 0.0},
            {"lr": 0.1, "l1": l1, "l2": 0.2, "lr_power": power},
            {"multiply_linear_by_lr": multiply},
        )
        for l1, power, multiply in (
            (0.0, -0.5, False),
            (1.5, -0.5, False),
            (1.5, -0.7, False),
            (1.5, -0.5, True),
            (1.5, -0.7, True),
        )
    ),
    *(
        (
            "ApplyFtrlV2",
            {"accum": 0.1, "linear": 0.0},
            {"lr": 0.1, "l1": 0.5, "l2": 0.2, "l2_shrinkage": 0.3, "lr_power": power},
            {"multiply_linear_by_lr": multiply},
        )
        for power, multiply in ((-0.5, False), (-0.7, False), (-0.5, True), (-0.7, True))
    ),
    *(
        ("ApplyProximalGradientDescent", {}, {"alpha": 0.1, "l1": l1, "l2": 0.2}, {})
        for l1 in (0.0, 2.0)
    ),
    *(
        ("ApplyProximalAdagrad", {"accum": 0.1}, {"lr": 0.1, "l1": l1, "l2": 0.2}, {})
        for l1 in (0.0, 2.0)
    ),
    *(
        (
            "ApplyAdagradDA",
            {"gradient_accumulator": 0.0, "gradient_squared_accumulator": 0.1},
            {"lr": 0.1, "l1": l1, "l2": 0.2, "global_step": 3},
            {},
        )
        for l1 in (0.0, 0.2)
    ),
]


def data(shape, seed, dtype):
    """Numbers that the test makes again."""
    return np.random.RandomState(seed).randint(-8, 9, shape).astype(dtype) / np.array(4, dtype)


def entry(array):
    array = np.asarray(array)
    return {"dtype": array.dtype.name, "shape": list(array.shape), "hex": array.tobytes().hex()}


def trajectory(op, slots, scalars, options, dtype):
    """The variable and its slots after a few steps."""
    with tf.Graph().as_default(), tf.Session() as session:
        starts = [data(SHAPE, 1, dtype)] + [np.full(SHAPE, v, dtype) for v in slots.values()]
        variables = [tf.Variable(start) for start in starts]
        gradient = tf.placeholder(dtype, SHAPE)
        numbers = {
            name: np.int64(value) if name == "global_step" else np.array(value, dtype)
            for name, value in scalars.items()
        }
        named = dict(zip(["var", *slots], [variable._ref() for variable in variables], strict=True))
        name = "delta" if "alpha" in scalars else "grad"
        step = getattr(raw, op)(**named, **numbers, **{name: gradient}, **options)
        session.run(tf.global_variables_initializer())
        for index in range(STEPS):
            session.run(step, {gradient: data(SHAPE, 10 + index, dtype)})
        return [entry(array) for array in session.run(variables)]


def softmax_cases(dtype):
    features, labels = data([5, 7], 1, dtype), np.abs(data([5, 7], 2, dtype))
    labels /= labels.sum(axis=1, keepdims=True)
    classes = np.array([0, 6, 3, 3, 1], np.int32)
    with tf.Graph().as_default(), tf.Session() as session:
        values = session.run(
            {
                "softmax": [raw.Softmax(logits=features)],
                "log_softmax": [raw.LogSoftmax(logits=features)],
                "softmax_cross_entropy": list(
                    raw.SoftmaxCrossEntropyWithLogits(features=features, labels=labels)
                ),
                "broadcast": list(
                    raw.SoftmaxCrossEntropyWithLogits(features=features, labels=labels[:1])
                ),
                "sparse_softmax_cross_entropy": list(
                    raw.SparseSoftmaxCrossEntropyWithLogits(features=features, labels=classes)
                ),
                "bias_add": [raw.BiasAdd(value=features, bias=labels[0])],
                "bias_add_grad": [raw.BiasAddGrad(out_backprop=features)],
            }
        )
    for kernel, arrays in values.items():
        yield {"kernel": kernel, "dtype": dtype, "out": [entry(array) for array in arrays]}


def rows():
    made = []
    for dtype in ("float32", "float64", "float16"):
        made += softmax_cases(dtype)
        for op, slots, scalars, options in UPDATES:
            if dtype == "float16" and op in NOT_FOR_HALF:
                continue
            case = {"op": op, "slots": slots, "scalars": scalars, "options": options}
            made.append(
                case | {"dtype": dtype, "out": trajectory(op, slots, scalars, options, dtype)}
            )
    return made
