"""The panels behind “More” are written once for a screen, and say what the template says."""

import pytest
from django.template.loader import render_to_string

from aggregator.desk import panels, screens
from aggregator.desk.filters import Filters
from aggregator.desk.rows import some
from tests.aggregator.desk.desking import NOW, choose, make_keyed, wait
from tests.factories import make_editor

pytestmark = pytest.mark.django_db


@pytest.fixture
def common(rf):
    editor = make_editor()
    make_keyed(title="<b>{Ours}</b>")
    options = screens.choices.options()
    return screens._common(rf.get("/admin/desk/"), Filters(), editor, options)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": '"><script>alert(1)</script>', "outlet": "a&b.example", "summary": "<i>" * 200},
        {"title": "Мовчання", "outlet": "", "summary": ""},
        {"title": "title;outlet;number;", "outlet": "cursor;", "summary": "{{ row }} %s"},
    ],
)
def test_each_row_has_what_the_template_would_write(common, fields):
    headlines = [wait(**fields), wait("Another", summary="short")]
    editor = make_editor()
    choose(headlines[1], editor, "words", words={"title": "Ours", "note": "<A note>"})
    found = some([one.pk for one in headlines], Filters(), now=NOW, user=editor)
    written = panels.Panels(common)
    for row in found.values():
        html = render_to_string(panels.TEMPLATE, common | {"row": row})
        assert written.of(row) == html
        assert str(row.headline.pk) in html
        assert "<script>" not in html


def test_they_are_written_once_for_all_rows(common, monkeypatch):
    asked = []
    monkeypatch.setattr(
        panels,
        "render_to_string",
        lambda *args: asked.append(args) or render_to_string(*args),
    )
    keys = [wait(outlet="wire.example").pk for _ in range(5)]
    written = panels.Panels(common)
    rows = some(keys, Filters(), now=NOW, user=make_editor())
    assert len({written.of(row) for row in rows.values()}) == 5
    assert len(asked) == 1
