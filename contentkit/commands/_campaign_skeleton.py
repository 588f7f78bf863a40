"""What ``contentkit campaign --new`` writes: a brief that works as it stands, told in the language asked."""

_ENGLISH = """\
# A campaign: all pieces of one brief, from one set of facts. Every key: docs/campaign.md.
#   contentkit campaign NAME --dry-run        what would be written, and what it would cost
#   contentkit campaign NAME -o OUT           write it (--model offline needs no model)

title = "The spring market"                 # of the page that leads to all pieces
topic = "A market of local growers opens in the old hall"
audience = "people of the town"
tone = "plain and warm"

# Languages of the pieces; with several, each piece is written in each. Without any: the language of the material.
language = "en"
# languages = ["en", "ja"]

# Material: files beside this one, pages, git:A..B.
# sources = ["notes.md", "https://example.com/press"]

# How to write: a style guide, and a sample of the voice.
# style = "style.toml"
# voice = "sample.md"

# What is so. Every piece is held against it, and against the other pieces. "also" gives other words for the name.
[facts]
opening = "2 May 2026"
stalls = { value = 24, also = ["stands"] }
"opening hours" = "8 to 13"

# A piece: its kind (contentkit prompts list), perhaps a name for its files, and inputs of the kind
# (contentkit write KIND --help).
[[pieces]]
kind = "article"
name = "announcement"
length = 250

[[pieces]]
kind = "social"
platforms = ["x", "mastodon"]

# [[pieces]]
# kind = "email"
# recipient = "members"
# goal = "come on the first day"
"""

_JAPANESE = """\
# キャンペーン：一つの企画書とひと組の事実から、すべての原稿を書きます。キーの一覧は docs/campaign.md にあります。
#   contentkit campaign NAME --dry-run        何を書くか、いくらかかるかを見る
#   contentkit campaign NAME -o OUT           書く（--model offline ならモデルは要りません）

title = "春の市場"                          # すべての原稿へ案内するページの題
topic = "地元の農家の市場が旧公会堂に開きます"
audience = "町の人"
tone = "わかりやすく、あたたかく"

# 原稿の言語。いくつも書くと、各原稿をそれぞれの言語で書きます。書かなければ資料の言語になります。
language = "ja"
# languages = ["ja", "en"]

# 資料：このファイルと同じ場所のファイル、ウェブページ、git:A..B。
# sources = ["notes.md", "https://example.com/press"]

# 書き方：スタイルガイドと、文体の見本。
# style = "style.toml"
# voice = "sample.md"

# 事実。どの原稿もこれと照らし合わせ、原稿どうしも照らし合わせます。also には言いかえを書きます。
[facts]
"開場日" = "2026年5月2日"
"出店" = { value = "24店", also = ["店舗"] }
"開場時間" = "8時から13時"

# 原稿：種類（contentkit prompts list）、必要ならファイルの名前、その種類の入力項目
# （contentkit write 種類 --help）。
[[pieces]]
kind = "article"
name = "announcement"
length = 500

[[pieces]]
kind = "social"
platforms = ["x", "mastodon"]

# [[pieces]]
# kind = "email"
# recipient = "会員"
# goal = "初日に来てもらう"
"""

BRIEFS = {"en": _ENGLISH, "ja": _JAPANESE}
