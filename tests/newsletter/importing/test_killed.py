"""Workers that are killed in the middle of an import: every line is brought in once."""

import pytest

from tests.newsletter.editions.test_killed import Site
from tests.waiting import wait_until

LINES = 3_000
STEP = 20
KILLED_AT = (200, 900, 1_800)

LOOK = f"""
from django.core.files.base import ContentFile
from newsletter.importing import running
from newsletter.models import Subscriber, SubscriberImport
Subscriber.objects.create(email="left@example.org", email_key="left@example.org",
                          state="unsubscribed")
lines = "".join(f"a{{n}}@example.org,2024-01-01\\n" for n in range({LINES}))
text = "email,confirmed_at\\n" + lines + "left@example.org,2024-01-01\\n"
name = running.files().save("imports/a.csv", ContentFile(text.encode()))
work = SubscriberImport.objects.create(name="a.csv", file=name)
running.run(work.pk)
running.start_applying(work)
"""
APPLY = f"""
from newsletter.importing import running
from newsletter.models import SubscriberImport
running.STEP = {STEP}
while not running.run(SubscriberImport.objects.get().pk, budget_s=0.2):
    pass
"""
LATER = """
from newsletter.models import SubscriberImport
SubscriberImport.objects.update(lease_until=None)
"""
ACTIVE = "SELECT count(*) FROM newsletter_subscriber WHERE state = 'active'"


@pytest.fixture
def site(tmp_path, own_database):
    return Site(tmp_path, own_database)


def test_import_goes_on_where_its_worker_was_killed(site):
    site.run(LOOK)
    for rows in KILLED_AT:
        workers = [site.start(APPLY) for _ in range(2)]
        wait_until(lambda rows=rows: site.ask(ACTIVE)[0][0] >= rows)
        for worker in workers:
            worker.kill()
            worker.communicate()
        done = site.ask(ACTIVE)[0][0]
        assert rows <= done < LINES
        assert done % STEP == 0  # of no step is there a part
        assert site.ask("SELECT position FROM newsletter_subscriberimport") == [(done,)]
        site.run(LATER)
    site.run(APPLY)

    assert site.ask(ACTIVE) == [(LINES,)]
    each = "SELECT count(*), count(DISTINCT subscriber_id) FROM newsletter_subscriberevent"
    assert site.ask(each) == [(LINES, LINES)]
    assert site.ask("SELECT line, result FROM newsletter_subscriberimportline") == [
        (LINES + 2, "left")
    ]
    assert site.ask("SELECT state, position FROM newsletter_subscriberimport") == [
        ("done", LINES + 1)
    ]
