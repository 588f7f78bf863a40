"""Reports of reviews as values, for the tests of every format: plain ones, hostile ones, many findings."""

from __future__ import annotations

from hypothesis import strategies as st

from contentkit.core.chat import Finish, Usage
from contentkit.core.report import Covered, Edit, Finding, Place, Report, Severity

HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \u202eexe.fdp\u202c `tick` ``` ]]> --> <!-- x --> <img src=x "
    "onerror=alert(1)> ::error file=a::b ##[add-mask]x ##vso[task.setvariable]y %0A%25 a,b:c @team #12 !3 {0} "
    "[x](https://evil.example) "
    "https://evil.example www.evil.example &amp; \\n \u200b\ufeff\ufffe \ud800 \x00\x7f\x85\u2028| a |\n"
    "::add-mask::hidden\r\n/merge\n# heading\n- list\n```suggestion\nx\n```\n</details>"
)
PATHS = (
    "src/a b.py",
    "docs/日本語 「名」.md",
    "odd/new\nline.py",
    "odd/100%.py",
    "odd/c:d,e;f.py",
    "odd/`tick`.py",
    "odd/#hash?query&amp.py",
    "odd/<b>.py",
    "odd/\u202etxt.py",
    "odd/\udce9t\udce9.py",
)

CLEAN = Report(
    "review",
    "",
    fields={"change": "staged changes", "base": "1f0c", "head": "index", "files": 1, "added": 3, "deleted": 1,
            "analyzers": ["ruff", "secrets"], "lenses": [], "fail_on": "major"},
    coverage=(Covered("src/a.py @@ -1,4 +1,6 @@", "read"),),
    seconds=0.31,
    created="2026-11-21T12:00:00Z",
    id="c1",
)  # fmt: skip

MIXED = Report(
    "review",
    "Reads users from the table by *name* and keeps a list of them.\n\n- `find` is new\n- the cache goes away\n",
    fields={
        "change": "main...HEAD (3 commits)",
        "base": "1f0c", "head": "9ab2", "files": 5, "added": 120, "deleted": 33,
        "lenses": ["bugs", "security"], "analyzers": ["ruff", "secrets", "tests"],
        "hidden": {"suppressed": 1, "baseline": 12, "since": 0},
        "suppressed": [{"rule": "debug/print", "path": "src/cli.py", "line": 3, "reason": "it is the output"}],
        "anchors": {"dropped": 1, "demoted": 1, "relocated": 2},
        "fail_on": "major",
    },
    findings=(
        Finding(
            "security/injection",
            "The name goes into the SQL text as it is, so that a quote in it ends the string and what follows is run.",
            Severity.CRITICAL,
            Place("src/users.py", 42, 43, quote="    query = \"SELECT * FROM users WHERE name = '\" + name + \"'\"\n"
                  "    return db.execute(query).fetchall()"),
            "security", confidence=0.9, verified=True,
            scenario="find(\"x' OR '1'='1\") hands back every user.",
            edits=(Edit("src/users.py", 42, 43, '    query = "SELECT * FROM users WHERE name = ?"\n'
                        "    return db.execute(query, [name]).fetchall()\n"),),
            fingerprint="aa11",
        ),
        Finding(
            "ruff/F821", "Undefined name `cahce`", Severity.MAJOR,
            Place("src/users.py", 57, 57, 12, 17, quote="    return cahce.get(name)"), "bug", fingerprint="bb22",
        ),
        Finding(
            "bugs/guard", "The check for an empty list went away, and `names[0]` fails without it.", Severity.MAJOR,
            Place("src/names.py", 12, 13, side="LEFT", quote="    if not names:\n        return None"), "bug",
            confidence=0.7, verified=True, fingerprint="cc33",
        ),
        Finding(
            "bugs/race", "Two threads may both see the file missing.", Severity.MAJOR,
            Place("src/files.py", 8, quote="if not path.exists():"), "bug", confidence=0.4, verified=False,
            fingerprint="dd44",
        ),
        Finding(
            "design/size", "The file holds two things that change for different reasons.", Severity.MINOR,
            Place("src/users.py"), "maintenance", confidence=0.6, verified=True, fingerprint="ee55",
        ),
        Finding("tests/missing", "Python changed and no test did.", Severity.INFO, None, "tests", fingerprint="ff66"),
    ),
    coverage=(
        Covered("src/users.py @@ -40,4 +40,6 @@", "read"),
        Covered("src/users.py @@ -55,2 +57,3 @@", "read"),
        Covered("src/names.py @@ -10,6 +10,4 @@", "read"),
        Covered("src/files.py @@ -1,9 +1,9 @@", "failed", "bugs: no answer in time"),
        Covered("src/files.py @@ -30,2 +30,3 @@", "failed", "bugs: no answer in time"),
        Covered("package-lock.json", "skipped", "generated: a lock file"),
        Covered("logo.png", "skipped", "binary"),
    ),
    notices=("temperature was left out: the model takes default sampling only.",),
    usage=Usage(12034, 1820, 4000, 0, 300),
    cost=0.0421,
    model="anthropic:claude-sonnet-5-5",
    answered_by="claude-sonnet-5-5-20261001",
    sent_to="api.anthropic.com",
    created="2026-11-21T12:00:00Z",
    seconds=12.34,
    id="42",
)  # fmt: skip

EVIL = Report(
    "review",
    f"# Approved by @team\n\n{HOSTILE}\n\n[click](javascript:alert(1)) ![x](https://evil.example/p.png)\n/merge\n",
    fields={"change": HOSTILE, "files": len(PATHS), "analyzers": [HOSTILE], "lenses": [HOSTILE],
            "suppressed": [{"rule": HOSTILE, "path": PATHS[2], "line": 1, "reason": HOSTILE}]},
    findings=(
        *(
            Finding(
                "hidden/bidi", f"{HOSTILE} {number}", Severity.MAJOR,
                Place(path, number, quote=HOSTILE.split("\n")[0]), HOSTILE, scenario=HOSTILE, suggestion=HOSTILE,
                edits=(Edit(path, number, number, f"{HOSTILE}\n````\n"),), fingerprint="",
            )
            for number, path in enumerate(PATHS, 1)
        ),
        Finding("a b/c\"'<>&", "x" * 5000, Severity.MINOR, Place("long.js", 1, 1, 3001, 3005, quote="y" * 9000)),
        Finding("empty/message", "", Severity.MINOR, Place("", 1, 0)),
    ),
    coverage=(*(Covered(path, "failed", HOSTILE) for path in PATHS), Covered(HOSTILE, "skipped", HOSTILE)),
    notices=(HOSTILE,),
    model="ollama:" + HOSTILE,
    answered_by=HOSTILE,
    sent_to=HOSTILE,
    prompt=HOSTILE,
    created=HOSTILE,
    id=HOSTILE,
)  # fmt: skip

_GRADES = [Severity.CRITICAL] * 15 + [Severity.MAJOR] * 35 + [Severity.MINOR] * 150 + [Severity.INFO] * 100
MANY = Report(
    "review",
    "",
    fields={"change": "work tree", "files": 30, "added": 900, "deleted": 0, "analyzers": ["ruff"], "shown": 20},
    findings=tuple(
        Finding(
            f"ruff/E{number % 7:03}", f"Finding {number} is one of very many, and says so in a long sentence.",
            severity, Place(f"src/file{number % 30:02}.py", number + 1, quote=f"line = {number}"), "style",
            scenario="It was run.", fingerprint=f"f{number % 290}",
        )
        for number, severity in enumerate(_GRADES)
    ),
    coverage=tuple(
        Covered(f"src/file{number:02}.py @@ -1,1 +1,9 @@", *(("read", "") if number % 3 else ("skipped", "generated")))
        for number in range(30)
    ),
    seconds=2.0,
)  # fmt: skip

CUT = Report("review", "", model="openai:x", sent_to="api.openai.com", finish=Finish.CANCELLED,
             coverage=(Covered("a.py", "failed", "stopped"),), usage=Usage(10, 0, estimated=True))  # fmt: skip

REVIEWS = {"clean": CLEAN, "mixed": MIXED, "evil": EVIL, "many": MANY, "cut": CUT}

# Reviews of any text at all: what strangers may put into code, names and answers.
_words = st.text(st.characters(), max_size=40) | st.text(
    alphabet="a:%,\n\r[]()&<>'\"`#@-/ \x1b\x00\u202e|", max_size=30
)
_paths = _words.filter(lambda text: text.strip("/. ") != "" and not text.startswith("/"))
_finding = st.builds(
    Finding,
    rule=_words.filter(bool),
    message=_words.filter(lambda text: text.strip() != ""),
    severity=st.sampled_from(Severity),
    place=st.builds(
        Place,
        _paths,
        st.integers(1, 99),
        st.none() | st.integers(1, 200),
        st.none() | st.integers(1, 50),
        st.none() | st.integers(1, 50),
        st.sampled_from(["LEFT", "RIGHT"]),
        _words,
    ),
    category=_words,
    confidence=st.floats(0, 1),
    verified=st.none() | st.booleans(),
    scenario=_words,
    suggestion=_words,
    edits=st.lists(st.builds(Edit, _paths, st.integers(1, 9), st.integers(8, 9), _words), max_size=1).map(tuple),
    fingerprint=_words,
)
ANY = st.builds(
    Report,
    kind=st.just("review"),
    body=_words,
    fields=st.fixed_dictionaries({"change": _words, "analyzers": st.lists(_words, max_size=2)}),
    findings=st.lists(_finding, max_size=3).map(tuple),
    coverage=st.lists(
        st.builds(Covered, _words, st.sampled_from(["read", "skipped", "failed"]), _words), max_size=3
    ).map(tuple),
    notices=st.lists(_words, max_size=1).map(tuple),
    model=_words,
    finish=st.sampled_from(Finish),
)
