"""Named luck: every random number is a hash of what it is for and whom it concerns.

No stream, no order, no state. A new domain, measure or person moves nobody else's luck, two
scenarios share it (common random numbers), and threads cannot change it. The mixing function is
the finaliser of splitmix64. Compiled like the queue: `docs/decisions/0002-numba-for-luck.md` has
the figures.
"""

from __future__ import annotations

import math
from functools import cache
from hashlib import blake2b

import numba as nb
import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Floats = NDArray[np.floating]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S40 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(40)
_ONE = np.uint64(1)
_TO_UNIT = np.float32(2.0**-24)
_MOST = 1_000_000  # a cell never holds more households than this


@nb.vectorize(["uint64(uint64, uint64)"], nopython=True, cache=True)
def mix(key, word):  # type: ignore[no-untyped-def]
    """A new key from a key and a word."""
    z = key + _GOLDEN * (word + _ONE)
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    return z ^ (z >> _S31)


@nb.vectorize(["float32(uint64, uint64)"], nopython=True, cache=True)
def _uniform(key, word):  # type: ignore[no-untyped-def]
    z = key ^ word
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    return np.float32(np.int32(z >> _S40)) * _TO_UNIT  # the upper bits need no third shift


@nb.vectorize(["int64(float64, float64)"], nopython=True, cache=True)
def poisson(u, mean):  # type: ignore[no-untyped-def]
    """The count whose cumulative Poisson probability first exceeds ``u``; grows with the mean."""
    if mean > 500.0:  # exp(-mean) would vanish: the same inversion with logarithms
        log_p = -mean
        total, k = 0.0, 0
        while k < _MOST:
            total += math.exp(log_p)
            if u <= total or (k > mean and log_p < -700.0):
                return k
            k += 1
            log_p += math.log(mean / k)
        return k
    p = math.exp(-mean)
    total, k = p, 0
    while u > total and k < _MOST:
        k += 1
        p *= mean / k
        total += p
        if p < 1e-300:
            break
    return k


@cache
def word(purpose: str) -> np.uint64:
    """The 64-bit name of a purpose."""
    return np.uint64(int.from_bytes(blake2b(purpose.encode(), digest_size=8).digest(), "little"))


def worlds(seed: int, draws: NDArray[np.integer]) -> Keys:
    """One key per draw, shape (draw,); draw 7 has the same luck however many draws there are."""
    start = np.full(len(draws), word(f"seed {seed}"), np.uint64)
    keys: Keys = mix(start, draws.astype(np.uint64))
    return keys


def uniform(key: Keys, purpose: str) -> Floats:
    """Numbers in [0, 1), one a key; 24 bits, so a chance below one in 16 million is none."""
    return _uniform(key, word(purpose))  # type: ignore[no-any-return]


def exponential(key: Keys, purpose: str) -> Floats:
    """Waiting times with mean 1, one a key."""
    waiting: Floats = -np.log(np.float32(1.0) - uniform(key, purpose))
    return waiting


def normal(key: Keys, purpose: str) -> Floats:
    """Standard normal numbers, one a key (Box-Muller)."""
    radius = np.sqrt(np.float32(2.0) * exponential(key, purpose))
    angle = np.float32(2.0 * np.pi) * uniform(key, f"{purpose}/angle")
    number: Floats = radius * np.cos(angle)
    return number


def triangular(
    chance: Floats, low: Floats | float, middle: Floats | float, high: Floats | float
) -> Floats:
    """The number below which the given share of a triangular distribution lies.

    Its peak is ``middle``; where low equals high it is that point. Shapes are broadcast.
    """
    width = np.subtract(high, low)
    below = np.subtract(middle, low)
    rising = low + np.sqrt(chance * width * below)
    falling = high - np.sqrt((1.0 - chance) * width * np.subtract(high, middle))
    quantile: Floats = np.where(chance * width < below, rising, falling)
    return quantile
