"""What a piece of text looks like: the forms that newspapers print bylines, captions, credits and titles in."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.paper import bylines

# Width differs from paper to paper and within one; one spelling, character for character, so that a place found in the
# plain form is the same place in the text.
_PLAIN = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x300C: 0x201C, 0x300D: 0x201D}

_HAN = r"\u4e00-\u9fff"
_CLOSED = re.compile(r"""(?:[。!?…;]|\.{2,})[”"』’)\]】]*$|——$""")
_BRACKETED = re.compile(r"""[”"』)\]】]$""")
_PAIRS = (("“", "”"), ("《", "》"), ("(", ")"), ("【", "】"), ("‘", "’"), ("『", "』"), ("〈", "〉"), ("[", "]"))

_CALLED = "(?:[记記]者|通[讯訊][员員]|[实實][习習]生|[摄攝]影|评论员|評論員|文/图|图/文|文图|作者|编译|供稿)"
_BULLET = "[□■◇◆○●◎▲△▼★☆※•]"
_DATELINE = rf"[{_HAN}·/]{{0,16}}\s*\d{{1,2}}\s*月\s*\d{{1,2}}\s*日"
_AGENCY = "(?:新华社|新華社|中新社|中新网|人民网|央视)"

_SOURCE = re.compile(
    rf"""
    (?:
      【[^【】]{{0,8}}(?:[报報讯訊]|[社网網台]|消息)[^【】]{{0,6}}】
    | [【\[]?\s*
      (?: [{_HAN}]{{1,8}}(?:报|報|网|網|社|台|刊|客户端|融媒)[讯訊] | 本[报報]?[讯訊]
        | [据據]\s?[{_HAN}]{{1,6}}[社报网台](?:消息|电) )
      (?:\s*[】\]])?
      (?:\s*(?:[综綜]合[消报][息道]|[{_HAN}]{{2,6}}消息(?=\s*[\(:])))?
    | [据據]?\s*(?:本[报刊网台社]|[{_HAN}]{{1,6}}[社报网台])\s*(?:/\s*[{_HAN}]{{2,8}}\s*)?
      {_DATELINE}\s*(?:综合)?(?:[专專]?[电電]|[讯訊])
    | [据據]?\s*{_AGENCY}[{_HAN}]{{0,12}}(?:[专專]?[电電]|[讯訊]|消息)(?![力子影视话脑])
    | [据據]?(?:新华社|中新社)[{_HAN}]{{1,8}}\d{{1,2}}月\d{{1,2}}日(?P<cut>$)
    )
    (?: \s* [(【] (?P<names> [^()【】。]{{0,30}}?{_CALLED} [^()【】。]{{0,90}}) [)】]
      | \s+ (?P<bare> [{_HAN}]{{0,6}}[记記]者[\s:/]+[{_HAN}·]{{2,4}}(?:\s+[{_HAN}·]{{2,4}})*? (?=\s*(?:摄影)?报道|\s))
        (?:\s*(?:摄影)?报道)?
    )?
    """,
    re.VERBOSE,
)
_CAPTION = re.compile(
    r"""
      (?:图为|圖為|图[①-⑳\d一二三四五六七八九十]+\s*:|[①-⑳]\s|[上下左右]图|[↑↓←→▲▼△]).{1,220}
    | .{4,160}[\s。(](?:\S{0,12}[记記]者|通讯员|新华社发)?\s*\S{1,8}\s?[摄攝]\)?
    """,
    re.VERBOSE,
)
_JUMP_TO = re.compile(
    r"\(?\s*(?:下[转轉接]|[转轉])\s*第?\s*(?P<page>[A-D]?[0-9一二三四五六七八九十]{1,3})\s*版[^)。]{0,8}\)?(?:\s*\([^)]*\))*$"
)
_JUMP_FROM = re.compile(
    r"\(?\s*(?:上接|[紧緊]接)\s*第?\s*(?P<page>[A-D]?[0-9一二三四五六七八九十]{1,3})\s*版[^)。]{0,12}\)?"
)
_TITLES = re.compile(
    "(?:简讯|短讯|快讯|短波|简报|要闻简报|新闻简报|要闻速览|新闻速递|一句话新闻|天气预报|天气|更正|更正启事|致歉|启事|公告|声明|讣告|通告|通知|"
    "遗失声明|遗失启事|招聘启事|本报启事|敬告读者|简明新闻|国内简讯|国际简讯|簡訊|天氣預報)"
)
_NOTICE = re.compile(
    rf"[{_HAN}\d()《》“”、]{{2,36}}(?:公告|启事|通告|声明|通知|公示|公示表|意见|办法|讣告|招聘|规定|倡议书)"
)
_LABEL = re.compile(
    rf"(?:(?:走进|聚焦|关注|直击|探访|对话|身边的|新春|记者)[{_HAN}]{{2,8}}|图片新闻|新闻图片|图片报道|今日关注|本报评论|社论|短评|[{_HAN}“”·—\d]{{2,12}}(?:热线|观察|专栏|视点|走笔|关注|时评|论坛|之窗|风采|"
    "进行时|在行动|新视野|访谈|调查|连线|追踪|聚焦|快评|锐评|漫谈|随笔|新闻|动态|一线|直击|看点|纪事|见闻|北岭|日记|档案|寄语|说法|新作为|新气象|讲堂|课堂|驿站|故事))"
)
_PICTURES = re.compile("图片新闻|新闻图片|图片报道|图片故事|圖片新聞")
_NOTE = re.compile(
    r"[【\[(]?(?:编者按|編者按|编者的话|编前|编后|开栏的话|核心提示|阅读提示|导读|内容提要|新闻背景|链接)[】\])]?[\s:]"
)
_ITEM = re.compile(rf"{_BULLET}\s*\S")
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}\s*、|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}[章节条、]|[①-⑳]|\d{1,2}\s*[.、](?!\d))"
)
_PRESENT = re.compile("(?:出席|讲话|主持|参加|致辞|陪同|宣布|讲授|部署|作报告|调研|见证|作批示)")
_INTRODUCES = re.compile("(?:强调|指出|要求|表示|提出|会见|时说|要求说|主持召开|指示|批示|寄语|来信|贺信|——|:)$")
_DAY = re.compile(
    r"(?:\d{4}|[二〇○零一三四五六七八九]{4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日"
)
_BODY_NAME = re.compile(
    rf"[{_HAN}()·]{{2,30}}(?:局|馆|会|办|办公室|院|公司|政府|委|委员会|部|校|中心|处|站|所|厅|厂|社|组|大学|学院|学校|银行|集团|协会|法院|检察院|支队|大队|街道|分行|编辑部|报社)"
)
_QUOTES = re.compile("(?:表示|介绍|认为|强调|指出|说)[,:](?!$)")
_SPEAKS = re.compile(
    r"(?:据|近日|日前|昨日|昨天|当天|当日|目前|此外|记者|会议|会上|今年|去年|明年|随着|为|在|对|同时|下一步|此次|这|那|从|由|当|如今|\d{1,4}[年月日])"
)

HEADING_LENGTH = 40
"""A text of more characters is prose: no headline of the papers we know is longer."""


def plain(text: str) -> str:
    """The text in half width, of the same length."""
    return text.translate(_PLAIN)


@dataclass(frozen=True)
class Form:
    """A text and its plain form, and what can be said of it without knowing what stands around it."""

    text: str
    plain: str

    @classmethod
    def of(cls, text: str) -> "Form":
        return _form(text)

    @property
    def bare(self) -> str:
        """Without any white space."""
        return re.sub(r"\s", "", self.plain)

    @cached_property
    def closed(self) -> bool:
        """Whether it ends as a paragraph does; a headline or a paragraph's first half does not."""
        if _BRACKETED.search(self.plain) and "。" in self.plain:  # …旅游线路。(下转第四版)
            return not self.open_pairs
        return _CLOSED.search(self.plain) is not None and not self.open_pairs

    @property
    def asks(self) -> bool:
        """Whether it ends as a headline may, too, and not only a paragraph."""
        return self.plain.endswith(("?", "!", "…", "——", "”", '"', ")", "》", "】"))

    @cached_property
    def open_pairs(self) -> bool:
        """Whether a quotation or a bracket in it has no end."""
        return any(self.plain.rfind(a) > self.plain.rfind(b) for a, b in _PAIRS)

    @cached_property
    def stray_close(self) -> bool:
        """Whether a quotation or a bracket ends in it that did not begin in it."""
        return any(
            b in self.plain and self.plain.find(b) < (self.plain.find(a) % (len(self.plain) + 1)) for a, b in _PAIRS
        )

    @cached_property
    def source(self) -> re.Match[str] | None:
        """The opening of an article's text: 本报讯（记者 …）, 新华社北京1月7日电."""
        return _SOURCE.match(self.plain)

    @property
    def opens(self) -> bool:
        """Whether an article's text begins with it."""
        return self.source is not None or self.jump_from is not None

    @cached_property
    def byline(self) -> bool:
        """Whether it is a byline on a line of its own."""
        alone = self.source is not None and self.source.end() == len(self.plain) and self.source["cut"] is None
        return alone or bylines.is_byline(self.plain)

    @cached_property
    def author(self) -> bool:
        """Whether it could be a bare name, such as stands below the headline of an essay."""
        return bylines.could_be_name(self.plain)

    @cached_property
    def signature(self) -> str:
        """The names in brackets that it ends in, the brackets included: （宗 岚）, （通讯员 郝思源）; or ""."""
        return bylines.signature(self.plain)

    @cached_property
    def credit(self) -> bool:
        """Whether it says who took a picture, and no more."""
        return bylines.is_credit(self.plain)

    @cached_property
    def caption(self) -> bool:
        return _CAPTION.fullmatch(self.plain) is not None and not self.credit

    @cached_property
    def jump_to(self) -> re.Match[str] | None:
        """下转第四版, at the end."""
        return _JUMP_TO.search(self.plain)

    @cached_property
    def jump_from(self) -> re.Match[str] | None:
        """上接第一版, at the beginning."""
        return _JUMP_FROM.match(self.plain)

    @property
    def is_jump(self) -> bool:
        """Whether it is nothing but 下转第四版 or 上接第一版."""
        whole = self.jump_to or self.jump_from
        return whole is not None and whole.end() - whole.start() == len(self.plain)

    @cached_property
    def title(self) -> bool:
        """Whether it is the standing title of a piece: 简讯, 天气预报, 更正."""
        return _TITLES.fullmatch(self.bare) is not None

    @cached_property
    def notice(self) -> bool:
        """Whether it reads as the title of a public notice: …公告."""
        return _NOTICE.fullmatch(self.bare) is not None

    @cached_property
    def label(self) -> bool:
        """Whether it reads as the name of a column: 民生热线."""
        return _LABEL.fullmatch(self.bare) is not None

    @property
    def pictures(self) -> bool:
        return _PICTURES.fullmatch(self.bare) is not None

    @property
    def note(self) -> bool:
        """Whether an editor's note begins with it."""
        return _NOTE.match(self.plain) is not None

    @property
    def item(self) -> bool:
        """Whether it is an item of a list, with a mark (●) before it."""
        return _ITEM.match(self.plain) is not None

    @property
    def numbered(self) -> bool:
        return _NUMBERED.match(self.plain) is not None

    @property
    def names_those_present(self) -> bool:
        """Whether it reads as a deck that says who was there: 罗启明出席并讲话."""
        return _PRESENT.search(self.plain) is not None

    @property
    def introduces(self) -> bool:
        """Whether it reads as a kicker, whose sentence the headline ends."""
        return _INTRODUCES.search(self.plain) is not None

    @property
    def is_day(self) -> bool:
        return _DAY.fullmatch(self.bare) is not None

    @cached_property
    def names_a_body(self) -> bool:
        """Whether it is the name of an office, such as signs a notice."""
        return _BODY_NAME.fullmatch(self.bare) is not None

    @property
    def quotes(self) -> bool:
        """Whether somebody is quoted in the middle of it, as in prose."""
        return _QUOTES.search(self.plain) is not None

    @property
    def speaks(self) -> bool:
        """Whether it begins as a sentence of news does: 近日, 据了解, 12月2日."""
        return _SPEAKS.match(self.plain) is not None


@lru_cache(maxsize=20_000)
def _form(text: str) -> Form:
    return Form(text, plain(text))
