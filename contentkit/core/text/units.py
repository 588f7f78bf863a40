"""What stands beside a number: currencies, large words (million), Japanese counters."""

from __future__ import annotations

import re

# Languages that write 1.200,50.
_WITH_COMMA = "bg cs da de el es et fi fr hr hu id is it lt lv nb nl nn no pl pt ro ru sk sl sr sv tr uk vi"
DECIMAL_COMMA = frozenset(_WITH_COMMA.split())
_CURRENCIES = {
    "USD": "$ us$ usd dollar dollars ドル 米ドル",
    "EUR": "€ eur euro euros ユーロ",
    "GBP": "£ gbp pound pounds ポンド",
    "JPY": "¥ jpy yen 円",
    "CNY": "cny rmb yuan 元 人民元",
    "KRW": "₩ krw won ウォン",
    "INR": "₹ inr rupees ルピー",
    "CHF": "chf",
}
_MORE = "AUD BRL CAD CZK DKK HKD HUF IDR MXN NOK NZD PLN SGD THB TWD ZAR"
_CURRENCIES |= {code: code.lower() for code in _MORE.split()}
_BEFORE_ONLY = {"SEK": "sek"}  # behind a number it may be German seconds
CURRENCIES = {name: code for code, names in (_CURRENCIES | _BEFORE_ONLY).items() for name in names.split()}
"""What a text writes, in lower case -> the code of ISO 4217."""
CURRENCY_SIGN = r"(?:US)?\$|[€£¥₩₹]"
CODES = (*_CURRENCIES, *_BEFORE_ONLY)
CURRENCY_CODE = "|".join(CODES)
_BEHIND = (name for name, code in CURRENCIES.items() if name[0].isalpha() and code not in _BEFORE_ONLY)
CURRENCY_WORD = "|".join(sorted(_BEHIND, key=len, reverse=True))

_LARGE = {
    1_000: "k thousand tausend mille mil duizend",
    1_000_000: "m mn million millions mio mio. millionen millón millones milioni milhões miljoen",
    1_000_000_000: "b bn billion billions mrd mrd. milliarde milliarden milliard milliards miliardi miljard",
    1_000_000_000_000: "tn trillion trillions billionen bio.",
}
SCALES = {name: value for value, names in _LARGE.items() for name in names.split()}
"""What multiplies the number before it, in lower case -> by how much."""
LONG_SCALE = "|".join(re.escape(name) for name in sorted(SCALES, key=len, reverse=True) if len(name) > 2)

_COUNTERS = """
か月間 ヶ月間 カ月間 ヵ月間 か月 ヶ月 カ月 ヵ月 ケ月 週間 日間 年間 時間 分間 秒間 ミリ秒 キロメートル センチメートル
ミリメートル メートル センチ ミリ キログラム ミリグラム グラム キロ トン(?!ネル) ミリリットル リットル
平方キロメートル 平方キロ 平方メートル 平方フィート ポイント ヘクタール エーカー マイル ヤード フィート インチ オンス
デシリットル ガロン キロジュール キロカロリー
㎡ ㎜ ㎝ ㎞ ㎏ ℃ ℉ 人 名 個 つ 件 回 度 倍 台 本 枚 冊 頁 ページ 字 文字 行 語 社 店 校 室 階 軒 棟 戸 点 種類 種
歳 才 年 月 日 時 分 秒 週 隻 頭 匹 羽 便 号 版 条 項 章 節 位 番 坪 畳 席 曲 話 巻 問 組 段 票 試合 か国 ヵ国 カ国 か所
ヶ所 箇所 カ所 世紀 世代 通り
"""
COUNTER = re.compile("|".join(sorted(_COUNTERS.split(), key=len, reverse=True)))
"""What Japanese counts by, right after the number."""
WORD = re.compile(
    r"(?:[ \u00a0\u202f-]|\n(?=[a-z]))?"
    r"((?:(?:[Ss]q(?:uare)?|[Cc]ubic)[ -])?[A-Za-zµΩ°À-ÿ][A-Za-z°²³À-ÿ]{0,30}(?:/[A-Za-z]{1,10})?)"
)
"""A unit or the word that is counted, after the number, in Latin letters."""
