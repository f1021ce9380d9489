"""Where the files lie: what is public in the default storage, originals in one of their own."""

import secrets
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, default_storage, storages


def originals() -> Storage:
    """Return the storage of the originals, which nothing serves."""
    return storages["originals"]


def put(name: str, content: bytes) -> None:
    """Store a public file under exactly this name, whole or not at all."""
    if not isinstance(default_storage, FileSystemStorage):
        default_storage.delete(name)
        default_storage.save(name, ContentFile(content))
        return
    # A process that dies while writing leaves a file that has another name.
    draft = default_storage.save(f"{name}.{secrets.token_hex(4)}.part", ContentFile(content))
    Path(default_storage.path(draft)).replace(default_storage.path(name))


def delete_folder(folder: str) -> None:
    """Delete a folder of public files, if it is there."""
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    if isinstance(default_storage, FileSystemStorage):
        default_storage.delete(folder)
