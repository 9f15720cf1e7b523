"""Replies of single features: pure functions from models to messages, one file a feature."""
