"""Screens, one module a feature: pure functions from models to replies."""
