"""What stands in an edition of a post, an article, a correction: its words and its address.

The current time zone must be the site's, by which posts have their addresses.
"""

from django.urls import reverse

from aggregator.models import DeskKey, Pick
from blog.addresses import absolute
from blog.models import Correction, Post
from blog.text import excerpt
from newsletter.editions.post_html import mail_html
from newsletter.models import EditionItem

Kind = EditionItem.Kind
TEXT_LENGTH = 220
WITHDRAWN = "withdrawn:"
"""How the keys begin of notes that something mailed before has been taken back."""


def key_of_post(pk: int) -> str:
    """Return the key of a post in every edition that carries it."""
    return f"post:{pk}"


def key_of_pick(pick: Pick) -> str:
    """Return the key of a pick's article, whichever feed brought it into whichever collection."""
    return f"article:{pick.article_key}" if pick.article_key else f"headline:{pick.headline_id}"


def of_post(post: Post, *, is_whole: bool = False) -> EditionItem:
    """Return the item of a post whose category, categories and authors are loaded."""
    link = absolute(post.get_absolute_url())
    return EditionItem(
        kind=Kind.POST,
        key=key_of_post(post.pk),
        post=post,
        category_ids=sorted(category.pk for category in post.categories.all()),
        section=post.category.name,
        title=post.title,
        url=link,
        outlet=post.outlet if post.source_url else "",
        byline=", ".join(author.name for author in post.authors.all())[:300],
        text=post.standfirst.strip() if is_whole else excerpt(post.summary, max_length=TEXT_LENGTH),
        html=mail_html(post.body, link=link) if is_whole else "",
        language=post.language,
        at=post.published_at or post.created_at,
    )


def of_pick(pick: Pick, *, collection_ids: list[int], site_language: str) -> EditionItem:
    """Return the item of a pick whose headline, collection and sources are loaded.

    Readers have mails in languages of their own: what is in the site's must say so.
    """
    headline, collection = pick.headline, pick.collection
    ours = collection.get_absolute_url() if collection.is_public else "/"
    return EditionItem(
        kind=Kind.PICK,
        key=key_of_pick(pick),
        headline=headline,
        collection=collection,
        collection_ids=collection_ids,
        # Its title is for editors; the mail has words of its own, in each reader's language.
        section="" if collection.desk_key == DeskKey.DIGEST else collection.title,
        title=pick.shown_title,
        subtitle=pick.translated_title,
        url=pick.link or absolute(ours),
        outlet=headline.outlet[:200],
        also_at=[[outlet, url] for outlet, url in pick.also_at],
        text=excerpt(pick.shown_summary, max_length=TEXT_LENGTH),
        note=pick.note,
        language=_tongue(pick.title_tongue, is_ours=bool(pick.title), site=site_language),
        text_language=_tongue(pick.summary_tongue, is_ours=bool(pick.excerpt), site=site_language),
        note_language=pick.title_language or site_language,
        subtitle_language=pick.translated_language or site_language,
        is_breaking=pick.is_breaking,
        at=headline.published_at,
    )


def _tongue(code: str, *, is_ours: bool, site: str) -> str:
    """Return the language of a text; what an outlet says nothing of, we do not know."""
    return (code or site)[:10] if is_ours else code[:10]


def of_correction(correction: Correction) -> EditionItem:
    """Return the item of a correction whose post is loaded."""
    post = correction.post
    return EditionItem(
        kind=Kind.CORRECTION,
        key=f"correction:{correction.pk}",
        post=post,
        correction=correction,
        title=post.title,
        url=absolute(post.get_absolute_url()),
        text=correction.text,
        language=post.language,
        at=correction.made_at,
    )


def of_withdrawal(mailed: EditionItem) -> EditionItem:
    """Return the note that something is taken back, under the title by which it was mailed."""
    return EditionItem(
        kind=Kind.CORRECTION,
        key=f"{WITHDRAWN}{mailed.key}"[:80],
        post_id=mailed.post_id,
        headline_id=mailed.headline_id,
        title=mailed.title,
        url=absolute(reverse("corrections")),
        outlet=mailed.outlet,
        language=mailed.language,
        at=mailed.at,
    )


def meant_by(item: EditionItem) -> str:
    """Return the key of what a correction corrects or takes back; "" for other items."""
    if item.kind != Kind.CORRECTION:
        return ""
    if item.key.startswith(WITHDRAWN):
        return item.key.removeprefix(WITHDRAWN)
    return key_of_post(item.post_id) if item.post_id else ""
