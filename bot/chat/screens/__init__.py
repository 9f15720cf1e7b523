"""Replies, one file a feature: pure functions from models to messages."""
