"""Small copies of the pictures of outside articles, which we serve ourselves."""

from aggregator.thumbnails.wanting import want

__all__ = ["want"]
