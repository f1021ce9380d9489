"""Making a post of a headline: a draft, with quote, source and outlet filled in."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from aggregator.desk.errors import RefusedError
from aggregator.desk.wishes import Case, Deed
from aggregator.desk.wording import changed, written
from aggregator.models import Decision
from blog.drafting import NoCategoryError, Source, draft_link_post
from blog.models import Post, User, Writing


def write(case: Case) -> Deed:
    """Begin a link post; nothing is published."""
    headline = case.headline
    if not headline.url:
        raise RefusedError(_("This headline has no address to which a post could link."))
    words = written(case) | changed(case)
    own = words.get("translated_title") or words.get("title")
    source = Source(
        url=headline.url,
        title=own or headline.title,
        outlet=headline.outlet,
        quote=words.get("excerpt") or headline.summary,
        language=_language_of(words) if own else headline.language,
    )
    try:
        post = draft_link_post(source, by=case.wish.by, now=case.wish.now)
    except NoCategoryError as error:
        raise RefusedError(_("A post stands in a category, and there is none yet.")) from error
    kept = {"post": post.pk, "version": post.version}
    return Deed(said=_("a draft was made of it"), before=kept, touched=post)


def undo(decision: Decision, by: User, now: datetime) -> None:
    """Delete the draft if nobody has touched it; raises RefusedError otherwise."""
    kept = decision.before
    post = Post.objects.select_for_update(of=("self",)).filter(pk=kept["post"]).first()
    if post is None:  # somebody has deleted it already
        return
    is_as_made = post.version == kept["version"] and post.status == Post.Status.DRAFT
    if not is_as_made or _is_written_at(post):
        raise RefusedError(_("The draft has been worked on since, so it stays."))
    post.delete()


def _language_of(words: dict[str, str]) -> str:
    """Return the language of the title that was taken; "" is the site's."""
    name = "translated_language" if words.get("translated_title") else "title_language"
    return words.get(name, "")


def _is_written_at(post: Post) -> bool:
    kind = ContentType.objects.get_for_model(Post)
    typed = Writing.objects.filter(content_type=kind, object_id=post.pk)
    return typed.filter(typed_at__isnull=False).exists()
