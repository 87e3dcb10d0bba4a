"""The dice of this process: a prime that nobody can aim at, and a key for what we know nothing of.

A core without dice would have to take them as an argument of every question asked of it. They are
thrown once, when the process first loads the judge, and never again: within a process, equal
questions get equal answers, and no answer can be made up that is wrong and passes, since for that
one would have to know the prime. Nothing made from them may leave the process.
"""

import secrets
from hashlib import blake2b
from random import Random

_WITNESSES = (
    2,
    3,
    5,
    7,
    11,
    13,
    17,
    19,
    23,
    29,
    31,
    37,
)  # enough below 3.3 × 10²⁴ (Sorenson, Webster)


def _is_prime(number: int) -> bool:
    if any(number % small == 0 for small in _WITNESSES):
        return number in _WITNESSES
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for witness in _WITNESSES:
        power = pow(witness, odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True


def _throw_prime() -> int:
    """A random prime of 61 bits that leaves the rest 1 when divided by 4, so that −1 has a root."""
    while True:
        candidate = secrets.randbits(61) | 1 << 60 | 1
        if candidate % 4 == 1 and _is_prime(candidate):
            return candidate


def _root_of_minus_one(prime: int) -> int:
    base = 2
    while pow(base, (prime - 1) // 2, prime) == 1:
        base += 1
    return pow(base, (prime - 1) // 4, prime)


PRIME = _throw_prime()
IMAGINARY_UNIT = _root_of_minus_one(PRIME)
_KEY = secrets.token_bytes(32)


def oracle(*about: object) -> int:
    """A number in [0, PRIME) that is random, and the same whenever asked about the same."""
    digest = blake2b(repr(about).encode(), key=_KEY, digest_size=16).digest()
    return int.from_bytes(digest, "little") % PRIME


def dice(*about: object) -> Random:
    """Dice that fall the same way whenever thrown about the same, within this process."""
    return Random(oracle("dice", *about))  # seeded from a secret, to pick sample points
