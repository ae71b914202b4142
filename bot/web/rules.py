"""What a view says of itself: who may use its address, and how much it takes. Session.py holds us to it.

A view that says nothing is for those who are signed in, and its forms are small.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

View = TypeVar("View", bound=Callable[..., object])

LOOKING = ("GET", "HEAD", "OPTIONS")


def anyone(view: View) -> View:
    """Also for those who are not signed in."""
    view.__dict__["for_whom"] = "anyone"
    return view


def approver(view: View) -> View:
    """For approvers alone."""
    view.__dict__["for_whom"] = "approver"
    return view


def unkeyed(view: View) -> View:
    """Its form changes nothing, and needs no token."""
    view.__dict__["unkeyed"] = True
    return view


def takes(size: int) -> Callable[[View], View]:
    """Its form may have so many bytes."""

    def with_size(view: View) -> View:
        view.__dict__["takes"] = size
        return view

    return with_size


def local(path: str | None) -> str:
    """An address of ours to go on to, whatever was sent; else the first page."""
    path = path or ""
    split = urlsplit(path) if re.fullmatch(r"/(?![/\\])[!-~]*", path) else None
    return path if split and not split.netloc and not split.scheme else "/"
