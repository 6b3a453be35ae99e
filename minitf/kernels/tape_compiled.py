"""Runs a tape: see `minitf.kernels.tape` for its instructions.

Places count from where the memory begins; those of large variables lie outside it, at either side.
Every loop is over parts of the memory that are cut beforehand: only so does it become SIMD code.
"""

import numpy as np
from numba import carray, njit, types
from numba.extending import intrinsic

from minitf.kernels import functions_compiled as functions
from minitf.kernels import update_rules
from minitf.kernels.jit import jit

_FLOATS = types.CPointer(types.float32)
_ZERO, _HALF, _ONE, _TWO = np.float32(0), np.float32(0.5), np.float32(1), np.float32(2)


@intrinsic
def _beginning(typing_context, array):
    def generate(context, builder, signature, arguments):
        return context.make_array(array)(context, builder, arguments[0]).data

    return _FLOATS(array), generate


@intrinsic
def _moved(typing_context, pointer, distance):
    def generate(context, builder, signature, arguments):
        return builder.gep(arguments[0], [arguments[1]])

    return _FLOATS(_FLOATS, types.int64), generate


@njit
def _part(memory, start, count):
    return carray(_moved(memory, start), (count,))


@njit
def _matrix(memory, start, rows, columns):
    return carray(_moved(memory, start), (rows, columns))


@njit
def _binary(code, out, x, y):
    if code == 0:
        for j in range(out.size):
            out[j] = x[j] + y[j]
    elif code == 1:
        for j in range(out.size):
            out[j] = x[j] - y[j]
    elif code == 2:
        for j in range(out.size):
            out[j] = x[j] * y[j]
    elif code == 3:
        for j in range(out.size):
            out[j] = x[j] / y[j]
    elif code == 4:
        for j in range(out.size):
            out[j] = x[j] if (x[j] > y[j]) | (x[j] != x[j]) else y[j]
    elif code == 5:
        for j in range(out.size):
            out[j] = x[j] if (x[j] < y[j]) | (x[j] != x[j]) else y[j]
    elif code == 6:
        for j in range(out.size):
            out[j] = (x[j] - y[j]) * (x[j] - y[j])
    elif code == 7:
        for j in range(out.size):
            out[j] = y[j] * (_ONE - x[j] * x[j])
    elif code == 8:
        for j in range(out.size):
            out[j] = y[j] * x[j] * (_ONE - x[j])
    elif code == 9:
        for j in range(out.size):
            out[j] = x[j] if y[j] > _ZERO else _ZERO
    elif code == 10:
        for j in range(out.size):
            out[j] = x[j] * x[j] if y[j] == _TWO else x[j] ** y[j]
    elif code == 11:
        for j in range(out.size):
            out[j] = _ONE if x[j] > y[j] else _ZERO
    elif code == 12:
        for j in range(out.size):
            out[j] = _ONE if x[j] >= y[j] else _ZERO
    elif code == 13:
        for j in range(out.size):
            out[j] = _ONE if x[j] < y[j] else _ZERO
    elif code == 14:
        for j in range(out.size):
            out[j] = y[j] * _HALF / x[j]
    elif code == 15:
        for j in range(out.size):
            out[j] = y[j] * -_HALF * x[j] * x[j] * x[j]
    elif code == 16:
        for j in range(out.size):
            out[j] = _ONE if x[j] <= y[j] else _ZERO
    elif code == 17:
        for j in range(out.size):
            out[j] = -y[j] * x[j] * x[j]


@njit
def _unary(code, out, x):
    if code == 20:
        for j in range(out.size):
            out[j] = -x[j]
    elif code == 21:
        for j in range(out.size):
            out[j] = x[j] * x[j]
    elif code == 22:
        for j in range(out.size):
            out[j] = functions.tanh(x[j])
    elif code == 23:
        for j in range(out.size):
            out[j] = functions.sigmoid(x[j])
    elif code == 24:
        for j in range(out.size):
            out[j] = x[j] if (x[j] > _ZERO) | (x[j] != x[j]) else _ZERO
    elif code == 25:
        for j in range(out.size):
            out[j] = functions.exp(x[j])
    elif code == 26:
        for j in range(out.size):
            out[j] = functions.log(x[j])
    elif code == 27:
        for j in range(out.size):
            out[j] = functions.sqrt(x[j])
    elif code == 28:
        for j in range(out.size):
            out[j] = x[j]
    elif code == 29:
        for j in range(out.size):
            out[j] = abs(x[j])
    elif code == 30:
        for j in range(out.size):
            out[j] = _ONE if x[j] > _ZERO else (-_ONE if x[j] < _ZERO else x[j])
    elif code == 31:
        for j in range(out.size):
            out[j] = _ONE / functions.sqrt(x[j])
    elif code == 32:
        for j in range(out.size):
            out[j] = functions.log1p(x[j])
    elif code == 33:
        for j in range(out.size):
            out[j] = max(x[j], _ZERO) + functions.log1p(functions.exp(-abs(x[j])))
    elif code == 34:
        for j in range(out.size):
            out[j] = _ONE / x[j]


@njit
def _select(memory, row):
    count = row[2]
    out, chosen = _part(memory, row[1], count), _part(memory, row[3], count)
    x, y = _part(memory, row[4], count), _part(memory, row[5], count)
    for j in range(count):
        out[j] = x[j] if chosen[j] != _ZERO else y[j]


@njit
def _move(memory, row, table):
    count = row[2]
    out, places = _part(memory, row[1], count), table[row[3] :][:count]
    for j in range(count):
        out[j] = memory[places[j]]


@njit
def _blocks(memory, row):
    for i in range(row[3]):
        out = _part(memory, row[1] + i * row[5], row[4])
        x = _part(memory, row[2] + i * row[6], row[4])
        for j in range(row[4]):
            out[j] = x[j]


@njit
def _repeat(memory, row):
    times = row[4]
    for i in range(row[3]):
        out = _part(memory, row[1] + i * times, times)
        out[:] = memory[row[2] + i]


@njit(fastmath={"contract", "nsz"})
def _matmul(memory, row):
    m, k, n, down, across = row[4], row[5], row[6], row[7], row[8]
    for i in range(m):
        out = _part(memory, row[1] + i * n, n)
        for j in range(n):
            out[j] = _ZERO
        x = row[2] + i * down
        whole = k - k % 4
        for s in range(0, whole, 4):  # four rows of y at once: fewer loads and stores of `out`
            a, b = memory[x + s * across], memory[x + (s + 1) * across]
            c, d = memory[x + (s + 2) * across], memory[x + (s + 3) * across]
            y = _part(memory, row[3] + s * n, 4 * n)
            y0, y1, y2, y3 = y[:n], y[n : 2 * n], y[2 * n : 3 * n], y[3 * n :]
            for j in range(n):
                out[j] += (a * y0[j] + b * y1[j]) + (c * y2[j] + d * y3[j])
        for s in range(whole, k):
            number = memory[x + s * across]
            y = _part(memory, row[3] + s * n, n)
            for j in range(n):
                out[j] += number * y[j]


@njit
def _large_matmul(memory, row):
    m, k, n = row[4], row[5], row[6]
    out = _matrix(memory, row[1], m, n)
    if row[7]:
        x = _matrix(memory, row[2], k, m)
        if row[8]:
            np.dot(x.T, _matrix(memory, row[3], n, k).T, out)
        else:
            np.dot(x.T, _matrix(memory, row[3], k, n), out)
    else:
        x = _matrix(memory, row[2], m, k)
        if row[8]:
            np.dot(x, _matrix(memory, row[3], n, k).T, out)
        else:
            np.dot(x, _matrix(memory, row[3], k, n), out)


@njit(fastmath={"reassoc", "nsz"})
def _total(x):
    total = _ZERO
    for j in range(x.size):
        total += x[j]
    return total


@njit(fastmath={"reassoc", "contract", "nsz"})
def _dots(memory, row):
    m, k, n = row[4], row[5], row[6]
    for i in range(m):
        x = _part(memory, row[2] + i * k, k)
        for j in range(n):
            y = _part(memory, row[3] + j * k, k)
            total = _ZERO
            for s in range(k):
                total += x[s] * y[s]
            memory[row[1] + i * n + j] = total


@njit
def _sum(memory, row):
    outer, reduced, inner = row[3], row[4], row[5]
    for i in range(outer):
        out = _part(memory, row[1] + i * inner, inner)
        if inner == 1:
            out[0] = _total(_part(memory, row[2] + i * reduced, reduced))
        else:
            for j in range(inner):
                out[j] = _ZERO
            for s in range(reduced):
                x = _part(memory, row[2] + (i * reduced + s) * inner, inner)
                for j in range(inner):
                    out[j] += x[j]
        for j in range(inner if row[6] > 1 else 0):
            out[j] /= np.float32(row[6])


@njit
def _exponentials(out, x):
    """exp(x - max(x)) of one row; returns the maximum and the sum."""
    top = x[0]
    for j in range(1, x.size):
        top = x[j] if (x[j] > top) | (x[j] != x[j]) else top  # a NaN stays
    for j in range(x.size):
        out[j] = functions.exp(x[j] - top)
    return top, _total(out)


@njit
def _softmax(memory, row):
    columns = row[4]
    for i in range(row[3]):
        out = _part(memory, row[1] + i * columns, columns)
        _, total = _exponentials(out, _part(memory, row[2] + i * columns, columns))
        for j in range(columns):
            out[j] /= total


@njit
def _cross_entropy(memory, row):
    columns = row[4]
    for i in range(row[3]):
        out = _part(memory, row[1] + i * columns, columns)
        x = _part(memory, row[2] + i * columns, columns)
        wanted = _part(memory, row[6] + i * columns, columns)
        top, total = _exponentials(out, x)
        log_total = functions.log(total)
        loss = _ZERO
        for j in range(columns):
            loss += wanted[j] * (log_total - (x[j] - top))
            out[j] = out[j] / total - wanted[j]
        memory[row[5] + i] = loss


@njit
def _sparse_cross_entropy(memory, row):
    """Returns whether every label is one of the classes."""
    columns = row[4]
    for i in range(row[3]):
        label = int(memory[row[6] + i])
        if not 0 <= label < columns:
            return False
        out = _part(memory, row[1] + i * columns, columns)
        x = _part(memory, row[2] + i * columns, columns)
        top, total = _exponentials(out, x)
        memory[row[5] + i] = functions.log(total) - (x[label] - top)
        for j in range(columns):
            out[j] /= total
        out[label] -= _ONE
    return True


_gradient_descent = njit(update_rules.gradient_descent)
_momentum = njit(update_rules.momentum)
_adagrad = njit(update_rules.adagrad)
_rms_prop = njit(update_rules.rms_prop)
_adam = njit(update_rules.adam)


@njit
def _update(memory, row):
    code, count = row[0], row[1]
    var = _part(memory, row[2], count)
    second, third = _part(memory, row[3], count), _part(memory, row[4], count)
    if code == 60:
        grad = _part(memory, row[4], count)
        for j in range(count):
            (var[j],) = _gradient_descent(var[j], grad[j], second[0])
    elif code == 61:
        grad, decay = _part(memory, row[5], count), memory[row[6]]
        for j in range(count):
            var[j], second[j] = _momentum(var[j], second[j], grad[j], third[0], decay)
    elif code == 62:
        grad = _part(memory, row[5], count)
        for j in range(count):
            var[j], second[j] = _adagrad(var[j], second[j], grad[j], third[0], _ZERO, _ONE)
    elif code == 63:
        lr, rest, decay, epsilon = (
            memory[row[5]],
            _ONE - memory[row[6]],
            memory[row[7]],
            memory[row[8]],
        )
        grad = _part(memory, row[9], count)
        for j in range(count):
            var[j], second[j], third[j] = _rms_prop(
                var[j], second[j], third[j], grad[j], lr, rest, decay, epsilon
            )
    elif code == 64:
        rest1, rest2, epsilon = _ONE - memory[row[8]], _ONE - memory[row[9]], memory[row[10]]
        root = functions.sqrt(_ONE - memory[row[6]])
        alpha = memory[row[7]] * root / (_ONE - memory[row[5]])
        grad = _part(memory, row[11], count)
        for j in range(count):
            var[j], second[j], third[j] = _adam(
                var[j], second[j], third[j], grad[j], alpha, rest1, rest2, epsilon
            )


@jit
def run(numbers, tape, table):
    """Runs all instructions; returns the number of the first that failed, or -1."""
    memory = _beginning(numbers)
    for p in range(len(tape)):
        row = tape[p]
        code, count = row[0], row[2]
        if code < 20:
            x, y = _part(memory, row[3], count), _part(memory, row[4], count)
            _binary(code, _part(memory, row[1], count), x, y)
        elif code < 40:
            _unary(code, _part(memory, row[1], count), _part(memory, row[3], count))
        elif code == 40:
            _move(memory, row, table)
        elif code == 41:
            _matmul(memory, row)
        elif code == 42:
            _sum(memory, row)
        elif code == 43:
            _softmax(memory, row)
        elif code == 44:
            _cross_entropy(memory, row)
        elif code == 45:
            if not _sparse_cross_entropy(memory, row):
                return p
        elif code == 46:
            _select(memory, row)
        elif code == 47:
            _dots(memory, row)
        elif code == 48:
            _blocks(memory, row)
        elif code == 49:
            _large_matmul(memory, row)
        elif code == 50:
            _repeat(memory, row)
        else:
            _update(memory, row)
    return -1
