"""Whether a sentence can be shown away from its place, told by its words. Lists of phrases, a comma between them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """What one language says when a sentence leans on its neighbours.

    Attributes:
        refers: it can't stand without the one before.
        forward: it points to something that comes after it: a list, an example, a picture.
        leans: it can stand, but poorly: it adds to another, or only points elsewhere.
    """

    refers: re.Pattern[str]
    forward: re.Pattern[str]
    leans: re.Pattern[str]


def context_of(language: str) -> Context:
    """The lists of a language; English ones where there are none (they match nothing much in others)."""
    return _CONTEXTS.get(language, _CONTEXTS["en"])


def _phrases(text: str) -> str:
    phrases = [" ".join(phrase.split()) for phrase in text.split(",")]
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True) if phrase) or "(?!)"


def _spaced(starts: str, holds: str, more: str = r"(?!)") -> re.Pattern[str]:
    """For languages with spaces: phrases at the start or anywhere, as whole words."""
    return re.compile(rf"^\W*(?:{_phrases(starts)})\b|\b(?:{_phrases(holds)})\b|{more}", re.IGNORECASE)


def _tight(starts: str, holds: str, more: str = r"(?!)") -> re.Pattern[str]:
    """For languages that set none."""
    return re.compile(rf"^[「『（(\s]*(?:{_phrases(starts)})|{_phrases(holds)}|{more}")


_ENGLISH = Context(
    _spaced(
        """this, that, these, those, additional, it, it's, its, they, they're, them, their, he, she, his, her, such,
        however, but, and, so, also, therefore, thus, then, or, nor, yet, instead, similarly, likewise,
        otherwise, moreover, furthermore, additionally, consequently, hence, meanwhile, nevertheless,
        nonetheless, besides, here, which, who, whose, both, neither, either, even so, in addition,
        in other words, in fact, in this, in that, in these, in such, in both, in either, as a result, as such,
        as well, for example, for instance, on the other hand, on top of, because of, to do so, to do this,
        to that end, after that, at this, with this, with that, with these, by doing, doing so, if so, if not,
        no one of, one with, another, other, others, the same, the former, the latter, one of these,
        answering these, all of this, all of these, some of these, following, note, now, again, finally, first,
        second, third, next, lastly, of course, indeed, though, that's, what's more, plus, regardless,
        once you have, once you've, if all of this, afterwards, before that, until then, that way""",
        """above, mentioned, these two, these three, these four, these questions, these steps, these points,
        these labels, these rules, this section, this page, this post, this chapter, this article, this example,
        this case, this way, this approach, this rule, this system, this scheme, this idea, this problem,
        this solution, that case, said the""",
        r"^\W*(?:no|yes|well|still|true|sure|right|ok|okay)[,!.]",
    ),
    _spaced(
        "here's how, here's what, here's a, here's an",
        "below, as follows, the following, the next page, the next section, the next chapter, like this",
    ),
    _spaced(
        "see, check out, more on, read more",
        "also, too",
        r"\b(?:see|check out|head over|refer to|take a look|consult)\b.*\]\(|for example\.$",
    ),
)

_JAPANESE = Context(
    _tight(
        """これ, それ, あれ, ここ, そこ, こう, そう, その, あの, しかし, でも, だが, ですが, けれど,
        また, なお, さらに, つまり, 例えば, たとえば, なぜなら, 一方, ただし, ただ, だから, したがって,
        従って, よって, 次に, さて, では, すると, 同様に, そして, 彼, 上記, 上の, 前述, しかも,
        もちろん, 実際, すなわち, または, あるいは, もしくは, さもないと, 代わりに, 同じように, 他にも,
        ほかにも, 加えて, 最後に, 最終的に, まず, 第一に, 特に, とはいえ, どちらも, いずれも, 両方,
        心配, はい, いいえ, 詳しくは, むしろ, やがて, 今や, 今度は, もう一, どうやって, なので,
        ですので, ちなみに, というのも, もしそれ, もしそう, もしこれ, 通常、これ, 次は, おめでとう""",
        """上記, 前述, 先ほど, 上の例, このコード, この例, この種, このマークアップ, この構文, この宣言,
        このやり方, この場合, この方法, これらのこと, 参照してください, をご覧ください, そのような,
        そのとき, このような, こういった, そういった,
        は、それらの, は、これらの""",
        r"^[「『（(\s]*この(?!書籍|本|記事|文書|ドキュメント|ガイド|章|サイト|チュートリアル)",
    ),
    _tight(
        "",
        """以下の, 以下に, 以下は, 以下を, 以下が, 次のよう, 次のページ, 次のコード, 次の例,
        次のライセンス, 次の点, 次のとおり, 次の通り, 次のもの, 次の手順, 次の表, 次の図, 次のリスト, 次の方,
        次のフォーム, 下記, 後述""",
        r"次の[0-9０-９一二三四五]つ",
    ),
    _tight(
        "",
        "もまた, にもあります, ご確認ください, 購入できます, 歓迎しています, 見てください, 番です",
        r"(?:確認しましょう|してみましょう|おきましょう|気をつけてください|について(?:簡単に|詳しく)?(?:紹介|説明|解説)します)[。！]$",
    ),
)

_GERMAN = Context(
    _spaced(
        """das ist, das sind, das kann, das wird, das bedeutet, das heißt, das macht, dies, diese, dieser,
        dieses, diesen, diesem, jene, jener, jenes, es, er, sie ist, sie sind, sie kann, sie haben, sie hat,
        sie werden, damit, dadurch, deshalb, daher, darum, dabei, dazu, davon, dafür, danach, daraus, dort,
        hier, außerdem, allerdings, jedoch, aber, und, oder, auch, so, dann, denn, doch, trotzdem, dennoch,
        somit, folglich, stattdessen, andererseits, einerseits, zum beispiel, beispielsweise, wenn nicht,
        solche, letztere, erstere, ebenso, ferner, zudem, weiterhin, schließlich, bitte, siehe, in diesem,
        in diesen, mit diesem, mit dieser, auf diese, manche von, egal ob, ihre, ihr, sein, seine, wenn dies,
        wenn es, ja, nein, sei es""",
        "oben, dahin, dorthin, diese fragen, diese beispiele, diesem fall, diese schritte, diesem abschnitt",
    ),
    _spaced("", "unten, im folgenden, folgende, folgender, folgendes, folgenden, wie folgt, nächste seite"),
    _spaced("", "auch, ebenfalls, siehe, finden sie, sehen sie"),
)

_CONTEXTS = {"en": _ENGLISH, "ja": _JAPANESE, "de": _GERMAN}
