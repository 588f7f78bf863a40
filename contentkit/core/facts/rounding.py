"""How exactly a number is meant, by its form and by the words around it."""

from __future__ import annotations

from fractions import Fraction

from contentkit.core.facts.hedges import Meant

_UNDER, _OVER = Fraction(13, 20), Fraction(3, 2)
"""Nobody says "under 20" of 10, nor "over 100" of 160: what is meant lies between these parts of the number."""


def bounds(value: Fraction, how: Meant) -> tuple[Fraction, Fraction]:
    """From where to where a number is meant."""
    step = step_of(value)
    match how:
        case "over":
            return value, min(value + step, value * _OVER)
        case "under":
            return max(value - step, value * _UNDER), value
        case "about":
            return value - step / 2, value + step / 2
    return value, value


def step_of(value: Fraction) -> Fraction:
    """What one of the last digit that counts is worth: 100 of 1,200; 1/10 of 3.5."""
    if value.denominator != 1:
        step = Fraction(1, 10)
        while (value / step).denominator != 1 and step > Fraction(1, 10**6):
            step /= 10
        return step
    whole, zeros = abs(value.numerator), 0
    while whole and whole % 10 == 0:
        whole //= 10
        zeros += 1
    return Fraction(10**zeros)
