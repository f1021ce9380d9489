"""Reads the demo's texts: posts with their front matter, and everything else of the site."""

import re
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from blog.cleaning import clean_html
from blog.text import hashtags, slug_for

FOLDER = Path(__file__).resolve().parent / "content"
PICTURE = re.compile(r"\[\[picture ([a-z-]+)\]\]")

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostText:
    """One post as its file gives it.

    ``age`` counts back from the loading; below zero the post is still to come.
    """

    title: str
    age: timedelta
    category: str
    body: str = ""
    kind: str = "article"
    standfirst: str = ""
    language: str = "en"
    status: str = "published"
    categories: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    picture: str = ""
    source_url: str = ""
    outlet: str = ""

    @property
    def slug(self) -> str:
        """The last part of the post's address, by which it is known again."""
        return slug_for(self.title, language=self.language)

    @property
    def keywords(self) -> set[str]:
        """The post's tags and the hashtags of its title, in lower case."""
        return {name.lower() for name in (*self.tags, *hashtags(self.title))}


@cache
def posts() -> tuple[PostText, ...]:
    """Return the posts, the oldest first."""
    texts = [_post(path.read_text("utf-8")) for path in (FOLDER / "posts").glob("*.html")]
    return tuple(sorted(texts, key=lambda text: text.age, reverse=True))


@cache
def site() -> dict[str, Any]:
    """Return everything that is no post and no feed, the words for the pictures too."""
    return tomllib.loads((FOLDER / "site.toml").read_text("utf-8"))


def pages() -> list[dict[str, Any]]:
    """Return the standing texts, as the database keeps them."""
    return [page | {"body": clean_html(page["body"])} for page in site()["pages"]]


def tag_names() -> list[str]:
    """Return each keyword of the posts once, as a list of tags writes it or else a title."""
    written = [name for post in posts() for name in hashtags(post.title)]
    written += [name for post in posts() for name in post.tags]
    return list({name.lower(): name for name in written}.values())


def pictures() -> dict[str, dict[str, Any]]:
    """Return alternative text, caption and focus of each picture, by its scene."""
    words: dict[str, dict[str, Any]] = site()["pictures"]
    return words


def age_of(text: str) -> timedelta:
    """Read ``25m``, ``7h`` or ``-1d``."""
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})


def _post(text: str) -> PostText:
    _, front, body = text.split("+++\n", 2)
    fields = tomllib.loads(front)
    age = age_of(fields.pop("age"))
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    return PostText(**{**fields, **lists}, age=age, body=body.strip())
