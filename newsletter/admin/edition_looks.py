"""Looks at an edition before it goes: as HTML, as text, in the own inbox; do links answer?"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from blog.models import SiteSettings
from blog.rights import user_of
from newsletter import tasks
from newsletter.admin.edition_deeds import EditionDeeds
from newsletter.editions import link_check
from newsletter.editions.rendering import Mail
from newsletter.editions.trial import mail_for_all
from newsletter.models import Edition
from newsletter.subscribing.confirmation import new_message_id

NOBODY = "your-own"
_WITH_FRAMES: dict[str, Any] = settings.SECURE_CSP | {"frame-src": [CSP.SELF]}
_OF_MAIL: dict[str, Any] = {
    # As a mail program shows it: its own styles, and nothing from anywhere.
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "frame-ancestors": [CSP.SELF],
    "form-action": [CSP.NONE],
    "base-uri": [CSP.NONE],
}


class EditionLooks(EditionDeeds):
    """Mixed into the admin of editions."""

    def get_urls(self) -> list[URLPattern]:
        """Add an address for each look."""
        view = self.admin_site.admin_view
        pages = {"preview": self._preview, "mail": self._mail}
        deeds = {"trial": self._trial, "links": self._links}
        return [
            *(
                path(
                    f"<int:pk>/{name}/", view(require_safe(look)), name=f"newsletter_edition_{name}"
                )
                for name, look in pages.items()
            ),
            *(
                path(
                    f"<int:pk>/{name}/", view(require_POST(deed)), name=f"newsletter_edition_{name}"
                )
                for name, deed in deeds.items()
            ),
            *super().get_urls(),
        ]

    @method_decorator(csp_override(_WITH_FRAMES))
    def _preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = self.edition_for(request, pk, to_change=False)
        language = language_of(request)
        mail = rendered(edition, language)
        context = {"mail": mail, "language": language, "languages": settings.LANGUAGES}
        return self.ask(request, "preview", edition, **context)

    @method_decorator([never_cache, xframe_options_sameorigin, csp_override(_OF_MAIL)])
    def _mail(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = self.edition_for(request, pk, to_change=False)
        return HttpResponse(rendered(edition, language_of(request)).html)

    def _trial(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mail an edition to the editor who presses the button, and to nobody else."""
        edition = self.edition_for(request, pk)
        user = user_of(request)
        if not user.email:
            messages.error(request, _t("Your account has no e-mail address."))
            return redirect(self.page_of(edition))
        tasks.send_trial_mail.enqueue(user.pk, edition.pk, language_of(request), new_message_id())
        return self.done(request, edition, True, _t("A test mail to yourself is on its way."))

    def _links(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask the poller whether the addresses in an edition answer."""
        edition = self.edition_for(request, pk)
        addresses = link_check.addresses_in(edition.items.filter(is_dropped=False))
        user_id = user_of(request).pk or 0
        count = link_check.ask(addresses, user_id=user_id, now=timezone.now())
        words = ngettext(
            "%d address is looked at. Come back in a minute.",
            "%d addresses are looked at. Come back in a minute.",
            count,
        )
        return self.done(request, edition, count > 0, words % count)


def language_of(request: HttpRequest) -> str:
    """Return the language that a look is wanted in, by default the site's."""
    asked = request.GET.get("language") or request.POST.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else SiteSettings.load().language


def rendered(edition: Edition, language: str) -> Mail:
    """Return the mail with a word in the place of each reader's token."""
    return mail_for_all(edition, language=language, site=SiteSettings.load(), mark=NOBODY)
