"""What is said to a bot as to a person: 你好, 谢谢, 怎么用, 不要再发了, 最新一期. No word of it is to be looked for."""

import re

from telegram import Message, Update
from telegram.ext import filters

from bot.chat.handlers.commands import Handler, mention
from bot.chat.handlers.latest import latest_cmd
from bot.chat.handlers.start import help_cmd, start_cmd
from bot.chat.handlers.watch import watches_cmd
from bot.chat.house import Context, answer, is_private, texts
from bot.chat.replies import Reply
from bot.search.characters import fold

_GREETING = (
    r"(?:[你您]们?|大家|早上|上午|中午|下午|晚上)好|哈[喽啰罗]|嗨|hi|hello|hey|good(?:morning|afternoon|evening)"
)
_THANKS = (
    r"(?:非常|十分|太|真)?(?:谢谢|多谢|感谢|谢|辛苦|麻烦)(?:[你您]们?|大家|了)+|谢谢|多谢|(?:非常|十分)?感谢|太好了|[真太]棒"
    r"|好[的吧]|再见|拜拜|哈{2,}+|呵{2,}+|嘿{2,}+|嘻{2,}+"
    r"|(?:many)?thanks(?:alot)?|(?:thankyou|thx)(?:(?:so|very)much)?|ok(?:ay)?|(?:good)?bye|(?:ha){2,}+|lol"
)
_HELP = (
    r"帮助|(?:这个?|它|你|机器人)*(?:怎么|如何|怎样)(?:使?用|操作)(?:你|它|这个?|机器人)*|使用(?:说明|方法)|用法"
    r"|[你您](?:都?能|都?会|可以)[做干](?:些|点)?(?:什么|啥)|help(?:me)?|how(?:to|doi)use(?:it|this|you)?(?:bot)?"
    r"|whatcanyoudo"
)
_NEWEST = "(?:请?我?(?:想|要)?(?:看看?|读))?(?:最新一期|最新的?(?:报纸|新闻))"
_STOP = (
    r"(?:取消|停止)(?:我的|所有|全部)*(?:关注|订阅|推送|提醒|通知)|退订|(?:不要|别|不用)再(?:给我)?(?:发|推送)(?:消息)?了?"
    r"|(?:不要|别|不用)(?:给我)?(?:发|推送)(?:消息)?了|unsubscribe|unwatch|stop"
)
_PARTICLES = "[啊呀呢吗吧哈啦了嘛哦]*+"  # possessive, as what is sent may be 哈 a thousand times
_LONGEST = 40
"""Letters of what says nothing else."""


class Courtesy(filters.MessageFilter):
    """Messages that say nothing but this.

    Args:
        form: What they say, as letters in lower case and in Simplified characters.
        handler: What answers.
    """

    def __init__(self, form: str, handler: Handler) -> None:
        super().__init__(name=handler.__name__)
        self.handler = handler
        self._form = re.compile(form)

    def filter(self, message: Message) -> bool:
        """Whether the message says this, and no more."""
        said = mention(message.get_bot().username).sub(" ", message.text or message.caption or "")
        letters = "".join(filter(str.isalnum, fold(said)))
        return len(letters) <= _LONGEST and self._form.fullmatch(letters) is not None


async def thanks_msg(update: Update, context: Context) -> None:
    """A friendly word; none in a group, where it would be one message more for all."""
    if is_private(update):
        await answer(update, context, [Reply(texts(update, context).thanked)])


COURTESIES = (
    Courtesy(rf"(?:{_GREETING}){_PARTICLES}", start_cmd),
    Courtesy(rf"(?:(?:{_GREETING}|{_THANKS}){_PARTICLES})++", thanks_msg),
    Courtesy(rf"(?:{_GREETING})?{_PARTICLES}(?:请问)?(?:{_HELP}){_PARTICLES}(?:{_THANKS})?", help_cmd),
    Courtesy(rf"(?:{_GREETING})?{_PARTICLES}请?(?:{_STOP}){_PARTICLES}(?:{_THANKS})?", watches_cmd),
    Courtesy(rf"(?:{_GREETING})?{_PARTICLES}{_NEWEST}{_PARTICLES}(?:{_THANKS})?", latest_cmd),
)
"""The first that fits answers."""
