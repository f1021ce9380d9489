"""Who may open which address of the newsroom: one line for each, by its name.

Whoever adds an address adds its line. Each says who gets in at the least (all with more rights do
too) to read (GET) and to act (POST), where the row behind the address is *somebody else's*: a
draft, a picture, an account. ``NOBODY`` stands for addresses that answer nobody at all.
"""

from enum import IntEnum


class Who(IntEnum):
    """Everybody who may knock, each with more rights than the one before."""

    ANYBODY = 0
    READER = 1  # logged in, but not of the newsroom
    STAFF = 2  # in the newsroom, without a role
    CONTRIBUTOR = 3
    AUTHOR = 4
    EDITOR = 5
    ADMINISTRATOR = 6
    SUPERUSER = 7
    NOBODY = 8


ANYBODY, READER, STAFF, CONTRIBUTOR, AUTHOR, EDITOR, ADMINISTRATOR, SUPERUSER, NOBODY = Who
OWN_TESTS = None
"""Who gets in is tested elsewhere; that nothing leaks and no visit changes anything, here too."""


def model(name, *, see, add=NOBODY, change=NOBODY, delete=NOBODY, history=None, see_one=None):
    """The addresses that Django's admin gives every model."""
    read_one = see_one or see
    return {
        f"{name}_changelist": (see, see),
        f"{name}_add": (add, add),
        f"{name}_change": (read_one, change),
        f"{name}_delete": (delete, delete),
        f"{name}_history": (history or read_one, history or read_one),
        f"{name}_": (STAFF, STAFF),  # leads on to the form, which asks
    }


WHO_MAY = {
    # --- The newsroom itself
    "index": (STAFF, STAFF),
    "login": (OWN_TESTS, OWN_TESTS),
    "logout": (OWN_TESTS, OWN_TESTS),
    "password_change": (STAFF, STAFF),
    "password_change_done": (STAFF, NOBODY),
    "autocomplete": (NOBODY, NOBODY),  # without names; see the tests of what it offers
    "jsi18n": (STAFF, NOBODY),
    "view_on_site": (EDITOR, EDITOR),
    "search": (STAFF, NOBODY),
    "calendar": (CONTRIBUTOR, NOBODY),
    "calendar_move": (NOBODY, AUTHOR),
    "desk": (EDITOR, NOBODY),
    "desk_rows": (EDITOR, NOBODY),
    "desk_decide": (NOBODY, EDITOR),
    "desk_undo": (NOBODY, EDITOR),
    "share": (CONTRIBUTOR, CONTRIBUTOR),  # a form; each of its buttons asks for a right of its own
    "manifest": (ANYBODY, NOBODY),
    "desk_seen": (NOBODY, EDITOR),
    "desk_news": (EDITOR, NOBODY),
    "desk_pictures": (NOBODY, EDITOR),
    "desk_balance": (EDITOR, NOBODY),
    "desk_views": (NOBODY, EDITOR),
    "desk_view_delete": (NOBODY, NOBODY),  # somebody else's
    "app_list": (CONTRIBUTOR, CONTRIBUTOR),
    "": (NOBODY, NOBODY),  # what is no address
    # --- Logging in, second factors, new passwords: see test_login*.py and test_second_factor.py
    "account_login": (OWN_TESTS, OWN_TESTS),
    "account_logout": (OWN_TESTS, OWN_TESTS),
    "account_reauthenticate": (OWN_TESTS, OWN_TESTS),
    "mfa_activate_totp": (OWN_TESTS, OWN_TESTS),
    "mfa_authenticate": (OWN_TESTS, OWN_TESTS),
    "mfa_deactivate_totp": (OWN_TESTS, OWN_TESTS),
    "mfa_generate_recovery_codes": (OWN_TESTS, OWN_TESTS),
    "mfa_index": (OWN_TESTS, OWN_TESTS),
    "mfa_reauthenticate": (OWN_TESTS, OWN_TESTS),
    "mfa_view_recovery_codes": (OWN_TESTS, OWN_TESTS),
    "admin_password_reset": (ANYBODY, ANYBODY),
    "password_reset_done": (ANYBODY, NOBODY),
    "password_reset_confirm": (ANYBODY, ANYBODY),
    "password_reset_complete": (ANYBODY, NOBODY),
    "security": (STAFF, NOBODY),
    "end_session": (NOBODY, NOBODY),  # somebody else's
    "end_other_sessions": (NOBODY, STAFF),
    "security_of": (SUPERUSER, NOBODY),  # the account behind the address is a superuser's
    "reset_second_factor": (NOBODY, SUPERUSER),
    "end_sessions_of": (NOBODY, SUPERUSER),
    # --- Posts
    **model(
        "blog_post", see=CONTRIBUTOR, see_one=EDITOR, add=CONTRIBUTOR, change=EDITOR, delete=EDITOR
    ),
    "blog_post_preview": (EDITOR, EDITOR),
    "blog_post_withdraw": (EDITOR, EDITOR),
    "blog_post_links": (EDITOR, EDITOR),
    "blog_post_revoke": (NOBODY, EDITOR),
    "blog_post_version": (EDITOR, EDITOR),
    "blog_post_restore": (NOBODY, EDITOR),
    "blog_post_writing": (NOBODY, EDITOR),
    "blog_post_drop": (NOBODY, EDITOR),
    "blog_post_appearance": (NOBODY, EDITOR),
    "blog_post_tags": (CONTRIBUTOR, NOBODY),
    # --- The rest of the publication
    **model("blog_page", see=EDITOR, add=EDITOR, change=EDITOR, delete=EDITOR),
    "blog_page_version": (EDITOR, EDITOR),
    "blog_page_restore": (NOBODY, EDITOR),
    "blog_page_writing": (NOBODY, EDITOR),
    "blog_page_drop": (NOBODY, EDITOR),
    **model("blog_image", see=CONTRIBUTOR, add=CONTRIBUTOR, change=EDITOR, delete=EDITOR),
    "blog_image_choose": (CONTRIBUTOR, NOBODY),
    "blog_image_upload": (NOBODY, CONTRIBUTOR),
    "blog_image_describe": (NOBODY, EDITOR),
    **model("blog_category", see=CONTRIBUTOR, add=EDITOR, change=EDITOR, delete=EDITOR),
    **model("blog_tag", see=CONTRIBUTOR, add=EDITOR, change=EDITOR, delete=EDITOR),
    **model("blog_author", see=CONTRIBUTOR, add=EDITOR, change=EDITOR, delete=EDITOR),
    "blog_category_shift": (NOBODY, EDITOR),
    "blog_navlink_shift": (NOBODY, EDITOR),
    "aggregator_collection_shift": (NOBODY, EDITOR),
    "aggregator_collection_order": (EDITOR, EDITOR),
    **model("newsandtimes_frontblock", see=EDITOR, change=EDITOR),
    "newsandtimes_frontblock_shift": (NOBODY, EDITOR),
    **model("blog_navlink", see=EDITOR, add=EDITOR, change=EDITOR, delete=EDITOR),
    **model("redirects_redirect", see=EDITOR, add=EDITOR, change=EDITOR, delete=EDITOR),
    **model("blog_auditentry", see=ADMINISTRATOR),
    "blog_auditentry_export": (ADMINISTRATOR, ADMINISTRATOR),
    **model("blog_sitesettings", see=ADMINISTRATOR, change=ADMINISTRATOR),
    # --- People
    **model(
        "blog_user",
        see=ADMINISTRATOR,
        add=ADMINISTRATOR,
        change=SUPERUSER,  # the account behind the address is a superuser's
        delete=SUPERUSER,
    ),
    "auth_user_password_change": (SUPERUSER, SUPERUSER),
    **model(
        "auth_group",
        see=ADMINISTRATOR,
        add=ADMINISTRATOR,
        change=ADMINISTRATOR,
        delete=ADMINISTRATOR,
    ),
    # --- Feeds and what came of them
    **model("aggregator_feed", see=EDITOR, add=EDITOR, change=EDITOR, delete=EDITOR),
    "aggregator_feed_poll": (NOBODY, EDITOR),
    "aggregator_feed_take": (NOBODY, EDITOR),
    "aggregator_feed_import_opml": (EDITOR, EDITOR),
    "aggregator_feed_export_opml": (EDITOR, EDITOR),
    "aggregator_glance": (NOBODY, CONTRIBUTOR),
    "aggregator_glance_answer": (NOBODY, NOBODY),  # somebody else's look at a page
    "aggregator_feed_probe": (NOBODY, NOBODY),  # somebody else's look at an address
    **model("aggregator_announcement", see=EDITOR),
    **model("aggregator_headline", see=EDITOR, change=EDITOR),
    "aggregator_headline_split": (NOBODY, EDITOR),
    "aggregator_headline_merge": (NOBODY, EDITOR),
    **model("aggregator_story", see=EDITOR, change=EDITOR),
    "aggregator_story_split": (NOBODY, EDITOR),
    **model("aggregator_preferredoutlet", see=EDITOR, add=EDITOR, change=EDITOR, delete=EDITOR),
    "aggregator_preferredoutlet_shift": (NOBODY, EDITOR),
    **model("aggregator_collection", see=EDITOR, add=EDITOR, change=EDITOR, delete=EDITOR),
    **model("aggregator_pick", see=EDITOR, add=EDITOR, change=EDITOR, delete=EDITOR),
    "aggregator_pick_watch": (EDITOR, NOBODY),
    "aggregator_pick_settle": (NOBODY, EDITOR),
    **model("aggregator_rule", see=EDITOR, add=EDITOR, change=EDITOR, delete=EDITOR),
    "aggregator_rule_try": (NOBODY, EDITOR),
    "aggregator_rule_try_again": (NOBODY, EDITOR),
    # --- Subscribers: addresses are personal, editors see numbers
    **model("newsletter_subscriber", see=ADMINISTRATOR, change=ADMINISTRATOR, delete=ADMINISTRATOR),
    "newsletter_subscriber_embed": (ADMINISTRATOR, ADMINISTRATOR),
    "newsletter_subscriber_growth": (EDITOR, EDITOR),  # numbers, no addresses
    "newsletter_subscriber_export": (ADMINISTRATOR, ADMINISTRATOR),
    "newsletter_subscriber_import": (ADMINISTRATOR, ADMINISTRATOR),
    "newsletter_subscriber_import_one": (ADMINISTRATOR, ADMINISTRATOR),
    "newsletter_subscriber_why": (ADMINISTRATOR, ADMINISTRATOR),
    # --- Digests and editions
    **model("newsletter_digest", see=EDITOR, add=EDITOR, change=EDITOR, delete=EDITOR),
    **model("newsletter_edition", see=EDITOR, change=EDITOR),
    "newsletter_edition_preview": (EDITOR, NOBODY),
    "newsletter_edition_mail": (EDITOR, NOBODY),
    "newsletter_edition_trial": (NOBODY, EDITOR),
    "newsletter_edition_links": (NOBODY, EDITOR),
    "newsletter_edition_send": (EDITOR, EDITOR),
    "newsletter_edition_cancel": (EDITOR, EDITOR),
    "newsletter_edition_unknown": (EDITOR, EDITOR),
    "newsletter_edition_move": (NOBODY, EDITOR),
    "newsletter_edition_approve": (NOBODY, EDITOR),
    "newsletter_edition_schedule": (NOBODY, EDITOR),
    "newsletter_edition_pause": (NOBODY, EDITOR),
    "newsletter_edition_resume": (NOBODY, EDITOR),
    "newsletter_post_mail": (EDITOR, EDITOR),
    **model("newsletter_bounce", see=ADMINISTRATOR, change=ADMINISTRATOR, delete=ADMINISTRATOR),
    **model("newsletter_mailsettings", see=ADMINISTRATOR, change=ADMINISTRATOR),
    # --- Machinery
    **model("django_tasks_database_dbtaskresult", see=ADMINISTRATOR),
}
"""By names of addresses, who may GET and who may POST."""
