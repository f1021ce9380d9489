"""What a person agrees to when she signs up: shown beside every form, kept with every consent."""

from django.utils.translation import gettext_lazy as _

PROMISE = _(
    "The review and the selected articles by e-mail, as often as you choose. "
    "Nothing when there is nothing."
)
SMALL_PRINT = _("No tracking. Unsubscribe with one click.")


def consent_text() -> str:
    """Return the whole of it in the active language, as it is kept for evidence."""
    return f"{PROMISE} {SMALL_PRINT}"
