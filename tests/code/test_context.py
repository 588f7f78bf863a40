"""What of the repository is shown beside a change, in several languages, with tree-sitter and without."""

from __future__ import annotations

import random
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from changes import Made, changed
from hypothesis import given
from hypothesis import strategies as st
from secretmaker import TOKENS

from contentkit.code.around import grammars, indented
from contentkit.code.around.imports import imports, paths
from contentkit.code.around.outline import outline
from contentkit.code.around.snippets import Snippet
from contentkit.code.around.tree import Tree
from contentkit.code.chunks import chunks
from contentkit.code.masking import hider
from contentkit.core.change import FileChange


def around(
    path: str,
    before: str | None,
    after: str | None,
    budget: int = 4000,
    lines: int = 0,
    tree: dict[str, str] | None = None,
) -> tuple[Snippet, ...]:
    file = changed(path, before, after, lines)
    return asked(file, budget, Made(file, tree=tree))


def asked(file: FileChange, budget: int, change: Made) -> tuple[Snippet, ...]:
    found = chunks(file, change, size=len, budget=100_000, context=budget, hide=hider(file))
    return tuple(snippet for chunk in found for snippet in chunk.context)


def told(snippets: tuple[Snippet, ...]) -> dict[str, str]:
    """Reason -> lines, of all snippets of that reason."""
    found: dict[str, str] = {}
    for each in snippets:
        found[each.why] = f"{found[each.why]}\n{each.text}" if each.why in found else each.text
    return found


@pytest.fixture(params=["parser", "indentation"])
def reading(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Both ways to an outline. The first needs a grammar for all but Python."""
    grammars._parser.cache_clear()
    if request.param == "indentation":
        monkeypatch.setattr("contentkit.code.around.pysource.definitions", lambda text: None)
        monkeypatch.setattr("contentkit.code.around.grammars.definitions", lambda suffix, text: None)
    yield request.param
    grammars._parser.cache_clear()


def needs(reading: str, grammar: str) -> None:
    if reading == "parser" and not find_spec(f"tree_sitter_{grammar}"):
        pytest.skip(f"tree-sitter's grammar of {grammar} is not installed")


# -- Python ---------------------------------------------------------------------------------------------------------

PYTHON = '''\
import json
import os.path as p
from .prices import (
    price,
    vat,
)
from typing import Any


@register
class Basket(Base):
    """What a customer wants."""

    limit = 10

    def total(
        self,
        items: list[str],
        factor: float = 1.0,
    ) -> float:
        result = 0.0
        for item in items:
            result += 1
        return result * factor

    def clear(self) -> None:
        self.items = []


def show(basket: Basket) -> None:
    print(basket.total([]))
'''
PRICES = "RATE = 0.2\n\n\ndef price(item):\n    return 3 * RATE\n\n\ndef vat(amount):\n    return amount * RATE\n"


def test_python(reading: str) -> None:
    after = PYTHON.replace("result += 1", "result += price(item)")
    found = told(
        around("shop/basket.py", PYTHON, after, tree={"shop/prices.py": PRICES, "prices.py": "def price(): 0"})
    )
    assert found["encloses the change: Basket"].split("\n")[-1] == "class Basket(Base):"
    assert (
        found["encloses the change: total"]
        == after[after.index("    def total") : after.index("            result +=")] + "        return result * factor"
    )
    assert found["called: price"] == "def price(item):\n    return 3 * RATE"
    assert found["imported"] == "from .prices import (\n    price,\n    vat,\n)"
    assert len(found) == 4


def test_what_the_question_shows_is_not_told_again() -> None:
    after = PYTHON.replace("result += 1", "result += price(item)")
    found = told(around("shop/basket.py", PYTHON, after, lines=4))
    assert "for item in items" not in found["encloses the change: total"]
    assert "imported" in found
    everything = around("shop/basket.py", None, PYTHON)
    assert not everything


def test_callers_of_a_function_whose_signature_changed(reading: str) -> None:
    after = PYTHON.replace("items: list[str],", "items: list[str], *,")
    tree = {
        "shop/till.py": "def pay(b):\n    # b.total() is fine\n    return b.total(['x'], 2)\n",
        "z.py": "subtotal(1)\n",
    }
    found = told(around("shop/basket.py", PYTHON, after, tree=tree))
    calls = found["calls total, whose signature changed"]
    assert "print(basket.total([]))" in calls
    assert "return b.total(['x'], 2)" in calls
    assert "subtotal" not in calls


def test_callers_of_a_function_that_is_gone() -> None:
    after = PYTHON.replace("    def clear(self) -> None:\n        self.items = []\n", "")
    tree = {"shop/till.py": "def pay(b):\n    b.clear()\n"}
    assert (
        "b.clear()" in told(around("shop/basket.py", PYTHON, after, tree=tree))["calls clear, whose signature changed"]
    )
    deleted = told(around("shop/basket.py", PYTHON, None, tree=tree))
    assert "b.clear()" in deleted["calls clear, whose signature changed"]


def test_a_changed_body_asks_for_no_callers() -> None:
    assert not any("calls" in why for why in told(around("b.py", PYTHON, PYTHON.replace("result += 1", "result += 2"))))


def test_a_method_of_its_own_is_found_and_one_of_many_is_not() -> None:
    after = PYTHON.replace("self.items = []", "self.items = []\n        self.total([])")
    assert "called: total" in told(around("b.py", PYTHON, after))
    many = after + "".join(f"class C{at}:\n    def total(self):\n        pass\n" for at in range(3))
    assert "called: total" not in told(around("b.py", PYTHON, many.replace("x", "x")))


def test_a_long_function_is_shown_near_the_change() -> None:
    body = "".join(f"    step({at})\n" for at in range(200))
    before = f"def work():\n{body}"
    (head, near, *_) = around("a.py", before, before.replace("step(100)", "step(-100)"))
    assert (head.line, head.text) == (1, "def work():")
    assert (near.line, near.text.count("\n")) == (90, 11)


def test_a_file_that_does_not_parse_is_read_by_its_indentation() -> None:
    broken = "def one(:\n    a = 1\n    b = 2\n\n\nprint 'two'\n"
    found = told(around("a.py", broken, broken.replace("b = 2", "b = 3")))
    assert found["encloses the change: one"] == "def one(:\n    a = 1"


def test_a_secret_around_the_change_is_hidden() -> None:
    token, other = (TOKENS["github"](random.Random(seed)) for seed in (1, 2))
    before = f"from b import use\ndef f():\n    t = '{token}'\n    a = 1\n"
    tree = {"b.py": f"def use(t='{other}'):\n    return t\n"}
    snippets = around("a.py", before, before.replace("a = 1", "a = use()"), tree=tree)
    text = "\n".join(each.text for each in snippets)
    assert "t = '[secret-1:github-token]'" in text
    assert "def use(t='[secret:github-token]')" in text
    assert token not in text


# -- others ---------------------------------------------------------------------------------------------------------

TYPESCRIPT = """\
import type { Item } from './types'
import { rate, sum as add } from '../lib/money'
import * as fs from 'fs'

export interface Options {
  limit: number
}

export class Basket {
  private items: Item[] = []

  constructor(private options: Options) {
    this.items = []
  }

  async total(factor = 1): Promise<number> {
    if (factor < 0) {
      throw new Error('no')
    }
    return 0
  }
}

export const show = async (basket: Basket) => {
  const total = await basket.total()
  console.log(total)
}

export function last(items: Item[]) {
  return items[0]
}
"""
MONEY = "export const rate = 2\n\nexport function sum(items) {\n  return items.length\n}\n"


def test_typescript(reading: str) -> None:
    needs(reading, "typescript")
    after = TYPESCRIPT.replace("return 0\n", "return add(this.items) * factor\n")
    found = told(around("src/shop/basket.ts", TYPESCRIPT, after, tree={"src/lib/money.js": MONEY, "money.ts": MONEY}))
    assert found["imported"] == "import { rate, sum as add } from '../lib/money'"
    assert found["encloses the change: Basket"].split("\n")[-1].strip() in ("export class Basket {",)
    assert found["encloses the change: total"].startswith(
        "  async total(factor = 1): Promise<number> {\n    if (factor < 0) {"
    )
    assert found["called: add"] == "export function sum(items) {\n  return items.length\n}"


def test_typescript_arrow_functions_and_callers(reading: str) -> None:
    needs(reading, "typescript")
    after = TYPESCRIPT.replace("console.log(total)", "console.log(total + 1)")
    assert "encloses the change: show" in told(around("a.ts", TYPESCRIPT, after))
    renamed = TYPESCRIPT.replace(
        "export function last(items: Item[])", "export function last(items: Item[], at: number)"
    )
    found = told(
        around("src/a.ts", TYPESCRIPT, renamed, tree={"src/b.js": "const x = last(all)\n", "src/c.py": "last(1)\n"})
    )
    assert found["calls last, whose signature changed"].rstrip() == "const x = last(all)"


GO = """\
package shop

import (
\t"fmt"

\tm "example.com/app/money"
\t"example.com/app/tax/v2"
)

type Basket struct {
\titems []int
}

// Total is what is to be paid.
func (b *Basket) Total(factor int) (int, error) {
\tif factor < 0 {
\t\treturn 0, fmt.Errorf("no")
\t}
\treturn 0, nil
}

func show(b Basket) {
\tfmt.Println(b.Total(1))
}
"""


def test_go(reading: str) -> None:
    needs(reading, "go")
    after = GO.replace("\treturn 0, nil\n", "\treturn m.Sum(b.items) * rate(factor), nil\n")
    tree = {
        "money/sum.go": "package money\n\n// Sum adds.\nfunc Sum(items []int) int {\n\treturn len(items)\n}\n",
        "shop/rates.go": "package shop\n\nfunc rate(factor int) int {\n\treturn 2\n}\n",
        "other/rates.go": "package other\n\nfunc rate() {}\n",
    }
    found = told(around("shop/basket.go", GO, after, tree=tree))
    assert found["imported"] == '\tm "example.com/app/money"'
    assert found["encloses the change: Total"].startswith(
        "func (b *Basket) Total(factor int) (int, error) {\n\tif factor < 0 {"
    )
    assert found["called: Sum"] == "func Sum(items []int) int {\n\treturn len(items)\n}"
    assert found["called: rate"] == "func rate(factor int) int {\n\treturn 2\n}"


JAVA = """\
package shop;

import java.util.List;

public class Basket {
    private final List<Item> items;

    public Basket(List<Item> items) {
        this.items = items;
    }

    @Override
    public int total(final int factor) throws ShopException {
        int sum = 0;
        for (Item item : items) {
            sum += 1;
        }
        return sum;
    }
}
"""


def test_java(reading: str) -> None:
    needs(reading, "java")
    after = JAVA.replace("sum += 1;", "sum += Prices.of(item);")
    tree = {"src/shop/Prices.java": "class Prices {\n    static int of(Item item) {\n        return 2;\n    }\n}\n"}
    found = told(around("src/shop/Basket.java", JAVA, after, tree=tree))
    assert "public class Basket {" in found["encloses the change: Basket"]
    assert "int sum = 0;" in found["encloses the change: total"]
    assert found["called: of"] == "    static int of(Item item) {\n        return 2;\n    }"


@pytest.mark.parametrize(
    ("suffix", "grammar", "text", "name", "last"),
    [
        (".rs", "rust", "impl Basket {\n    pub fn total(&self) -> u32 {\n        0\n    }\n}\n", "total", 4),
        (".c", "c", "static int\ntotal(void)\n{\n\treturn 0;\n}\n\nint last(void) {\n\treturn 1;\n}\n", "last", 9),
        (".cpp", "cpp", "int Basket::total(int a) const {\n  return 0;\n}\n", "", 3),
        (".rb", "ruby", "class Basket\n  def total(a)\n    0\n  end\nend\n", "total", 4),
        (".php", "php", "<?php\nclass A {\n    public function total() {\n        return 0;\n    }\n}\n", "total", 5),
        (".cs", "c_sharp", "class Basket {\n    public int Total(int a) {\n        return 0;\n    }\n}\n", "Total", 4),
        (".js", "javascript", "exports.total = function (a) {\n  return 0\n}\n", "total", 3),
        (".jsx", "javascript", "const Total = ({ a }) => {\n  return <b>{a}</b>\n}\n", "Total", 3),
    ],
)  # fmt: skip
def test_outlines(reading: str, suffix: str, grammar: str, text: str, name: str, last: int) -> None:
    needs(reading, grammar)
    found = outline(f"a{suffix}", text).definitions
    assert any(name in each.name and each.last == last for each in found), found


def test_definitions_know_what_they_stand_in() -> None:
    text = "class A:\n    def f(self):\n        def g():\n            pass\n        return g\n\n    x = 1\n\n\ny = 2\n"
    known = outline("a.py", text)
    assert [each.name for each in known.around(4)] == ["A", "f", "g"]
    assert [each.name for each in known.around(5)] == ["A", "f"]
    assert [each.name for each in known.around(7)] == ["A"]
    assert known.around(10) == []


@pytest.mark.parametrize(
    ("path", "text", "name", "tree", "found"),
    [
        ("pkg/a.py", "from .b import c", "c", ["pkg/b.py", "b.py"], ["pkg/b.py"]),
        ("pkg/sub/a.py", "from ..b import c", "c", ["pkg/b.py", "pkg/sub/b.py"], ["pkg/b.py"]),
        ("pkg/a.py", "from . import b", "b", ["pkg/__init__.py", "pkg/b.py"], ["pkg/b.py", "pkg/__init__.py"]),
        ("a.py", "from pkg.b import c", "c", ["src/pkg/b.py", "pkg/b.pyc", "xpkg/b.py"], ["src/pkg/b.py"]),
        ("a.py", "import pkg.b as m", "m", ["pkg/b/__init__.py"], ["pkg/b/__init__.py"]),
        ("a.py", "from ....b import c", "c", ["b.py"], ["b.py"]),
        ("s/a.ts", "import d from './b.js'", "d", ["s/b.ts", "b.js"], ["s/b.ts"]),
        ("s/a.js", "const { x: y } = require('../b')", "y", ["b/index.js"], ["b/index.js"]),
        ("s/a.js", "import x from 'b'", "x", ["b.js"], []),
        ("s/a.js", "import x from '../../../../etc/passwd'", "x", ["etc/passwd"], []),
        ("c/a.go", 'import "example.com/app/v2/money"', "money", ["money/b.go", "money/b_test.go"], ["money/b.go"]),
        ("c/A.java", "import shop.Prices;", "Prices", ["s/shop/Prices.java"], ["s/shop/Prices.java"]),
    ],
)
def test_where_imports_lead(path: str, text: str, name: str, tree: list[str], found: list[str]) -> None:
    (told,) = imports(path, text + "\n")
    assert name in told.names
    assert paths(path, told, name, Tree(tree)) == found


def test_files_near_by_come_first() -> None:
    tree = Tree(["a.py", "x/b.py", "x/y/c.py", "x/y/d.py", "x/y/z/e.py", "x/yy/f.py", "x/y/g.go", "w/h.py"])
    assert tree.near("x/y/d.py", (".py",), 9) == ["x/y/c.py", "x/y/z/e.py", "x/b.py", "x/yy/f.py", "a.py", "w/h.py"]
    assert tree.near("x/y/d.py", (".py",), 2) == ["x/y/c.py", "x/y/z/e.py"]
    assert tree.near("new.py", (".py", ".go"), 3) == ["a.py", "w/h.py", "x/b.py"]
    assert tree.folder("x/y", ".py") == ["x/y/c.py", "x/y/d.py"]
    assert tree.folder("", ".py") == ["a.py"]


def test_a_file_is_read_once_for_all_files_of_a_change() -> None:
    files = [changed(f"m{at}.py", "def compute(a):\n    pass\n", "def compute(a, b):\n    pass\n") for at in range(5)]
    change = Made(*files, tree={"user.py": "compute(1)\n"})
    for file in files:
        assert "calls compute, whose signature changed" in told(asked(file, 2000, change))
    assert change.read.count("user.py") == 1


# -- bounds ---------------------------------------------------------------------------------------------------------


def test_context_stays_in_its_budget() -> None:
    after = PYTHON.replace("result += 1", "result += price(item)")
    sizes = [
        sum(len(each.rendered("b.py")) for each in around("b.py", PYTHON, after, budget))
        for budget in range(0, 1200, 50)
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] == 0
    assert sizes[-1] > 300
    assert all(size <= budget for size, budget in zip(sizes, range(0, 1200, 50), strict=True))


def test_few_files_are_read_for_callers_however_large_the_repository() -> None:
    tree = {f"pkg{at % 50}/m{at}.py": f"def f{at}():\n    pass\n" for at in range(5000)}
    file = changed("pkg1/a.py", "def compute(a):\n    return 1\n", "def compute(a, b):\n    return 1\n")
    change = Made(file, tree=tree)
    asked(file, 2000, change)
    assert len(set(change.read)) <= 60
    assert "pkg1/m1.py" in change.read


def test_long_lines_around_a_change_are_cut_and_say_so() -> None:
    before = f"def f():\n    data = '{'x ' * 5000}'\n    a = 1\n    b = 1\n"
    (head, *_) = around("a.py", before, before.replace("b = 1", "b = 2"))
    assert head.text.endswith(" [...]\n    a = 1")
    assert len(head.text) < 400


def test_a_file_of_deep_nesting_is_no_danger() -> None:
    for text in ("(" * 100_000, "-" * 100_000 + "1", "[" * 5000 + "]" * 5000, "a." * 50_000 + "b", "if x:\n" * 300):
        for suffix in (".py", ".ts", ".go", ".java"):
            around(f"a{suffix}", "x = 1\n", f"x = 1\n{text}\n")


def test_imports_of_a_file_that_python_counts_otherwise_than_git_are_not_told() -> None:
    assert imports("a.py", "x = 1\rimport a\n") == []
    assert [found.first for found in imports("a.py", "x = 1\r\nimport a\n")] == [2]


CODE = st.lists(
    st.sampled_from(["def f(", "class A:", "}", ") {", "import a", "from . import b", "import {a} from './b'", "  ",
                     "func (x) y() {", "const f = (", "f(a, b)", "'", '"', "\\", "#", "//", "\r", "\x0c", "\ud800"])
    | st.text(max_size=6),
    max_size=30,
)  # fmt: skip


@given(CODE, CODE, st.sampled_from([".py", ".ts", ".js", ".go", ".java", ".rs", ".c", ".rb", ".txt", ""]))
def test_no_text_breaks_the_search_for_context(before: list[str], after: list[str], suffix: str) -> None:
    one, two = "\n".join(before), "".join(after)
    file = changed(f"d/a{suffix}", one, two)
    change = Made(file, tree={f"d/b{suffix}": one, "d/b.py": two})
    lines = len(two.split("\n"))
    for snippet in asked(file, 2000, change):
        assert snippet.line >= 1
        assert snippet.path != file.path or snippet.line + snippet.text.count("\n") <= lines
    for each in (outline(file.path, two).definitions, indented.definitions(one)):
        assert all(1 <= found.first <= found.head <= found.last for found in each)
