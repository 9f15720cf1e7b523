"""What the bot shows, one file a feature: pure functions from models to replies."""
