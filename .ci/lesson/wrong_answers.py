"""Typical wrong answers to lesson NUMBER's exercises, each with words of the reply to it."""

WRONG = {
    "nodes": [
        ("1", "constants are nodes"),
        ("2", "addition is a node"),
        ("'three'", "one whole number"),
    ],
    "build": [
        ("lambda x: x * x", "your tensor is 9.0"),
        ("lambda x: 10", "returns int"),
    ],
    "printed": [
        ("[1, 2]", "adds 2 before"),
        ("[3, 3]", "one more"),
        ("[3]", "your list has 1"),
    ],
    "total": [
        ("lambda sess, a, b: a + b", "You return a tensor"),
        ("lambda sess, a, b: sess.run(a + b)", "the graph has grown"),
        ("lambda sess, a, b: sess.run(a)", "you return 20"),
    ],
}
