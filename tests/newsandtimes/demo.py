"""Runs the demo's command for its tests, and looks at what it leaves."""

from io import StringIO

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import call_command

from blog.models import Generation, Role
from blog.models.places import Month
from newsandtimes.demo import feeds

MODELS = [
    model
    for app in ("blog", "aggregator")
    for model in apps.get_app_config(app).get_models(include_auto_created=True)
    if model not in {Role, Month, Generation}  # made by ``migrate``, or by any change
]
EVERY_FILE = sorted([*feeds.sample_feeds(), "manifest.json"])


def run(*args):
    """Call ``load_demo`` and return what it prints."""
    output = StringIO()
    call_command("load_demo", *args, stdout=output)
    return output.getvalue()


def everything():
    """Return every row of every model, with every value."""
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in MODELS}


def counts():
    """Return how many rows there are, of the models that have any."""
    numbers = {model._meta.label: model.objects.count() for model in MODELS}
    return {label: number for label, number in numbers.items() if number}


def files(folder):
    """Return the names of all files under a folder."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def media_files():
    """Return the names of the demo's stored pictures."""
    try:
        return sorted(default_storage.listdir("images/demo")[1])
    except FileNotFoundError:
        return []
