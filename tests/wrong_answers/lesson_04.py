"""Typical wrong answers to lesson 4's exercises, each with words of the reply it should get."""

WRONG = {
    "names": [
        ('["w", "w_1", "w_2", "v", "w_3"]', "operation's name"),
        ('["w:0", "w:0", "w_1:0", "v:0", "w_2:0"]', "never shares"),
        ('["w:0", "w_1:0", "w:0", "v:0", "w_2:0"]', "finds none"),
        ('["w:0", "w_1:0", "w_2:0", "v:0", "w:0"]', "same graph"),
        ('["w:0", "w_1:0", "w_2:0", "v_1:0", "w_3:0"]', "Nothing is called v"),
        ('["w:0"]', "your list has 1"),
        ('["w:0", "w_1:0", "w_2:0", "v:0", "w_3"]', "ends in :0"),
        ('["w:0", "w_1:0", "w_2:0", "v:0", 3]', "Item 5 is 3; asked for are names"),
    ],
    "scale": [
        ('lambda: tf.Variable([1.0, 1.0, 1.0], name="scale")', "get_variable does not know it"),
        ('lambda: tf.get_variable("scale", shape=[3])', "draws random numbers"),
        ('lambda: tf.get_variable("scale", initializer=[1, 1, 1])', "Asked for are floats"),
        ('lambda: tf.get_variable("scale", initializer=1.0)', "the shape (3,)"),
        ('lambda: tf.get_variable("ones", initializer=[1.0, 1.0, 1.0])', "called ones:0"),
        ('lambda: print(tf.get_variable("scale", shape=[3]))', "returns nothing"),
        (
            'lambda: tf.get_variable("scale", shape=[3], initializer=[1.0, 1.0, 1.0])',
            "do not specify shape",
        ),
    ],
    "find": [
        ('lambda name: tf.get_variable(name.split(":")[0], shape=[])', "makes a new variable"),
        (
            "lambda name: next((v for v in tf.trainable_variables() if v.name == name), None)",
            "not trainable",
        ),
        ("lambda name: tf.get_default_graph().get_tensor_by_name(name)", "the variable's tensor"),
        ("lambda name: name", "You return a name"),
        ("lambda name: tf.get_variable(name)", "does not look through the graph"),
        ("lambda name: [v for v in tf.global_variables() if v.name == name]", "a list of 1"),
        ("lambda name: tf.global_variables()[0]", "Asked for w_1:0"),
    ],
    "raises": [
        ("1", "Nothing is there yet"),
        ("2", "made no k"),
        ("3", "k_1_1"),
        ("4", "k_1_2"),
        ("6", "1 to 5"),
    ],
    "exactly": [
        ('lambda: tf.Variable(0, name="offset")', "could share it"),
        ('lambda: tf.constant(0, name="offset")', "returns a tensor"),
        (
            'lambda: (tf.get_variable("offset", shape=[1]), tf.global_variables()[0])[1]',
            "another variable",
        ),
    ],
}
