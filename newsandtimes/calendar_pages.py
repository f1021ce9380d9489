"""The newsroom's calendar: what was published, what is scheduled, and moving the latter."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from blog import planning, rights
from blog.models import Post, User
from blog.models.post import PUBLISH_POST
from blog.planning import CannotMoveError, Moment
from newsandtimes import days
from newsandtimes.days import NoSuchSpanError, Span

PER_DAY_OF_MONTH = 5
MOST = 2_000
"""Entries that one page looks at; a month with more is read week by week."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One post on its day."""

    post: Post
    at: datetime
    is_scheduled: bool
    may_move: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One square of the calendar."""

    date: date
    is_today: bool
    is_outside: bool
    is_past: bool
    entries: Sequence[Entry]
    more: int


def _editor(request: HttpRequest) -> User:
    # Not blog.admin's own: the admin site, which leads here, is made before any of its parts.
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


@require_safe
def calendar_view(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    """Show a month (``?month=2026-11``) or a week (``?week=2026-11-23``), else this month."""
    posts = _posts(site, request)
    now = timezone.now()
    zone = timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    try:
        span = _span(request.GET, today=today)
    except NoSuchSpanError as error:
        raise Http404(f"There is no “{error}” in the calendar.") from error
    start, end = span.instants(zone)
    listed = list(
        posts.filter(status=Post.Status.PUBLISHED, published_at__gte=start, published_at__lt=end)
        .order_by("published_at", "id")
        .only("title", "status", "published_at", "version", "language")[: MOST + 1]
    )
    entries = _entries(request, listed[:MOST], now=now, zone=zone)
    context = {
        **site.each_context(request),
        "title": _("Calendar"),
        "span": span,
        "weeks": [[_day(span, day, entries, today=today) for day in week] for week in span.weeks],
        "weekdays": [WEEKDAYS_ABBR[day.weekday()] for day in span.weeks[0]],
        "links": _links(span, today=today),
        "is_cut": len(listed) > MOST,
        "most": MOST,
        "zone": timezone.get_current_timezone_name(),
    }
    return render(request, "admin/calendar/calendar.html", context)


def _posts(site: AdminSite, request: HttpRequest) -> Any:
    post_admin = site._registry[Post]
    if not post_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    return post_admin.get_queryset(request).defer(None)


def _first_weekday() -> int:
    """Return with which day weeks begin here, 0 for Monday; Django's formats say 0 for Sunday."""
    return (int(formats.get_format("FIRST_DAY_OF_WEEK")) - 1) % 7


def _span(asked: Mapping[str, str], *, today: date) -> Span:
    if "week" in asked:
        return days.week_of(days.day_named(asked["week"]), first_weekday=_first_weekday())
    named = days.day_named(asked["month"]) if "month" in asked else today
    return days.month_of(named, first_weekday=_first_weekday())


def _entries(
    request: HttpRequest, posts: Sequence[Post], *, now: datetime, zone: tzinfo
) -> Mapping[date, list[Entry]]:
    """Return the entries by their days; one more query says which of them may be moved."""
    scheduled = [post.pk for post in posts if post.published_at and post.published_at > now]
    movable = set(
        Post.objects.filter(pk__in=scheduled)
        .publishable_by(_editor(request))
        .values_list("pk", flat=True)
    )
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for post in posts:
        if post.published_at is not None:
            local = post.published_at.astimezone(zone)
            entry = Entry(post, local, post.published_at > now, post.pk in movable)
            by_day[local.date()].append(entry)
    return by_day


def _day(span: Span, day: date, entries: Mapping[date, list[Entry]], *, today: date) -> Day:
    own = entries.get(day, [])
    shown = len(own) if span.is_week or len(own) <= PER_DAY_OF_MONTH else PER_DAY_OF_MONTH - 1
    return Day(
        date=day,
        is_today=day == today,
        is_outside=span.is_outside(day),
        is_past=day < today,
        entries=own[:shown],
        more=len(own) - shown,
    )


def _links(span: Span, *, today: date) -> dict[str, str]:
    here = reverse("admin:calendar")
    kind = "week" if span.is_week else "month"
    pattern = "%Y-%m-%d" if span.is_week else "%Y-%m"
    middle = today if any(today in week for week in span.weeks) else span.first
    return {
        "before": f"{here}?{kind}={span.before:{pattern}}",
        "after": f"{here}?{kind}={span.after:{pattern}}",
        "today": f"{here}?{kind}={today:{pattern}}",
        "month": f"{here}?month={middle:%Y-%m}",
        "week": f"{here}?week={middle:%Y-%m-%d}",
    }


class MoveForm(forms.Form):
    """Where a post goes, and what the editor had before them."""

    post = forms.IntegerField(min_value=1)
    version = forms.IntegerField(min_value=0)
    day = forms.DateField(input_formats=["%Y-%m-%d"])
    time = forms.TimeField(required=False, input_formats=["%H:%M", "%H:%M:%S"])
    back = forms.CharField(required=False, max_length=40)


@require_POST
def move_view(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    """Move a scheduled post, and show the calendar again with a word about it."""
    if not request.user.has_perm(PUBLISH_POST):
        raise PermissionDenied
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was moved: give a day such as 2026-11-24, and a time."))
        return redirect(_back(request.POST.get("back", "")))
    given = form.cleaned_data
    post_admin: Any = site._registry[Post]
    post = post_admin.get_object(request, str(given["post"]))
    if post is None:
        raise Http404
    if not rights.may_publish(_editor(request), post):
        raise PermissionDenied
    try:
        moment = planning.move(
            post,
            day=given["day"],
            wall_time=given["time"],
            zone=timezone.get_current_timezone(),
            version=given["version"],
            by=_editor(request),
            now=timezone.now(),
        )
    except CannotMoveError as error:
        messages.error(request, _refusal(error.reason) % {"post": post})
        return redirect(_back(given["back"]))
    words = _told(moment)
    post_admin.log_change(request, post, _("Moved to %(when)s.") % {"when": words})
    text = _("“%(post)s” now appears on %(when)s.") % {"post": post, "when": words}
    messages.success(request, f"{text} {_note(moment)}".strip())
    return redirect(f"{_back(given['back'])}#post-{post.pk}")


def _back(name: str) -> str:
    """Return the calendar's address for a name of a span; anything else leads to this month."""
    here = reverse("admin:calendar")
    try:
        days.day_named(name)
    except NoSuchSpanError:
        return here
    return f"{here}?{'week' if len(name) > 7 else 'month'}={name}"


def _told(moment: Moment) -> str:
    local = timezone.localtime(moment.at)
    date_words = formats.date_format(local, "l, j E Y")
    return _("%(date)s, %(time)s") % {"date": date_words, "time": f"{local:%H:%M}"}


def _note(moment: Moment) -> str:
    if moment.was_missing:
        return _("The clocks go forward that night and skip the time you gave, so it is later.")
    if moment.was_doubled:
        return _("The clocks go back that night and show this time twice: it is the first.")
    return ""


def _refusal(reason: str) -> str:
    return {
        planning.STALE: _(
            "“%(post)s” was not moved: somebody has saved it since this page was loaded. "
            "Here is how it stands now."
        ),
        planning.NOT_SCHEDULED: _(
            "“%(post)s” was not moved: it is not scheduled any more. What is public keeps its date."
        ),
        planning.IN_THE_PAST: _(
            "“%(post)s” was not moved: that time is over. To publish it now, open the post."
        ),
        planning.NO_SUCH_DAY: _("“%(post)s” was not moved: there is no such day."),
    }[reason]
