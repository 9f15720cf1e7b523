"""What the bot does by itself about a damaged index and a full disk."""

import asyncio
import logging
import sqlite3

from bot.archive.faults import Fault, disk_fault
from bot.chat.house import Context, house
from bot.chat.trouble import over, tell_of

log = logging.getLogger(__name__)

_DISK = (Fault.FULL, Fault.READ_ONLY)


async def mend_index(context: Context) -> None:
    """Make a damaged index anew; one call at a time, others return at once."""
    the = house(context)
    if the.mending.locked():
        return
    async with the.mending:
        log.warning("The index is damaged, and is made anew from the articles.")
        try:
            count = await asyncio.to_thread(the.engine.mend)
        except sqlite3.Error as error:
            log.error("The index could not be made anew: %s", error)
            return
    log.info("The index is whole again: %s printed lines.", count)
    over(context, Fault.DAMAGED_INDEX)


async def look_at_disk(context: Context) -> None:
    """Tell the operators, once, that the disk takes nothing any more, and note when it does again."""
    found = await asyncio.to_thread(disk_fault, house(context).settings.data_dir)
    if found:
        await tell_of(context, found)
        return
    for fault in _DISK:
        if over(context, fault):
            log.info("The disk takes what is written again.")
