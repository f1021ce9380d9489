"""The letters that a sender has built, so that each is built once."""

from collections import OrderedDict

from blog.models import SiteSettings
from newsletter.models import MailSettings, Variant
from newsletter.sending.message import Letter

MOST_KEPT = 32


class Letters:
    """Letters by their variants: the last used ones are kept, however many variants there are."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Letter] = OrderedDict()

    def of(self, variant_id: int) -> Letter:
        """Return a variant's letter."""
        letter = self._kept.pop(variant_id, None) or self._build(variant_id)
        self._kept[variant_id] = letter
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return letter

    def forget(self) -> None:
        """Have them built anew: what the publisher sets may have changed."""
        self._kept.clear()

    def _build(self, variant_id: int) -> Letter:
        variants = Variant.objects.select_related("edition__digest")
        variant = variants.get(pk=variant_id)
        return Letter(variant, site=SiteSettings.load(), mail=MailSettings.load())
