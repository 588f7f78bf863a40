"""How exactly a number is meant, by its form and by the words around it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from contentkit.core.facts.hedges import Meant, meant

_UNDER, _OVER = Fraction(13, 20), Fraction(3, 2)
"""Nobody says "under 20" of 10, nor "over 100" of 160: what is meant lies between these parts of the number."""
_CONVERTED_OFF = Fraction(1, 16)
_MOST_PLACES = 6
_FIFTY_OFF = Fraction(3, 100)


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a text means a number.

    Attributes:
        step: what one of the last digit that counts is worth: 100 of 1,200; 1/10 of 3.5.
        low, high: from where to where it is meant; both are the number where it is meant exactly.
    """

    value: Fraction
    how: Meant
    step: Fraction
    low: Fraction
    high: Fraction

    @property
    def exact(self) -> bool:
        return self.how == "exactly"

    @property
    def rounded(self) -> tuple[Fraction, Fraction]:
        """From where to where a number may be that the text has rounded to this one."""
        if not self.exact:
            return self.low, self.high
        return self.value - self.step / 2, self.value + self.step / 2


def meaning(value: Fraction, before: str, after: str) -> Meaning:
    """How a number between two texts is meant."""
    how, step = meant(before, after), step_of(value)
    low = high = value
    match how:
        case "over":
            high = min(value + step, value * _OVER)
        case "under":
            low = max(value - step, value * _UNDER)
        case "about":
            half = max(step / 2, _half_of_fifty(value, step))
            low, high = value - half, value + half
    return Meaning(value, how, step, low, high)


def _half_of_fifty(value: Fraction, step: Fraction) -> Fraction:
    """How far a number may be off that was rounded to fifties, as 850 was; 0 of others. Not far of small ones."""
    fifty = value / step % 10 == 5 and abs(value) > 10 * step
    return min(5 * step / 2, abs(value) * _FIFTY_OFF) if fifty else Fraction(0)


def step_of(value: Fraction) -> Fraction:
    """What one of the last digit that counts is worth: 100 of 1,200; 1/10 of 3.5."""
    if value.denominator != 1:
        places = (places for places in range(1, _MOST_PLACES) if 10**places % value.denominator == 0)
        return Fraction(1, 10 ** next(places, _MOST_PLACES))
    whole, zeros = abs(value.numerator), 0
    while whole and whole % 10 == 0:
        whole //= 10
        zeros += 1
    return Fraction(10**zeros)


def converted(said: Meaning) -> tuple[Fraction, Fraction]:
    """From where to where a number may be that was brought to another unit: 100 miles of 160 km, and not 10 days of two
    weeks."""
    low, high = said.rounded
    if not said.exact or said.step <= 1:
        return low, high
    most = abs(said.value) * _CONVERTED_OFF
    return max(low, said.value - most), min(high, said.value + most)
