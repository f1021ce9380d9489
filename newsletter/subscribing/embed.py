"""The sign-up form for other sites, as a piece of HTML to copy."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from blog.addresses import absolute
from newsletter.subscribing import consent


def form_code() -> str:
    """Return a plain form that needs no script and carries no secret, as a text to copy.

    It posts to the sign-up page, which asks for one more press; see newsletter.subscribing.origin.
    """
    code = format_html(
        '<form action="{}" method="post" accept-charset="utf-8">\n'
        "  <label>{}\n"
        '    <input name="email" type="text" inputmode="email" autocomplete="email" '
        'maxlength="320" required>\n'
        "  </label>\n"
        "  <button>{}</button>\n"
        "  <p><small>{} {}</small></p>\n"
        "</form>",
        absolute(reverse("newsletter:subscribe")),
        *(_("Your e-mail address"), _("Subscribe"), consent.PROMISE, consent.SMALL_PRINT),
    )
    return code + ""  # a plain text from here on, which pages escape
