"""Two documents of the tests, English and Japanese, with the junk around them that web pages have."""

from __future__ import annotations

ENGLISH = """# A library on a bus

[Home](/) | [News](/news) | [Contact](/contact)

The library bus of Marrow County stops in 31 villages and lends 4,200 books a month. It has run every working day since
1974. Only snow has ever kept it in the garage.

## Who rides it

Two librarians share the driving, and both of them know most readers by name. Ruth Ansel joined in 1998 and plans the
route anew each spring. She counts the children in every village school before she draws the map.

Half of the readers are older than seventy. Many of them cannot drive to the town library, which is 40 minutes away.
For them the bus is also the one place where the week's news is told aloud.

## What it carries

The shelves hold 2,600 books, and a third of them are changed every Friday. Large print goes first. A reader who
misses a title orders it on a paper card and gets it two weeks later.

The bus also carries:

- a heated blanket for the bench at the door
- three reading glasses of different strength
- a box of seeds that readers share

## What it costs

The county pays 118,000 euros a year for the bus, of which fuel is the smallest part. A study of 2023 found that each
euro saves about two in visits by social workers. The council decides in October whether an electric bus replaces it.

Subscribe to our newsletter. © Marrow County. All rights reserved.
"""
JAPANESE = """# 山の村へ行く図書館バス

[ホーム](/) | [お知らせ](/news) | [お問い合わせ](/contact)

図書館バスは、三十一の村を回り、毎月四千二百冊の本を貸し出しています。昭和四十九年から平日は一日も休まず走ってきました。雪の日だけは車庫で過ごします。

## だれが運転しているのか

運転は二人の司書が交代で受け持ち、二人とも利用者の名前をほとんど覚えています。佐々木さんは平成十年に加わり、毎年の春に巡回の道順を引き直しています。道順を決める前に、佐々木さんは村の小学校を訪ねて子どもの数を数えます。

利用者の半分は七十歳を超えています。町の図書館までは車で四十分かかるため、自分では行けない人が多くいます。バスの停留所は、一週間の出来事を話し合う場所にもなっています。

## 何を積んでいるのか

棚には二千六百冊の本が並び、その三分の一は毎週金曜日に入れ替わります。大きな文字の本がいちばん先に借りられていきます。読みたい本がないときは紙のカードで注文すると、二週間後に届きます。

バスにはほかにも次のものがあります。

- 入り口の長椅子に敷く電気毛布
- 度の違う老眼鏡が三本
- 利用者が分け合う種の箱

## いくらかかるのか

郡は図書館バスに年間千八百万円を払っていますが、燃料代はそのごく一部です。令和五年の調査では、一円の支出が訪問介護の費用をおよそ二円減らすと分かりました。電気バスに替えるかどうかは、十月の議会で決まります。

ニュースレターの購読はこちら。無断転載を禁じます。
"""
NOTES = {"en": ENGLISH, "ja": JAPANESE}
