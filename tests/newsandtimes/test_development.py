"""What `make run` prepares, and what it says when it cannot."""

import socket

import pytest
from django.core.management import call_command

from blog.models import Post, User
from newsandtimes import development


def test_port_in_use_is_told_with_another_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(development.CannotStartError, match=f"PORT={port + 1}"):
            development.require_free_port(port)


def test_free_port_is_accepted():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    development.require_free_port(port)


def test_data_folder_is_made(tmp_path):
    development.require_writable(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_data_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(development.CannotStartError, match="DATA_DIR="):
        development.require_writable(tmp_path / "file")


@pytest.mark.django_db
def test_first_editor_is_made_once_with_a_random_password():
    password = development.create_first_editor()
    editor = User.objects.get()
    assert editor.check_password(password)
    assert editor.is_superuser
    assert development.create_first_editor() is None
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_demo_that_was_taken_away_is_not_loaded_by_itself_again(demo_folder, capsys):
    development.prepare(with_demo=True)
    loaded = Post.objects.count()
    call_command("load_demo", remove=True)
    development.prepare(with_demo=True)
    assert (loaded > 10, Post.objects.count()) == (True, 0)
    call_command("load_demo")
    assert Post.objects.count() == loaded
