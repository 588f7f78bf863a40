"""Where a narration is cut, how its lines are broken, and when each cue stands.

Words are put into cues by the least cost of all breaks; the time of a row is then shared out by what is said, and by
what must be read. Nothing overlaps, nothing outlasts the film, and no word is lost, however much is said in however
little time: ``faults`` tells where the rules can't be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from contentkit.core.captions.atoms import Atom, atoms
from contentkit.core.captions.rules import GAP, LONGEST, SHORTEST, Rules, rules_of, width
from contentkit.core.film import Scene
from contentkit.core.spoken import seconds

# Costs: of a cue at all, of a sentence that ends within one, of one hardly filled, of one that is a short exclamation.
_EACH, _INSIDE, _SHORT, _EXCLAIMED = 10, 12, 40, 20


@dataclass(frozen=True, slots=True)
class Cue:
    """What stands on the screen at one time.

    Attributes:
        start, end: milliseconds from the start of the film.
        lines: of text.
        scene: number of the row that it belongs to.
        size: characters, as the rules of its language count them.
    """

    start: int
    end: int
    lines: tuple[str, ...]
    scene: int
    size: float


@dataclass(frozen=True, slots=True)
class _Text:
    """A cue without its time. ``said``: seconds that it takes to say it."""

    lines: tuple[str, ...]
    size: float
    said: float


def cues(scenes: Sequence[Scene], language: str) -> tuple[Cue, ...]:
    """The subtitles of the narration, in order."""
    rules = rules_of(language)
    speaking = [scene for scene in scenes if scene.spoken]
    end = max((scene.end for scene in scenes), default=0.0)
    found: list[Cue] = []
    for number, scene in enumerate(speaking):
        until = speaking[number + 1].start if number + 1 < len(speaking) else end
        room = round(until * 1000) - round(scene.start * 1000)
        texts = _fewer(_cut(scene.spoken, language, rules), max(1, room // 2))
        found += _timed(texts, round(scene.start * 1000), room, scene.number, rules)
    return tuple(found)


def _cut(text: str, language: str, rules: Rules) -> list[_Text]:
    line = atoms(text, language, rules)
    found = []
    for part in _parts(line, rules):
        lines = _lines(part, rules)
        words = _joined(part)
        found.append(_Text(lines, width(words, rules), seconds(words, language)))
    return found


def _parts(line: Sequence[Atom], rules: Rules) -> list[Sequence[Atom]]:
    """The atoms in cues: the cheapest way to cut them so that each fits two lines."""
    space = width(" ", rules)
    behind = [space if atom.glue else 0.0 for atom in line]
    ends = [0.0, *accumulate(atom.size + gap for atom, gap in zip(line, behind, strict=True))]
    reach = _reach(ends, behind, rules)
    fair = min(rules.line, rules.most / 2) / 2
    best: list[tuple[float, int]] = [(0.0, 0)]
    for stop in range(1, len(line) + 1):
        options = []
        inside = 0
        for start in range(stop - 1, -1, -1):
            size = ends[stop] - ends[start] - behind[stop - 1]
            fits = size <= rules.most and (reach[start] >= stop or reach[reach[start]] >= stop)
            if not fits and start < stop - 1:
                break
            whole = start == 0 or line[start - 1].cost == 0
            whole = whole and line[stop - 1].cost == 0
            short = (_EXCLAIMED * (size < fair / 2) if whole else _SHORT) if size < fair else 0
            cost = _EACH + short + _INSIDE * inside + (line[stop - 1].cost if stop < len(line) else 0)
            options.append((best[start][0] + cost, start))
            inside += start > 0 and line[start - 1].cost == 0
        best.append(min(options))
    parts: list[Sequence[Atom]] = []
    stop = len(line)
    while stop:
        parts.append(line[best[stop][1] : stop])
        stop = best[stop][1]
    return parts[::-1]


def _reach(ends: Sequence[float], behind: Sequence[float], rules: Rules) -> list[int]:
    """How far a line goes that begins at each atom; the last entry is for the end itself.

    Args:
        ends: width of the text up to each atom; ``behind``: of what stands between an atom and the next.
    """
    found, stop = [], 0
    for start in range(len(behind)):
        stop = max(stop, start + 1)
        while stop < len(behind) and ends[stop + 1] - ends[start] - behind[stop] <= rules.line:
            stop += 1
        found.append(stop)
    return [*found, len(behind)]


def _lines(part: Sequence[Atom], rules: Rules) -> tuple[str, ...]:
    """One line if it fits, else the two that break best and are most alike, the lower one rather the longer."""
    whole = _joined(part)
    if width(whole, rules) <= rules.line or len(part) < 2:
        return (whole,)
    choices = []
    for at in range(1, len(part)):
        upper, lower = _joined(part[:at]), _joined(part[at:])
        sizes = width(upper, rules), width(lower, rules)
        over = max(0.0, max(sizes) - rules.line)
        slant = (sizes[0] - sizes[1]) / rules.line
        cost = part[at - 1].cost + 45 * abs(slant) + (5 if slant > 0 else 0)
        choices.append((over, cost, at, upper, lower))
    return min(choices)[3:]


def _joined(part: Sequence[Atom]) -> str:
    return "".join(f"{atom.text}{atom.glue}" for atom in part).rstrip(" ")


def _fewer(texts: list[_Text], most: int) -> list[_Text]:
    """At most so many cues, with more lines than there should be: a row of a second can't hold a thousand."""
    if len(texts) <= most:
        return texts
    step = -(-len(texts) // most)
    groups = [texts[at : at + step] for at in range(0, len(texts), step)]
    return [
        _Text(
            tuple(line for text in group for line in text.lines),
            sum(text.size for text in group),
            sum(text.said for text in group),
        )
        for group in groups
    ]


def _timed(texts: Sequence[_Text], start: int, room: int, scene: int, rules: Rules) -> list[Cue]:
    """The cues of one row, one after the other from ``start``, within ``room`` milliseconds."""
    found = []
    for text, slot in zip(texts, _slots(texts, room, rules), strict=True):
        gap = min(GAP, slot // 2)
        found.append(Cue(start, start + min(slot - gap, LONGEST), text.lines, scene, text.size))
        start += slot
    return found


def _slots(texts: Sequence[_Text], room: int, rules: Rules) -> list[int]:
    """Milliseconds for each cue and the gap behind it: as long as it is spoken, longer where it could not be read
    else."""
    read = [min(max(SHORTEST, -int(-text.size * 1000 // rules.per_second)), LONGEST) + GAP for text in texts]
    wished = [max(least, int(text.said * 1000)) for least, text in zip(read, texts, strict=True)]
    if sum(wished) <= room:
        return wished
    floor = [min(SHORTEST + GAP, room // len(texts))] * len(texts)
    least = read if sum(read) <= room else floor
    more = wished if sum(read) <= room else [max(low, need) for low, need in zip(floor, read, strict=True)]
    spare, over = room - sum(least), sum(more) - sum(least)
    return [low + (high - low) * spare // over if over else low for low, high in zip(least, more, strict=True)]
