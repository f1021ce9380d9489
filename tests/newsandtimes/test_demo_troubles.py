"""The demo's feeds in trouble answer as real ones do."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.parse import parse
from newsandtimes.demo import feeds, troubles

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    feeds.write_documents(now=NOW, is_fresh=True)


@pytest.mark.parametrize(
    ("name", "status"),
    [("gone", 410), ("failing", 500), ("blocked", 403), ("page", 200), ("silent", 200)],
)
def test_trouble_answers(client, name, status):
    assert client.get(f"/demo/feeds/trouble-{name}").status_code == status


def test_the_silent_feed_was_daily_until_two_months_ago():
    answer = troubles.TROUBLES["trouble-silent"].answer(NOW)
    dates = [item.dated_at for item in parse(answer.content).items]
    assert len(dates) == 10
    assert NOW - max(dates) == timedelta(days=61, hours=2)


def test_the_blocked_feed_looks_like_a_challenge(client):
    answer = client.get("/demo/feeds/trouble-blocked")
    assert (answer["cf-mitigated"], answer["Content-Type"][:9]) == ("challenge", "text/html")


@pytest.mark.parametrize("is_development", [True, False])
def test_there_is_no_trouble_without_the_demo(client, settings, tmp_path, is_development):
    settings.DEVELOPMENT = is_development
    if is_development:
        settings.DATA_DIR = tmp_path / "elsewhere"
    assert client.get("/demo/feeds/trouble-gone").status_code == 404
