import pytest
from django.core.mail import EmailMessage

from newsletter.dispatch import deliver


@pytest.fixture
def smtp(smtp, settings):
    """The server, reached through our backend."""
    mailers = {"default": settings.MAILERS["default"] | {"BACKEND": "newsletter.smtp.EmailBackend"}}
    settings.MAILERS = mailers
    return smtp


@pytest.mark.parametrize(
    ("address", "on_the_wire"),
    [
        ("reader@example.org", "reader@example.org"),
        ("reader@пошта.укр", "reader@xn--80a1acn3a.xn--j1amh"),
        ("читач@пошта.укр", "читач@пошта.укр"),
    ],
)
def test_backend_reaches_addresses_in_every_script(smtp, address, on_the_wire):
    deliver(EmailMessage("Привіт", "Текст", "us@example.org", [address]))

    (envelope,) = smtp.envelopes
    assert envelope.rcpt_tos == [on_the_wire]
    assert smtp.messages[0]["To"] == on_the_wire
    assert smtp.messages[0]["Subject"] == "Привіт"
    assert smtp.messages[0].get_content().rstrip() == "Текст"
