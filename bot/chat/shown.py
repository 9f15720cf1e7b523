"""What the bot's messages show, as far as this process has seen."""

from collections import OrderedDict

from bot.chat.replies import Reply


class Shown:
    """What the bot's last messages show: a second press of a button costs no call that Telegram would refuse."""

    def __init__(self, size: int = 10_000) -> None:
        self._size = size
        # Hashes, as a reply is some kilobytes; None for a message that is gone.
        self._replies: OrderedDict[tuple[int, int], int | None] = OrderedDict()

    def note(self, chat_id: int, message_id: int, reply: Reply) -> None:
        """Note that a message shows a reply."""
        self._put(chat_id, message_id, hash(reply))

    def note_gone(self, chat_id: int, message_id: int) -> None:
        """Note that a message was deleted, because another one took its place."""
        self._put(chat_id, message_id, None)

    def gone(self, chat_id: int, message_id: int) -> bool:
        """Whether it is known that another message took this one's place."""
        return self._replies.get((chat_id, message_id), 0) is None

    def _put(self, chat_id: int, message_id: int, shows: int | None) -> None:
        self._replies[chat_id, message_id] = shows
        self._replies.move_to_end((chat_id, message_id))
        if len(self._replies) > self._size:
            self._replies.popitem(last=False)

    def forget(self, chat_id: int, message_id: int) -> None:
        """Forget what a message shows, because it is about to change, or was found to show something else."""
        self._replies.pop((chat_id, message_id), None)

    def shows(self, chat_id: int, message_id: int, reply: Reply) -> bool:
        """Whether it is known that a message shows this reply already."""
        return self._replies.get((chat_id, message_id)) == hash(reply)
