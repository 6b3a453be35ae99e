"""Exercises of lesson 5: name scopes and variable scopes."""

from __future__ import annotations

from typing import Any

import minitf as tf

from .asking import known_as, parts, variable
from .exercise import Exercise, Wrong


def _test_names(answer: Any) -> None:
    known = {
        (1, "a/b/w:0"): "get_variable takes no notice of name scopes: b is one.",
        (1, "w:0"): "a is a variable scope, and get_variable heeds those.",
        (1, "b/w:0"): "It is the other way round: get_variable heeds a, the variable scope.",
        (2, "a/v:0"): "tf.Variable goes by the name scopes, and two are open: a variable scope "
        "opens one as well.",
        (2, "b/v:0"): "The variable scope a opened a name scope, too, around b.",
        (3, "a/add:0"): "An operation goes by the name scopes, and b is open.",
        (3, "b/add:0"): "The variable scope a opened a name scope, too, around b.",
        (3, "a/b/Add:0"): "The operator + names its node add; tf.add would name it Add.",
    }
    parts(answer, ["a/w:0", "a/b/v:0", "a/b/add:0"], known, "names")


names = Exercise(
    _test_names,
    praise="get_variable leaves out b; everything else goes by the name scopes, a/b.",
    hints=[
        "Two questions for each: which name scopes are open, which variable scopes?",
        "Name scopes: a/b. Variable scopes: a. Who goes by which?",
        "get_variable goes by the variable scopes; tf.Variable and + by the name scopes.",
    ],
    solution="""
        names = ["a/w:0", "a/b/v:0", "a/b/add:0"]

        exercises.names.check(names)
    """,
)


def _test_layer(answer: Any) -> None:
    result = answer()
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise Wrong("Asked for are two things: the variable and the sum.")
    var, out = result
    var = variable(var, "a variable first")
    if not isinstance(out, tf.Tensor):
        raise Wrong("The second thing asked for is a tensor, the sum.")
    with var.graph.as_default():
        if known_as("layer/w") is not var:
            raise Wrong(
                f"get_variable does not know your variable ({var.name}) as layer/w. It goes by "
                "variable scopes, not by name scopes."
            )
    if var.name != "layer/w:0":
        raise Wrong(f"Your variable is called {var.name}; asked for is layer/w:0.")
    if out.name == "layer_1/out:0":
        raise Wrong("You opened layer twice: the second time its name scope became layer_1.")
    if out.name != "layer/out:0":
        raise Wrong(f"Your sum is called {out.name}; asked for is layer/out:0.")
    if out.op.type not in ("Add", "AddV2"):
        raise Wrong("The name is right, but that is no sum.")


layer = Exercise(
    _test_layer,
    praise="One variable scope does both: the variable's name and the name scope for the sum.",
    hints=[
        "Which of the two scopes does get_variable heed?",
        "Open tf.variable_scope once, and make both inside. tf.add takes a name.",
        'In the scope: w = tf.get_variable("w", shape=[2]), then w, tf.add(w, 1.0, name="out").',
    ],
    solution="""
        def layer():
            with tf.variable_scope("layer"):
                w = tf.get_variable("w", shape=[2])
                return w, tf.add(w, 1.0, name="out")

        exercises.layer.check(layer)
    """,
)


def _test_twice(answer: Any) -> None:
    known = {
        (
            2,
            "s_1/u:0",
        ): "The variable scope is called s each time; only its name scope becomes s_1.",
        (3, "s/c:0"): "s/ was taken as a name scope when s was opened the second time.",
        (3, "s/c_1:0"): "The second opening has a name scope of its own. How is that called?",
        (4, "s/v:0"): "tf.Variable goes by the name scope, and that is s_1 the second time.",
        (4, "s/v_1:0"): "The second opening has a name scope of its own. How is that called?",
    }
    right = ["s/w:0", "s/u:0", "s_1/c:0", "s_1/v:0"]
    parts(answer, right, known, "names")


twice = Exercise(
    _test_twice,
    praise="Opening s again finds the same variable scope and makes a new name scope.",
    hints=[
        "A variable scope of one name is always the same. A name scope is made unique.",
        "The second time: variable scope s, name scope s_1.",
        "get_variable goes by s, the other two by s_1.",
    ],
    solution="""
        names = ["s/w:0", "s/u:0", "s_1/c:0", "s_1/v:0"]

        exercises.twice.check(names)
    """,
)


def _test_hidden(answer: Any) -> None:
    with tf.variable_scope("model"):
        out = answer()
    if not isinstance(out, tf.Tensor):
        raise Wrong(f"Asked for is the product, a tensor; you return {type(out).__name__}.")
    graph = tf.get_default_graph()
    names = [v.name for v in tf.global_variables()]
    if not names:
        raise Wrong("Your function makes no variable.")
    if "model/step/w:0" in names:
        raise Wrong("Your variable is called model/step/w:0: the scope step reached its name.")
    if names != ["model/w:0"]:
        raise Wrong(f"Asked for is one variable, model/w:0; there is {', '.join(names)}.")
    if out.graph is not graph or not out.op.name.startswith("model/step/"):
        raise Wrong(f"Your product is called {out.name}; asked for is a name in model/step/.")
    if out.op.type != "Mul":
        raise Wrong("The names are right, but the tensor that you return is no product.")
    if known_as("model/w") is None:
        raise Wrong("The names are right, but get_variable does not know your variable.")


hidden = Exercise(
    _test_hidden,
    praise="A name scope orders the drawing and leaves the variables' names alone.",
    hints=[
        "You need a scope that the product's name gets and the variable's does not.",
        'with tf.name_scope("step"): and inside it get_variable and the product.',
        'In the name scope: w = tf.get_variable("w", shape=[2]), then return w * 2.0.',
    ],
    solution="""
        def hidden():
            with tf.name_scope("step"):
                w = tf.get_variable("w", shape=[2])
                return w * 2.0

        exercises.hidden.check(hidden)
    """,
)


def _test_back(answer: Any) -> None:
    with tf.variable_scope("net") as scope:
        tf.constant(1, name="first")
    result = answer(scope)
    if not isinstance(result, tf.Tensor):
        raise Wrong(f"Asked for is a tensor; your function returns {type(result).__name__}.")
    if result.name == "net_1/second:0":
        raise Wrong(
            "It is called net_1/second:0: opening a variable scope, even by its object, makes a "
            "new name scope. Which name scope was net's own?"
        )
    if result.name == "second:0":
        raise Wrong("It is called second:0: no scope was open when you made it.")
    if result.name != "net/second:0":
        raise Wrong(f"It is called {result.name}; asked for is net/second:0.")


back = Exercise(
    _test_back,
    praise="A name that ends in / is taken as it is: the same name scope, not a new one.",
    hints=[
        "You need the old name scope, not a new one of the same name.",
        "Name scopes whose name ends in / are opened again as they are.",
        'with tf.name_scope("net/"): or tf.name_scope(scope.original_name_scope).',
    ],
    solution="""
        def back(scope):
            with tf.name_scope(scope.original_name_scope):
                return tf.constant(2, name="second")

        exercises.back.check(back)
    """,
)
