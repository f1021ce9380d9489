"""What the tests of the publication may lean on."""

import pytest

from blog.models import AuditEntry
from tests.factories import make_editor


@pytest.fixture
def boss(client):
    """Somebody with every right, who is logged in; the audit knows of nothing yet."""
    user = make_editor(username="boss")
    client.force_login(user)
    AuditEntry.objects.all().delete()  # that they logged in
    return user
