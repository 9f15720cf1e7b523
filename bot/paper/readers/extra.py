"""Packages that only some formats need."""

from importlib import import_module
from typing import Any

from bot.paper.page import PageError


def load(package: str, *, wanted_by: str) -> Any:
    """A package of the extra `formats`; `wanted_by` names the format (`a web page`).

    Raises:
        PageError: It is not installed.
    """
    try:
        return import_module(package)
    except ImportError:
        # by its folder, not by its name: in a registry, that may be another project's
        how = "in the project's folder, pip install '.[formats]'"
        raise PageError(f"{wanted_by} needs the extra newsbot[formats]: {how}.") from None
