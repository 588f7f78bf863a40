"""Which of ruff's rules matter in a review, and how much: bugs and security, no style.

Where a project selects rules itself its selection holds, and what is not named here is style: info.
"""

from __future__ import annotations

from functools import lru_cache

from contentkit.core.report import Severity

# severity | category | rules; the longest beginning of a rule that stands here decides.
_TABLE = """
major bug         F502 F503 F505 F506 F507 F508 F509 F501 F524 F521 F525 F601 F602 F621 F622 F631 F632 F634
major bug         F701 F702 F704 F706 F707 F821 F822 F823 F901
major bug         B002 B003 B016 B020 B025 B029 B030 B031 B035
major bug         PLE PLW0133 PLW0129 PLW0177 RUF016 RUF026 RUF032 LOG014 G101 PLW1501 PLW2101
major security    S201 S501 S502 S503 S504 S505 S506 S507 S323 S701
minor bug         F402 F404 F504 F522 F523 F633 F702 F722 F811
minor bug         B909
minor bug         B B005 B006 B008 B011 B012 B015 B018 B021 B022 B023 B026 B032 B033 B034 B039 B911
minor bug         PLE0704
minor bug         PLW0127 PLW0128 PLW0131 PLW0211 PLW0245 PLW0406 PLW0604 PLW0711 PLW1508 PLW1509 PLR0124 E711 W605
minor bug         ASYNC RUF006 RUF008 RUF009 RUF018 RUF024 RUF027 RUF030 RUF034 RUF040 RUF049 RUF060 PIE794 PIE796
minor bug         SIM220 SIM221 SIM222 SIM223 YTT INT LOG001 LOG009 FAST003
minor security    S S102 S103 S113 S202 S301 S302 S306 S307 S324 S602 S604 S605 S609 S610 S611 S612 S702 S704
info  maintenance F F401 F403 F405 F541 F841 F842
info  bug         B904 B905 B017 B019 B007 B009 B010 B024 B027 B028 B013 B014 B901 S101
info  bug         ASYNC109 ASYNC110 ASYNC230 ASYNC240
info  security    S608 S104 S105 S106 S107 S108 S110 S112 S310 S311 S314 S317 S318 S603 S606 S607
"""

_SELECTED = """
    F E711 E902 W605
B002 B003 B005 B006 B011 B012 B015 B016 B018 B020 B021 B022 B023 B025 B026 B029 B030 B031 B032 B033 B034 B035 B039
PLE PLW0127 PLW0128 PLW0129 PLW0131 PLW0133 PLW0177 PLW0211 PLW0245 PLW0406 PLW0604 PLW0711 PLW1501 PLW1508 PLW1509
PLW2101 PLR0124
S102 S103 S113 S201 S202 S301 S302 S306 S307 S323 S324 S501 S502 S503 S504 S505 S506 S507 S602 S604 S605 S608 S609
S610 S611 S612 S701 S702 S704
ASYNC100 ASYNC210 ASYNC220 ASYNC221 ASYNC222 ASYNC251
RUF006 RUF008 RUF009 RUF016 RUF018 RUF024 RUF026 RUF030 RUF032 RUF034 RUF040 RUF049 RUF060
B909 RUF027 LOG001 LOG009 LOG014 G101 PIE794 PIE796 SIM220 SIM221 SIM222 SIM223 YTT INT FAST003
"""
SELECT = tuple(_SELECTED.split())
"""Our selection, where the project has none. B909 and RUF027 are in preview, so that is on, for rules named in full."""

_NOT_IN_TESTS = ("S", "B011", "B015", "B017", "B018", "F841", "PLR0124", "ASYNC", "PLW0127", "PLW0177", "SIM")
"""What tests do on purpose: comparing a value with itself, calling shells, reading attributes for their effect."""

NOT_HERE = frozenset({"I001", "INP001", "EXE001", "EXE002", "E902", "RUF100", "RUF102", "TC001", "TC002"})
"""What depends on files that are not laid out, or on the other rules that a project's own run has."""

_KNOWN = {rule: (Severity(words[0]), words[1]) for line in reversed(_TABLE.strip().split("\n"))
          if (words := line.split()) for rule in words[2:]}  # fmt: skip


@lru_cache(maxsize=2048)
def weight(code: str) -> tuple[Severity, str]:
    """Severity and category of a rule."""
    for length in range(len(code), 0, -1):
        beginning = code[:length]
        if beginning in _KNOWN and (length == len(code) or code[length].isdigit()):
            return _KNOWN[beginning]
    return Severity.INFO, "style"


def unasked(code: str) -> bool:
    """Whether our own selection leaves it out though a group of rules holds it: star imports are seldom a fault."""
    return code in ("F403", "F405", "F722")


def done_on_purpose(code: str) -> bool:
    """Whether tests do this on purpose."""
    return any(code.startswith(rule) and (code == rule or code[len(rule)].isdigit()) for rule in _NOT_IN_TESTS)
