"""What is in doubt about an operator's pages, in each language. `{0:name}` is the last part of a path."""

from collections.abc import Mapping

from bot.models import Doubt, Note

_LENGTH = 100
"""Characters of one thing that a doubt is about: the numbers of unread pages are many."""


class _About(str):
    """What a doubt is about, cut where it is long; of a path, a chat is shown the name alone."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        text = self.rpartition("/")[2] if spec == "name" else str(self)
        return text if len(text) <= _LENGTH else text[: _LENGTH - 1] + "…"


def said(note: Note, sentences: Mapping[Doubt, str]) -> str:
    """A note in the language of the sentences, as plain text."""
    return sentences[note.doubt].format(*map(_About, note.about))


EN = {doubt: doubt.value for doubt in Doubt} | {
    Doubt.INFERRED_DATE: "the date {0} is inferred from the articles; a date in the file's caption sets it.",
    Doubt.UNDATED_ARTICLES: "articles without a date, left out: {0}; a date in the file's caption sets it.",
    Doubt.DOUBTFUL_ARTICLES: "{0} of them in doubt.",
    Doubt.REPLACES: "it takes the place of the page from {0:name}.",
    Doubt.BOTH_KEPT: "page {0} of that day is there from {1:name}, too; both are kept. If they are two newspapers', "
    "/remove that day, and ingest each with newsbot ingest --paper NAME.",
}

ZH_HANS = {
    Doubt.JOINED: "“{0}|{1}”当作被版面断开的一段来读。",
    Doubt.NO_TEXT: "有一篇没有正文。",
    Doubt.NO_HEADLINE: "有一篇没有标题。",
    Doubt.NO_BYLINE: "有一篇没有署名标明从哪里开始，标题是按样式判断的。",
    Doubt.NO_END: "“{0}”后面没有句末标点。",
    Doubt.DAMAGED_CHARACTERS: "{0} 个损坏的字符读作 \ufffd。",
    Doubt.UNKNOWN_LAYOUT: "没见过的网页版式，请核对读出的内容。",
    Doubt.BROKEN_XML: "XML 有损坏，只读出了能读的部分。",
    Doubt.EMPTY_RECORDS: "{0} 条记录没有正文，已略去。",
    Doubt.BROKEN_RECORDS: "{0} 条记录有损坏，已略去。",
    Doubt.RAGGED_RECORDS: "{0} 条记录的格数多于表头，多出的已略去。请给字段加上引号。",
    Doubt.UNREAD_PAGES: "PDF 第 {0} 页没有读出（{1}）",
    Doubt.VERTICAL_LINES: "竖排文字按从右到左读出，请核对位置。",
    Doubt.UNNAMED_CHARACTERS: "{0} 个字符的字体没有注明是什么字，读作 \ufffd。",
    Doubt.SLANTED_CHARACTERS: "{0} 个斜排的字符（水印？）已略去。",
    Doubt.INFERRED_DATE: "日期 {0} 是从文章推定的；在文件说明里写上日期即可更正。",
    Doubt.UNDATED_ARTICLES: "{0} 篇文章没有日期，已略去；在文件说明里写上日期即可存入。",
    Doubt.DOUBTFUL_ARTICLES: "其中 {0} 篇有存疑之处。",
    Doubt.REPLACES: "它取代了来自 {0:name} 的那一版。",
    Doubt.BOTH_KEPT: "当天第{0}版已有一份，来自 {1:name}；两份都保留。"
    "若是两种报纸，请先用 /remove 删除当天，再用 newsbot ingest --paper 报名 分别存入。",
}

ZH_HANT = {
    Doubt.JOINED: "「{0}|{1}」當作被版面斷開的一段來讀。",
    Doubt.NO_TEXT: "有一篇沒有正文。",
    Doubt.NO_HEADLINE: "有一篇沒有標題。",
    Doubt.NO_BYLINE: "有一篇沒有署名標明從哪裡開始，標題是按樣式判斷的。",
    Doubt.NO_END: "「{0}」後面沒有句末標點。",
    Doubt.DAMAGED_CHARACTERS: "{0} 個損壞的字元讀作 \ufffd。",
    Doubt.UNKNOWN_LAYOUT: "沒見過的網頁版式，請核對讀出的內容。",
    Doubt.BROKEN_XML: "XML 有損壞，只讀出了能讀的部分。",
    Doubt.EMPTY_RECORDS: "{0} 筆記錄沒有正文，已略去。",
    Doubt.BROKEN_RECORDS: "{0} 筆記錄有損壞，已略去。",
    Doubt.RAGGED_RECORDS: "{0} 筆記錄的格數多於表頭，多出的已略去。請給欄位加上引號。",
    Doubt.UNREAD_PAGES: "PDF 第 {0} 頁沒有讀出（{1}）",
    Doubt.VERTICAL_LINES: "直排文字按從右到左讀出，請核對位置。",
    Doubt.UNNAMED_CHARACTERS: "{0} 個字元的字型沒有註明是什麼字，讀作 \ufffd。",
    Doubt.SLANTED_CHARACTERS: "{0} 個斜排的字元（浮水印？）已略去。",
    Doubt.INFERRED_DATE: "日期 {0} 是從文章推定的；在檔案說明裡寫上日期即可更正。",
    Doubt.UNDATED_ARTICLES: "{0} 篇文章沒有日期，已略去；在檔案說明裡寫上日期即可存入。",
    Doubt.DOUBTFUL_ARTICLES: "其中 {0} 篇有存疑之處。",
    Doubt.REPLACES: "它取代了來自 {0:name} 的那一版。",
    Doubt.BOTH_KEPT: "當天第{0}版已有一份，來自 {1:name}；兩份都保留。"
    "若是兩種報紙，請先用 /remove 刪除當天，再用 newsbot ingest --paper 報名 分別存入。",
}
