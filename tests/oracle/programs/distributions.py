"""tf.distributions: their nodes, draws, densities, moments and divergences."""

import numpy as np


def _all(tf, see, d, value, seed=3, leave_out=(), feed=None):
    """Everything that a distribution tells, with its nodes."""
    see(str(d), repr(d), d.batch_shape, d.event_shape, d.dtype, sorted(d.parameters))
    see(repr(d.reparameterization_type), d.allow_nan_stats, d.validate_args)
    see.full(d.sample(seed=seed), feed)
    see.full(d.sample([2, 3], seed=seed), feed)
    for name in ("log_prob", "prob", "log_cdf", "cdf", "log_survival_function"):
        see.attempt(lambda name=name: see.full(getattr(d, name)(value), feed))
    see.attempt(lambda: see.full(d.survival_function(value), feed))
    for name in ("entropy", "mean", "variance", "stddev", "mode", "covariance"):
        if name not in leave_out:
            see.attempt(lambda name=name: see.full(getattr(d, name)(), feed))
    see.full(d.batch_shape_tensor(), feed)
    see.full(d.event_shape_tensor(), feed)
    see.full(d.is_scalar_batch(), feed)
    see.full(d.is_scalar_event(), feed)


def normal(tf, see):
    d = tf.distributions.Normal([0.0, 1.5], [[1.0], [2.0]])
    _all(tf, see, d, [[0.5, -30.0], [9.0, 2.0]])
    see.full(d.quantile([0.5, 0.9]))
    see(d.loc, d.scale)


def normal_with_checks(tf, see):
    scale = tf.placeholder(tf.float32, [], name="scale")
    d = tf.distributions.Normal(1.0, scale, validate_args=True, name="Mine")
    see.full(d.log_prob(2.0), {scale: 2.0})
    see.attempt(lambda: see.session.run(d.mean(), {scale: -1.0}), "x > 0")
    see.attempt(lambda: tf.distributions.Normal(1, 2), "float")
    see.attempt(lambda: tf.distributions.Normal(1.0, np.float64(2.0)), "float")
    see.full(tf.distributions.Normal(np.float64(1.0), np.float64(2.0)).cdf(0.3))
    see.full(tf.distributions.Normal(np.float64(1.0), np.float64(2.0)).quantile(0.003))


def normal_of_unknown_shape(tf, see):
    loc = tf.placeholder(tf.float32, name="loc")
    d = tf.distributions.Normal(loc, 1.0)
    _all(tf, see, d, 0.5, feed={loc: [1.0, 2.0]})
    rows = tf.placeholder(tf.float32, [None, 2], name="rows")
    d = tf.distributions.Normal(rows, [1.0, 2.0])
    see(d.batch_shape, d.sample(4), d.log_prob(0.5))
    n = tf.placeholder(tf.int32, [], name="n")
    see.full(d.sample(n, seed=1), {rows: [[0.0, 0.0]], n: 2})
    shape = tf.placeholder(tf.int32, name="shape")
    see.full(d.sample(shape, seed=1), {rows: [[0.0, 0.0]], shape: [1, 2]})


def uniform(tf, see):
    d = tf.distributions.Uniform([0.0, 1.0], 3.0)
    _all(tf, see, d, [[0.5], [float("nan")], [3.0]])
    see.full(d.range())
    see(d.low, d.high)
    see.full(tf.distributions.Uniform().sample(3, seed=2))
    checked = tf.distributions.Uniform(tf.constant(2.0), tf.constant(3.0), validate_args=True)
    see.full(checked.prob(2.5))


def bernoulli(tf, see):
    _all(tf, see, tf.distributions.Bernoulli(probs=[0.1, 0.5]), [1, 0])
    d = tf.distributions.Bernoulli([0.3, -2.0], dtype=tf.float32, validate_args=True)
    _all(tf, see, d, [1.0, 0.0])
    see.attempt(lambda: see.session.run(d.log_prob([0.5, 1.0])), "bool-equivalent")
    see.full(d.log_prob([[1.0], [0.0]]))
    see.attempt(lambda: tf.distributions.Bernoulli(), "Must pass probs or logits")
    see.attempt(lambda: tf.distributions.Bernoulli(1.0, 0.5), "Must pass probs or logits")
    see.attempt(lambda: tf.distributions.Bernoulli(1), "floating")
    see.attempt(lambda: tf.distributions.Bernoulli(probs=1), "floating")
    p = tf.placeholder(tf.float32, [], name="p")
    d = tf.distributions.Bernoulli(probs=p, validate_args=True)
    see.attempt(lambda: see.session.run(d.mean(), {p: 1.5}), "greater than 1")


def categorical(tf, see):
    _all(tf, see, tf.distributions.Categorical(probs=[0.1, 0.5, 0.4]), [1, 2])
    d = tf.distributions.Categorical([[0.3, -2.0], [1.0, 1.0]], validate_args=True)
    _all(tf, see, d, [1, 0])
    see.full(d.log_prob([0.0, 1.0]))
    see(d.logits, d.probs, d.event_size)
    wide = tf.distributions.Categorical(tf.zeros([2, 3, 4]), dtype=tf.int64)
    see.full(wide.sample(2, seed=5))
    see.full(wide.prob(1))
    see.attempt(lambda: wide.log_prob("a"), "integer `dtype`")
    see.attempt(lambda: tf.distributions.Categorical(1.0), "rank")
    see.attempt(lambda: tf.distributions.Categorical([1.0], validate_args=True), "2 events")


def categorical_of_unknown_shape(tf, see):
    logits = tf.placeholder(tf.float32, [None, None], name="logits")
    d = tf.distributions.Categorical(logits)
    see(d.batch_shape, d.event_size)
    feed = {logits: [[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]}
    see.full(d.sample(2, seed=1), feed)
    see.full(d.log_prob([0, 1]), feed)
    see.full(d.mode(), feed)
    see.full(d.entropy(), feed)
    anything = tf.placeholder(tf.float32, name="anything")
    d = tf.distributions.Categorical(anything)
    see(d.batch_shape, d.event_size)
    see.full(d.sample(seed=1), {anything: [[0.0, 1.0]]})
    see.full(d.cdf(1), {anything: [[0.0, 1.0]]})
    d = tf.distributions.Categorical(probs=logits, validate_args=True)
    see.full(d.prob([0]), {logits: [[0.5, 0.5]]})
    see.attempt(lambda: see.session.run(d.prob([0]), {logits: [[0.5, 0.7]]}), "sum to 1")


def gamma(tf, see):
    d = tf.distributions.Gamma([0.5, 3.0], 2.0)
    _all(tf, see, d, [[0.5], [4.0]])
    see(d.concentration, d.rate)
    strict = tf.distributions.Gamma(3.0, 2.0, validate_args=True, allow_nan_stats=False)
    see.full(strict.mode())
    see.full(strict.log_prob(1.0))
    x = tf.placeholder(tf.float32, [], name="x")
    see.attempt(lambda: see.session.run(strict.cdf(x), {x: -1.0}), "x > 0")
    see.attempt(lambda: strict.log_prob(tf.constant(1.0, tf.float64)), "float32")


def exponential(tf, see):
    d = tf.distributions.Exponential([0.5, 3.0])
    _all(tf, see, d, [0.5, 4.0])
    see(d.rate, d.concentration)


def laplace(tf, see):
    d = tf.distributions.Laplace([0.5, 3.0], [[1.0], [2.0]], validate_args=True)
    _all(tf, see, d, [0.5, -4.0])
    see(d.loc, d.scale)


def beta(tf, see):
    d = tf.distributions.Beta([0.5, 3.0], 2.0)
    _all(tf, see, d, [0.3, 0.7])
    see(d.concentration1, d.concentration0, d.total_concentration)
    strict = tf.distributions.Beta([2.0], 3.0, validate_args=True, allow_nan_stats=False)
    see.full(strict.prob(0.5))
    see.full(strict.mode())
    x = tf.placeholder(tf.float32, [], name="x")
    see.attempt(lambda: see.session.run(strict.prob(x), {x: 1.5}), "less than `1`")


def student_t(tf, see):
    d = tf.distributions.StudentT([0.5, 1.5, 5.0], 1.0, 2.0)
    _all(tf, see, d, [0.5, -4.0, 2.0])
    see(d.df, d.loc, d.scale)
    strict = tf.distributions.StudentT(3.0, [1.0, 2.0], 2.0, True, False)
    see.full(strict.mean())
    see.full(strict.variance())


def dirichlet(tf, see):
    d = tf.distributions.Dirichlet([[1.5, 2.0, 3.0], [0.5, 2.0, 2.0]])
    _all(tf, see, d, [0.2, 0.3, 0.5])
    see(d.concentration, d.total_concentration)
    strict = tf.distributions.Dirichlet([1.5, 2.0], validate_args=True, allow_nan_stats=False)
    see.full(strict.log_prob([0.4, 0.6]))
    see.full(strict.mode())
    see.attempt(lambda: see.session.run(strict.prob([0.4, 0.7])), "sum to `1`")


def multinomial(tf, see):
    d = tf.distributions.Multinomial(4.0, probs=[0.2, 0.3, 0.5])
    _all(tf, see, d, [[1.0, 2.0, 1.0], [0.0, 3.0, 1.0]])
    wide = tf.distributions.Multinomial([4.0, 2.0], probs=[0.2, 0.3, 0.5])
    see(wide.sample(3, seed=1))
    see.full(wide.covariance())
    see.full(wide.log_prob([[1.0, 2.0, 1.0], [0.0, 1.0, 1.0]]))
    see(d.total_count, d.logits, d.probs)
    strict = tf.distributions.Multinomial(4.0, [0.0, 0.5], validate_args=True)
    see.full(strict.prob([1.0, 3.0]))
    see.attempt(lambda: see.session.run(strict.prob([1.0, 2.0])), "sum to")
    see.attempt(lambda: see.session.run(strict.prob([1.5, 2.5])), "fractional")


def dirichlet_multinomial(tf, see):
    d = tf.distributions.DirichletMultinomial(4.0, [[1.0, 2.0], [3.0, 3.0]])
    _all(tf, see, d, [1.0, 3.0])
    see(d.total_count, d.concentration, d.total_concentration)
    strict = tf.distributions.DirichletMultinomial(4.0, [1.0, 2.0], validate_args=True)
    see.full(strict.prob([1.0, 3.0]))


def divergences(tf, see):
    ds = tf.distributions
    pairs = [
        (ds.Normal(0.0, [1.0, 2.0]), ds.Normal([1.0, 0.5], 2.0)),
        (ds.Bernoulli(probs=[0.1, 0.5]), ds.Bernoulli([0.3, 0.2])),
        (ds.Categorical([[0.1, 2.0, 0.3]]), ds.Categorical(probs=[[0.2, 0.2, 0.6]])),
        (ds.Gamma(2.0, [1.0, 3.0]), ds.Gamma([2.0, 3.0], 1.5)),
        (ds.Exponential(2.0), ds.Exponential([2.0, 3.0])),
        (ds.Exponential(2.0), ds.Gamma(2.0, 3.0)),
        (ds.Beta(2.0, 3.0), ds.Beta([1.0, 0.5], 2.0)),
        (ds.Dirichlet([1.0, 2.0]), ds.Dirichlet([[2.0, 2.0], [1.0, 2.0]])),
    ]
    for a, b in pairs:
        see.full(ds.kl_divergence(a, b))
        see.full(a.kl_divergence(b))
        see.full(a.cross_entropy(b))
    see.full(ds.kl_divergence(*pairs[0], allow_nan_stats=False, name="named"))
    see.attempt(lambda: ds.kl_divergence(ds.Uniform(), ds.Uniform()), "No KL", "Uniform")
    strict = ds.Normal(float("nan"), 1.0, allow_nan_stats=False)
    see.attempt(lambda: see.session.run(strict.kl_divergence(ds.Normal(0.0, 1.0))), "NaN")


def divergences_of_ones_own(tf, see):
    class Mine(tf.distributions.Normal):
        pass

    @tf.distributions.RegisterKL(Mine, tf.distributions.Uniform)
    def mine(a, b, name=None):
        return tf.constant(7.0, name="mine")

    u = tf.distributions.Uniform()
    see.full(tf.distributions.kl_divergence(Mine(0.0, 1.0), u))
    see.full(Mine(0.0, 1.0).kl_divergence(tf.distributions.Normal(1.0, 1.0)))
    register = tf.distributions.RegisterKL(Mine, tf.distributions.Uniform)
    see.attempt(lambda: register(3), "callable")
    see.attempt(lambda: register(mine), "already been registered", "Mine || Uniform")


def copies_and_parameters(tf, see):
    ds = tf.distributions
    d = ds.Normal(0.0, 1.0, name="first")
    other = d.copy(scale=3.0)
    see(other.name, d.name, ds.Normal(0.0, 1.0, name="first").name)
    see.full(other.stddev())
    see(sorted(d.parameters), d.parameters["scale"], other.parameters["scale"])
    for kind in (ds.Normal, ds.Uniform, ds.Gamma, ds.Bernoulli, ds.Exponential, ds.StudentT):
        see(sorted(kind.param_shapes([2, 3])))
        see(sorted(kind.param_static_shapes([2, 3]).items()))
    see(ds.Beta.param_static_shapes(tf.TensorShape([4]))["concentration1"])
    see.attempt(lambda: ds.Normal.param_static_shapes(tf.TensorShape([None])), "fully defined")
    see.attempt(lambda: ds.Categorical.param_shapes([2]), "not implemented")
    with tf.name_scope("outer"):
        inner = ds.Bernoulli(probs=0.5)
        see(inner.name, inner.mean())
    see(inner.variance(), inner.mean(name="again"))


def a_distribution_of_ones_own(tf, see):
    ds = tf.distributions

    class Fixed(ds.Distribution):
        def __init__(self):
            super().__init__(tf.float32, ds.NOT_REPARAMETERIZED, False, True, name="Fixed")

        def _log_prob(self, value):
            return -tf.abs(value)

        def _variance(self):
            return tf.constant(4.0)

    d = Fixed()
    see(str(d), repr(d), d.batch_shape, d.event_shape, d.name)
    see.full(d.prob(2.0))
    see.full(d.stddev())
    for method in (d.mean, d.mode, d.entropy, d.covariance, d.sample, d.batch_shape_tensor):
        see.attempt(method, "is not implemented", "Fixed")
    for method in (d.cdf, d.log_cdf, d.quantile, d.survival_function, d.log_survival_function):
        see.attempt(lambda method=method: method(1.0), "is not implemented")
    see.attempt(lambda: ds.Normal(0.0, 1.0).sample([[1]]), "neither scalar nor vector")
    see.attempt(
        lambda: ds.Distribution(tf.float32, None, False, True, graph_parents=[3]), "not a Tensor"
    )


def gradients_through_draws(tf, see):
    loc, scale = tf.Variable(1.0), tf.Variable(2.0)
    drawn = tf.distributions.Normal(loc, scale).sample(3, seed=4)
    see.start()
    see.run(tf.gradients(drawn, [loc, scale]))
    logits = tf.Variable([0.5, 1.0])
    d = tf.distributions.Categorical(logits)
    loss = -tf.reduce_sum(d.log_prob(1) * 2.0)
    see.session.run(logits.initializer)
    see.run(tf.gradients(loss, logits))
    see.run(tf.gradients(tf.distributions.Normal(loc, scale).log_prob(3.0), [loc, scale]))
    see.run(tf.gradients(tf.distributions.Normal(loc, scale).entropy(), [scale]))
