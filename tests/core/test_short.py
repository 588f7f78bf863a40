"""Which language a few words are in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.text.prose import key_terms
from contentkit.core.text.short import detect_short


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I want my money back", "en"),
        ("Can dogs come?", "en"),
        ("My order 123 is broken, refund please", "en"),
        ("Das ist kaputt", "de"),
        ("Wie viel kostet die Rückfahrkarte?", "de"),
        ("ça marche pas", "fr"),
        ("Hola, ¿dónde está mi pedido?", "es"),
        ("Onde está o meu pedido?", "pt"),
        ("Quanto costa il biglietto?", "it"),
        ("料金は？", "ja"),
        ("价格是多少？", "zh"),
        ("배송은 언제 되나요?", "ko"),
        ("Где мой заказ?", "ru"),
        ("返金希望", ""),
        ("ありがとう", "ja"),
        ("환불", "ko"),
        ("WiFiは？", "ja"),
        ("Premium membership 환불", "ko"),
        ("払戻", "ja"),
        ("费用", "zh"),
        ("What does 返金 mean on my bill?", "en"),
        ("What does the ザ button on my page mean?", "en"),
        ("Hi", ""),
        ("refund https://example.com/order/1", ""),
        ("", ""),
        ("The boat was late again and nobody at the pier knew when the next one would leave for the old town.", "en"),
    ],
)
def test_the_language_of_a_few_words(text: str, language: str) -> None:
    assert detect_short(text) == language


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    assert detect_short(text) == detect_short(text)


def test_a_word_of_another_language_is_not_cut_at_its_umlaut() -> None:
    assert key_terms(["Rückfahrkarteを買う"], "ja", 1) == ["Rückfahrkarte"]
