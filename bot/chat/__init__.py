"""Talks: the bot on Telegram. Results become messages in `replies`; every sentence is in `texts`."""
