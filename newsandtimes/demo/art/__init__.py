"""The demo's pictures, drawn when it is loaded: the same picture from the same code every time."""

from collections.abc import Callable
from functools import cache

from PIL import Image

from newsandtimes.demo.art import coast, interiors, landscapes, rivers
from newsandtimes.demo.art.canvas import HEIGHT, WIDTH, jpeg

__all__ = ["HEIGHT", "SCENES", "WIDTH", "drawn"]

SCENES: dict[str, Callable[[], Image.Image]] = {
    "archive": interiors.archive,
    "delta": rivers.delta,
    "lighthouse": coast.lighthouse,
    "mountains": landscapes.mountains,
    "port": coast.port,
    "station": landscapes.station,
    "tea-table": interiors.tea_table,
    "viaduct": rivers.viaduct,
    "vineyard": landscapes.vineyard,
}


@cache
def drawn(scene: str) -> bytes:
    """Return the picture of a scene as a JPEG of 1600 × 1000 pixels."""
    return jpeg(SCENES[scene]())
