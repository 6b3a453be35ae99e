"""Fourier transforms."""

import numpy as np


def _w(*shape, s=1.0):
    return (
        (np.sin(np.arange(np.prod(shape), dtype=np.float32) * s)).reshape(shape).astype(np.float32)
    )


def of_complex_numbers(tf, see):
    z = tf.constant(_w(2, 3, 4, 5, s=1.3) + 1j * _w(2, 3, 4, 5, s=0.7))
    for there, back in ((tf.fft, tf.ifft), (tf.fft2d, tf.ifft2d), (tf.fft3d, tf.ifft3d)):
        y = there(z)
        see.full(y, rtol=1e-5)
        see.run(back(y), rtol=1e-5)
        see.full(tf.gradients(tf.abs(y) ** 2, z)[0], rtol=2e-5)
        see.run(tf.gradients(tf.real(back(z)), z), rtol=2e-5)
    see.attempt(lambda: tf.fft2d(tf.constant([1j, 2.0], tf.complex64)))
    see.attempt(lambda: tf.fft([1.0, 2.0]))
    see.attempt(lambda: tf.fft(tf.constant([1.0, 2.0])))
    see.run(tf.signal.fft(tf.cast([1.0, 2.0, 3.0], tf.complex128)))


def of_real_numbers(tf, see):
    for sizes in ((2, 6), (2, 7)):
        x = tf.constant(_w(*sizes, s=1.3))
        for options in ({}, {"fft_length": [4]}, {"fft_length": [9]}):
            y = tf.signal.rfft(x, **options)
            see.full(y, rtol=1e-5)
            if not options:
                see.full(tf.gradients(tf.abs(y), x)[0], rtol=2e-5)
            back = tf.signal.irfft(y, **options)
            see.full(back, rtol=1e-5)
            see.full(tf.gradients(back * back, y)[0], rtol=2e-5)
    p = tf.placeholder(tf.float32)
    q = tf.placeholder(tf.float32, [None, None])
    for x in (p, q):
        y = tf.signal.rfft(x)
        see(y)
        see.run(y, {x: _w(2, 6)}, rtol=1e-5)
    see.run(tf.signal.irfft(y), {q: _w(2, 6)}, rtol=1e-5)
    see.run(tf.spectral.rfft(tf.constant([1.0, 2.0, 4.0], tf.float64)))
    see.attempt(lambda: tf.signal.rfft(tf.constant([1, 2])))
    see.attempt(lambda: tf.signal.irfft(tf.constant([1.0, 2.0])))
    see.attempt(lambda: tf.signal.rfft(tf.constant(1.0)))


def of_real_matrices(tf, see):
    for sizes in ((2, 4, 6), (3, 5)):
        x = tf.constant(_w(*sizes, s=1.3))
        y = tf.signal.rfft2d(x)
        see.full(y, rtol=1e-5)
        see.full(tf.gradients(tf.real(y) * tf.imag(y), x)[0], rtol=2e-5)
        back = tf.signal.irfft2d(y)
        see.full(back, rtol=1e-5)
        see.run(tf.gradients(back * back, y), rtol=2e-5)
