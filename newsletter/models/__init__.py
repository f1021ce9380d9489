"""What the newsletter stores: who gets mail, what goes out, and what became of each mail."""

from newsletter.models.bounce import Bounce, SuppressedAddress
from newsletter.models.delivery import Delivery, SentSecond
from newsletter.models.digest import Digest, MailSettings
from newsletter.models.edition import Edition, EditionItem, EditionQuerySet, Variant
from newsletter.models.growth import SubscriberDay
from newsletter.models.importing import SubscriberImport, SubscriberImportLine
from newsletter.models.sign_up import SignUp
from newsletter.models.subscriber import (
    AddressChange,
    Subscriber,
    SubscriberEvent,
    SubscriberQuerySet,
    UnansweredAddress,
    new_key,
)

__all__ = [
    "AddressChange",
    "Bounce",
    "Delivery",
    "Digest",
    "Edition",
    "EditionItem",
    "EditionQuerySet",
    "MailSettings",
    "SentSecond",
    "SignUp",
    "Subscriber",
    "SubscriberDay",
    "SubscriberEvent",
    "SubscriberImport",
    "SubscriberImportLine",
    "SubscriberQuerySet",
    "SuppressedAddress",
    "UnansweredAddress",
    "Variant",
    "new_key",
]
