"""What the offline forms for diffs say in their own words, by language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contentkit.core.text.languages import in_language


@dataclass(frozen=True, slots=True)
class Labels:
    """One language's words for changes.

    Attributes:
        acts: act -> subject, from ``{what}`` (functions), ``{file}`` and ``{old}``.
        rest, then: what stands behind it for the other files, where they were treated alike, and where not.
        sorts: act -> the same for one file in a list.
        numbers: words for 0, 1, 2 ...; digits from there on.
    """

    acts: Mapping[str, str]
    rest: str
    then: Mapping[str, str]
    sorts: Mapping[str, str]
    numbers: Sequence[str]
    one_file: str
    many_files: str
    one_other: str
    many_others: str
    both: str
    several: str
    more: str
    total: str
    why: str
    changed: str
    commits: str
    empty: str

    def files(self, number: int) -> str:
        """ "3 files"."""
        return (self.one_file if number == 1 else self.many_files).format(number)

    def others(self, number: int) -> str:
        """ "two other files"."""
        word = self.numbers[number] if number < len(self.numbers) else str(number)
        return (self.one_other if number == 1 else self.many_others).format(word)

    def names(self, names: Sequence[str]) -> str:
        """ "parse(), read() and 2 more"."""
        return self.both.join(names) if len(names) <= 2 else self.several.format(names[0], len(names) - 1)


def labels_for(language: str) -> Labels:
    """Labels in the language of the result; English where there are none."""
    return in_language(_LABELS, language)


_LABELS = {
    "en": Labels(
        acts={
            "add": "Add {file}",
            "remove": "Remove {file}",
            "rename": "Rename {old} to {file}",
            "change": "Change {file}",
            "add in": "Add {what} to {file}",
            "remove in": "Remove {what} from {file}",
            "change in": "Change {what} in {file}",
        },
        rest=" and {}",
        then={"add": ", add {}", "remove": ", remove {}", "rename": ", rename {}", "change": ", change {}"},
        sorts={
            "add": "new",
            "remove": "removed",
            "rename": "renamed from {old}",
            "change": "changed",
            "add in": "{what} added",
            "remove in": "{what} removed",
            "change in": "{what} changed",
        },
        numbers=("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        one_file="{} file",
        many_files="{} files",
        one_other="{} other file",
        many_others="{} other files",
        both=" and ",
        several="{} and {} more",
        more="and {} more files",
        total="{} changed, +{} -{} lines",
        why="[To fill: why this is changed]",
        changed="What changed",
        commits="Commits",
        empty="[To fill: subject line]",
    ),
    "ja": Labels(
        acts={
            "add": "{file} を追加",
            "remove": "{file} を削除",
            "rename": "{old} を {file} に改名",
            "change": "{file} を変更",
            "add in": "{file} に {what} を追加",
            "remove in": "{file} から {what} を削除",
            "change in": "{file} の {what} を変更",
        },
        rest="（{}も）",
        then={"add": "、{}を追加", "remove": "、{}を削除", "rename": "、{}を改名", "change": "、{}を変更"},
        sorts={
            "add": "新規",
            "remove": "削除",
            "rename": "{old} から改名",
            "change": "変更",
            "add in": "{what} を追加",
            "remove in": "{what} を削除",
            "change in": "{what} を変更",
        },
        numbers=(),
        one_file="{}ファイル",
        many_files="{}ファイル",
        one_other="ほか{}ファイル",
        many_others="ほか{}ファイル",
        both=" と ",
        several="{} ほか{}か所",
        more="ほか{}ファイル",
        total="{}を変更、+{} -{} 行",
        why="［要記入：変更の理由］",
        changed="変更点",
        commits="コミット",
        empty="［要記入：件名］",
    ),
}
