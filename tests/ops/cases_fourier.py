"""Rows for Fourier transforms."""

import numpy as np
from ops.cases import Case

from minitf.ops import fourier
from minitf.ops.complex_numbers import complex as join
from minitf.ops.complex_numbers import imag, real

A, B = np.sin(np.arange(24) * 1.3).reshape(2, 3, 4), np.cos(np.arange(24) * 0.7).reshape(2, 3, 4)


def both(transform):
    """Real and imaginary part of a transform of both parts."""

    def build(a, b):
        y = transform(join(a, b))
        return [real(y), imag(y)]

    return build


def numpys(transform, dims):
    def want(a, b):
        y = transform(a + 1j * b, axes=range(-dims, 0))
        return [y.real, y.imag]

    return want


def halves(transform):
    def build(a):
        y = transform(a)
        return [real(y), imag(y)]

    return build


def inverse(transform):
    return lambda a, b: transform(join(a, b))


def numpys_halves(transform):
    def want(a):
        y = transform(a)
        return [y.real, y.imag]

    return want


CASES = [
    *(
        Case(name, both(getattr(fourier, name)), (A, B), numpys(function, dims), rtol=1e-9)
        for dims, (there, back) in enumerate(
            (("FFT", "IFFT"), ("FFT2D", "IFFT2D"), ("FFT3D", "IFFT3D")), 1
        )
        for name, function in ((there, np.fft.fftn), (back, np.fft.ifftn))
    ),
    Case("RFFT", halves(fourier.rfft), (A,), numpys_halves(np.fft.rfft), order=1, rtol=1e-9),
    Case("RFFT2D", halves(fourier.rfft2d), (A,), numpys_halves(np.fft.rfft2), order=1, rtol=1e-9),
    Case(
        "IRFFT",
        inverse(fourier.irfft),
        (A, B),
        lambda a, b: np.fft.irfft(a + 1j * b),
        rtol=1e-9,
        run_unknown=False,
    ),
    Case(
        "IRFFT2D",
        inverse(fourier.irfft2d),
        (A, B),
        lambda a, b: np.fft.irfft2(a + 1j * b),
        order=1,
        rtol=1e-9,
        run_unknown=False,
    ),
]
