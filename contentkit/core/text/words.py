"""Lists of words that language work needs, and the terms that stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ABBREVIATIONS = {
    "any": """
a.m al approx apr aug ca capt cf ch co col corp dec dept dr e.g ed eds est feb fig figs gen hon i.e inc jan jr
jul jun lt ltd mar messrs mlle mme mr mrs ms no nos nov oct p.m pp prof rev sec sep sept sgt sr st viz vol vs
""",
    "de": """
abs allg art bd bspw bzw ca d d.h dipl einschl entspr evtl exkl geb gem ggf hrsg ing inkl insb jh lt max min
mind mio mrd nr o.ä s sog str tel u u.a u.u u.ä usw v.a vgl z z.b z.t zzgl
""",
    "fr": """
art av bd cf chap env etc ex m mm mme p éd
""",
    "es": """
art dr dra ej etc núm pág sr sra srta ud uds
""",
    "it": """
art avv dott ecc es ing pag sig
""",
    "nl": """
bijv blz bv d.w.z dhr enz mevr nr o.a
""",
}

# Words that tell nothing of what a text is about; in Japanese, runs of characters that are not particles.
_STOPWORDS = {
    "en": """
a able about above across after again against all almost also although always am among an and another any anyone
anything are around as at available away based be became because become been before being below between both but
by came can can't cannot come could did different do does doesn't doing don don't done down during each either
else enough even ever every everyone everything example examples few find first following for from get gets
getting give go goes going good got great had has have having he help her here hers him his how however i i'm
i've if in into is isn isn't it it's its itself just keep kind know last least less let let's like likely long
look lot made make makes making many may maybe me might mine more most much must my myself need needs never new
no none nor not nothing now of off often on once one ones only onto or other others otherwise our ours out over
own part people per perhaps please put quite rather re really right said same say see seem seems set several
shall she should since so some someone something sometimes soon still such sure take than that that's the their
theirs them themselves then there there's therefore these they they're thing things think this those though
through thus  to together too toward try two under until up upon us use used useful using usually ve very
want was way ways we we're well went were what when where whether which while who whole whom whose why will with
within without won won't would yes yet you you'll you're you've your yours yourself
""",
    "de": """
ab aber alle allem allen aller alles als also am an andere anderen anderer anderes art auch auf aus außerdem bei
beim beispiel bereits bin bis bist bitte da dabei dadurch dafür dagegen daher damit danach dann daran darauf
darum das dass davon dazu dein dem den denen denn der deren des deshalb dessen die dies diese diesem diesen
dieser dieses dinge doch dort du durch eher ein eine einem einen einer eines einfach einige einigen er es etwa
etwas euch euer fall finden für ganz geben gegen gibt gute guten habe haben hat hatte hatten hier ihm ihn ihnen
ihr ihre ihrem ihren ihrer ihres im immer in indem ins ist ja jede jedem jeden jeder jedes jemand jetzt kann
kein keine keinen keiner können könnte könnten leute machen man manche manchen manchmal mehr mein meine menschen
mit muss möchte möchten möglich müssen nach nachdem neue neuen nicht nichts noch nun nur ob obwohl oder oft ohne
schon sehr sein seine seinem seinen seiner selbst sich sie sind so sogar solche solchen sollte sollten sondern
sowie teil um und uns unser unsere unter viel viele vielen vielleicht vom von vor wann war waren warum was wegen
weil weise weiter weitere weiteren welche welchen welcher wenn wer werden wie wieder will wir wird wo wollen
worden wurde wurden während zeit zu zum zur zwischen
""",
    "fr": """
alors au aucun aussi autre aux avant avec avoir bon car ce cela ces cet cette chaque ci comme comment dans de
des donc dont du dès elle elles en encore entre est et eux faire fait fois il ils je la le les leur leurs lui ma
mais mes moi moins mon même ne ni nos notre nous on ou où par pas peut plus pour pourquoi quand que quel quelle
qui sa sans se ses si son sont sous sur ta te tes toi ton tous tout toute toutes très tu un une vos votre vous
être
""",
    "es": """
a al algo ante antes aquí como con cual cuando de del desde donde dos el ella ellas ellos en entre era es esa
ese eso esta estas este esto estos está están fue ha hace hacer han hasta hay la las le les lo los me mi
mientras muy más no nos o otra otro para pero por porque puede que quien qué se según ser si sin sobre son su
sus también tanto te tiene todo todos tu un una uno unos y ya yo
""",
    "ja": """
これら それら ため つ コト モノ 一 一つ 一方 一番 一部 三 上 上記 下 下記 中 事 二 人 人々 今 今回 今日 仕様 他
以上 以下 以前 以外 以降 何 作成 使用 例 個 僕 全 全て 全体 公開 内容 利用 前 前提 参照 可能 同様 問題 回 基本
場合 変化 変更 多く 大切 存在 実際 対応 対象 少し 常 年 形 彼 彼ら 彼女 後 必要 思 性 意味 我々 所 手 提供 方
方法 日 時 時間 普通 更新 最初 最後 最近 月 本当 様 次 点 為 物 特定 特徴 現在 理由 理解 的 皆 皆さん 目 目的
確認 私 種類 等 簡単 紹介 自分 自身 表示 言 記述 説明 誰 追加 途中 部分 重要 関係 関連 際 非常
""",
}

ABBREVIATIONS = {language: frozenset(words.split()) for language, words in _ABBREVIATIONS.items()}
STOPWORDS = {language: frozenset(words.split()) for language, words in _STOPWORDS.items()}
_ANY_STOPWORD = frozenset.union(*(words for language, words in STOPWORDS.items() if language != "ja"))

_COUNTED = re.compile(
    "[一二三四五六七八九十百千万]+(?:年|月|日|時|分|秒|週|人|名|個|つ|回|度|円|冊|本|枚|歳|章|種|リットル|グラム|メートル|キロ|パーセント|$)"
)
_CHINESE_GRAMMAR = frozenset("的了是在和与也不就都很这那有个以为可及或被把你我他她它们您么吗")
# Endings of verbs and of what is made of them, and words that tell nothing; particles that hardly end a noun.
_KOREAN_VERB = ("다", "하는", "있는", "없는", "되는", "새로운", "하고", "하면", "하기", "하세요", "하지만",
                "그리고", "그러나", "때문에", "다음", "다른", "이전")  # fmt: skip
_KOREAN_PARTICLE = re.compile(r"(?<=[가-힣A-Za-z]{2})(?:에서는|에서|으로|에게|까지|부터|을|를|은|는)\Z")
_LATIN_WORD = re.compile(r"[^\W\d_](?:[\w'’.+#-]*[\w+#])?")
_LATIN_RUN = r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f0-9.+#-]*[A-Za-z\u00c0-\u024f0-9+#]"
_JAPANESE_RUN = re.compile(
    r"[\u30a1-\u30f6\u30fc]{2,}(?:・[\u30a1-\u30f6\u30fc]{2,})*"
    r"|[\u3005\u3400-\u4dbf\u4e00-\u9fff]{2,8}"
    rf"|{_LATIN_RUN}"
)
_CHINESE_RUN = re.compile(rf"[\u3400-\u4dbf\u4e00-\u9fff]{{2,}}|{_LATIN_RUN}")


def is_common(key: str, language: str) -> bool:
    """Whether a term tells nothing by itself."""
    return key in STOPWORDS.get(language, frozenset()) or len(key) < 2 or bool(_COUNTED.search(key))


def terms_of(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Every term in a text as (key, form): words and phrases of two; Japanese by runs of one script."""
    if language == "zh":
        yield from _chinese_terms(text)
    elif language == "ja":
        yield from _japanese_terms(text)
    else:
        yield from _spaced_terms(text, language)


def _japanese_terms(text: str) -> Iterator[tuple[str, str]]:
    end, before = -1, ""
    for found in _JAPANESE_RUN.finditer(text):
        run = found.group()
        yield run.casefold(), run
        # Runs that touch make one compound: 関数コンポーネント.
        if found.start() == end and len(before) + len(run) <= 16:
            yield (before + run).casefold(), before + run
        end, before = found.end(), run


def _chinese_terms(text: str) -> Iterator[tuple[str, str]]:
    """Two to four characters, which is what Chinese words are, and words in Latin letters. What is only part of a word
    is as frequent as the word."""
    for found in _CHINESE_RUN.finditer(text):
        run = found.group()
        pieces = [run] if run[0] < "\u3000" else _pieces(run)
        yield from ((piece.casefold(), piece) for piece in pieces if not _CHINESE_GRAMMAR & set(piece))


def _pieces(run: str) -> list[str]:
    return [run[at : at + size] for size in (2, 3, 4) for at in range(len(run) - size + 1)]


def _spaced_terms(text: str, language: str) -> Iterator[tuple[str, str]]:
    stop = STOPWORDS.get(language, _ANY_STOPWORD)
    end, before, before_key = -2, "", ""
    for found in _LATIN_WORD.finditer(text):
        if text[found.start() - 1 : found.start()] == "*":
            continue  # the ending of German "Nutzer*innen"
        form = found.group().replace("’", "'").removesuffix("'s")
        key = _singular(form.casefold(), language)
        if language == "ko":
            if form.endswith(_KOREAN_VERB):
                continue
            form = _KOREAN_PARTICLE.sub("", form)
            key = form.casefold()
        if len(form) < (2 if language == "ko" else 3) or form.casefold() in stop or key in stop or "." in form[:2]:
            end, before = -2, ""
            continue
        yield key, form
        if before and language != "ko" and text[end : found.start()] in (" ", "-", "\n"):
            yield f"{before_key} {key}", f"{before} {form}"
        end, before, before_key = found.end(), form, key


def _singular(word: str, language: str) -> str:
    """English plurals as their singular, so that both count as one."""
    if language != "en" or len(word) < 4 or word.endswith(("ss", "us", "is", "as")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") else word
