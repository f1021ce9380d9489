"""Takes the demo away again, and leaves whatever has become somebody's own."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model

from aggregator.models import Collection
from blog.models import Author, Category, Image, NavLink, Page, Post, SiteSettings, Tag, TaggedPost
from newsandtimes.demo import content, feeds
from newsandtimes.demo.load import PICTURES_FOLDER, demo_feeds, recognised
from newsandtimes.demo.made import Made, manifest_path

# What is used by others comes after those who use it.
ORDER: list[type[Model]] = [
    *(Post, Page, Tag, Author, Category, Image, Collection),
    *(NavLink, SiteSettings),
]


@dataclass(slots=True)
class RemoveReport:
    """How many rows and files went, and what stayed because somebody has made it theirs."""

    rows: int = 0
    files: int = 0
    kept: list[str] = field(default_factory=list)


def remove(*, now: datetime) -> RemoveReport:
    """Remove the demo's unchanged rows that nothing else needs, its feeds and their headlines."""
    report = RemoveReport()
    made = Made.read() or recognised(now=now)
    with transaction.atomic():
        for feed in demo_feeds().values():
            feed.delete()
            report.rows += 1
        if made is not None:
            for model in ORDER:
                _remove_rows(model, made, report)
        _remove_intros()
    report.files = _delete_pictures() + feeds.delete_documents()
    _delete_folder()
    return report


def _remove_intros() -> None:
    """Take the demo's words from the collections that every site begins with."""
    for row in content.site()["collections"]:
        Collection.objects.filter(slug=row["slug"], intro=row["intro"]).update(intro="")


def _remove_rows(model: type[Model], made: Made, report: RemoveReport) -> None:
    for row in made.present(model):
        if made.is_unchanged(row) and not is_used(row):
            row.delete()
            report.rows += 1
        else:
            report.kept.append(f"{row._meta.verbose_name} “{row}”")


def is_used(row: Model) -> bool:
    """Whether something that is left needs the row."""
    match row:
        case Category():
            return row.posts.exists() or row.primary_posts.exists()
        case Author():
            return row.posts.exists()
        case Tag():
            return TaggedPost.objects.filter(tag=row).exists()
        case Image():
            in_a_text = Post.objects.filter(body__contains=str(row.file.name))
            return row.posts.exists() or in_a_text.exists()
        case Collection():
            return row.picks.exists() or row.feeds.exists()
        case _:
            return False


def _delete_pictures() -> int:
    """Delete the stored pictures that no row names any more, a broken-off loading's too."""
    try:
        _, stored = default_storage.listdir(PICTURES_FOLDER)
    except FileNotFoundError:
        return 0
    names = {f"{PICTURES_FOLDER}/{name}" for name in stored}
    unused = names - set(Image.objects.filter(file__in=names).values_list("file", flat=True))
    for name in unused:
        default_storage.delete(name)
    return len(unused)


def _delete_folder() -> None:
    manifest_path().unlink(missing_ok=True)
    for folder in (feeds.feeds_folder(), manifest_path().parent):
        _delete_if_empty(folder)


def _delete_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
