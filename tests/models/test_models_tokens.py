"""Estimates lie inside their own band; cost is exact, or unknown."""

from __future__ import annotations

import pytest

from contentkit.core.chat import Image, Message, Text, Usage
from contentkit.core.model import Price
from contentkit.models.tokens import Estimate, cost, estimate, estimate_messages

# Text, and its number of tokens by o200k: counted with gpt-tokenizer and kept, so that no test downloads tables.
COUNTED = [
    ("The kettle was still warm when she came back from the garden, and nobody had touched the letter.\n" * 8, 160),
    ("朝から雨が降っていたので、駅までの道はとても静かだった。傘をさした人が三人だけ歩いていた。\n" * 8, 272),
    ("어제는 하루 종일 비가 내려서 우리는 집에서 책을 읽고 차를 마셨다.\n" * 8, 184),
    ("昨天下了一整天的雨，我们在家里看书、喝茶，谁也没有出门。\n" * 8, 184),
    ("def add(left: int, right: int) -> int:\n    if left > right:\n        return right\n    return left\n" * 8, 216),
    ('{"id":41823,"price":0.0125,"tags":["a","b"],"on":true,"x":[1.25,3.5,9.75]}\n' * 8, 304),
    ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n" * 8, 352),
    ("-    total = price * count\n+    total = round(price * count, 2)\n     return total\n" * 8, 192),
]


@pytest.mark.parametrize(("text", "counted"), COUNTED)
def test_the_true_count_is_inside_the_band(text: str, counted: int) -> None:
    guess = estimate(text)
    assert guess.tokens * (1 - guess.error) <= counted <= guess.tokens * (1 + guess.error)


def test_nothing_is_nothing_and_spaces_are_something() -> None:
    assert estimate("") == Estimate(0, 0.0)
    assert estimate(" ").tokens == 1


def test_a_hungry_tokenizer_takes_more() -> None:
    text = "The kettle was still warm. " * 100
    assert estimate(text, 2.8).tokens == pytest.approx(estimate(text).tokens * 4 / 2.8, rel=0.01)


def test_a_lone_surrogate_is_counted_and_not_an_error() -> None:
    assert estimate("\ud83d" * 10).tokens > 0


def test_data_is_less_certain_than_prose() -> None:
    assert estimate("9f86d08188" * 100).error > estimate("quiet words " * 100).error


def test_messages_count_marks_and_pictures() -> None:
    words = Message.of("user", "hello " * 50)
    picture = Message("user", (Text("hello " * 50), Image(b"x", "image/png")))
    assert estimate_messages([words]).tokens == estimate(words.text).tokens + 4
    assert estimate_messages([words, picture]).error > estimate_messages([words]).error


def test_the_sum_keeps_the_band() -> None:
    assert Estimate(100, 0.1) + Estimate(300, 0.3) == Estimate(400, 0.25)


PRICE = Price(input=2.0, output=10.0, cache_read=0.2, cache_write=2.5)


def test_cost_prices_each_kind_of_token() -> None:
    usage = Usage(input_tokens=1_000_000, output_tokens=100_000, cached_tokens=500_000, cache_write_tokens=100_000)
    assert cost(usage, PRICE) == pytest.approx(0.4 * 2.0 + 0.5 * 0.2 + 0.1 * 2.5 + 0.1 * 10.0)


def test_the_vendors_own_figure_goes_first() -> None:
    assert cost(Usage(input_tokens=10, cost=0.5), Price()) == 0.5


@pytest.mark.parametrize("price", [Price(), Price(input=1.0), Price(output=1.0)])
def test_an_unknown_price_is_unknown(price: Price) -> None:
    assert cost(Usage(input_tokens=10, output_tokens=10), price) is None


def test_cached_tokens_without_a_price_of_their_own_are_never_cheaper() -> None:
    usage = Usage(input_tokens=1_000_000, cached_tokens=400_000, cache_write_tokens=300_000)
    assert cost(usage, Price(input=2.0, output=1.0)) == pytest.approx(2.0)
    assert cost(usage, Price(input=2.0, output=1.0, cache_write=0.0)) == pytest.approx(2.0)


def test_free_is_zero_and_not_unknown() -> None:
    assert cost(Usage(input_tokens=10, output_tokens=10), Price(0.0, 0.0)) == 0.0


def test_a_long_question_has_the_long_price_for_all_its_tokens() -> None:
    price = Price(1.0, 2.0, long_from=200_000, long=Price(3.0, 4.0))
    assert cost(Usage(200_000, 1_000_000), price) == pytest.approx(0.2 + 2.0)
    assert cost(Usage(200_001, 1_000_000), price) == pytest.approx(0.600003 + 4.0)
    assert cost(Usage(200_001, 1), Price(1.0, 2.0, long_from=200_000)) is None
