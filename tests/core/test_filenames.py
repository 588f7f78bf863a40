from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.filenames import file_name


@given(st.text(max_size=400))
def test_any_text_gives_a_safe_name(text: str) -> None:
    name = file_name(text, "row-1")
    assert name
    assert not set(name) & set('/\\:*?"<>|.\0\n\r\t =+@')
    assert name[0] not in "-_."
    assert len(name.encode()) <= 101
    assert file_name(name, "row-1").rstrip("-") == name.rstrip("-")


def test_names_people_give_stay_readable() -> None:
    given_ = ["Ferry 2026", "京都の朝", "हिन्दी", "a/b\\c", "..", "nul", "COM1", "v1.2", ""]
    assert [file_name(text, "x") for text in given_] == [
        "Ferry-2026", "京都の朝", "हिन्दी", "a-b-c", "x", "nul-", "COM1-", "v1-2", "x",
    ]  # fmt: skip
