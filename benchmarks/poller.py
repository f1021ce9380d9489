"""Our poller, once over what is due; prints the seconds that it took, Django's start left out.

python -m benchmarks.poller
"""

import time

import django


def main() -> None:
    """Do what ``manage.py poll_feeds`` does."""
    django.setup()
    from aggregator.parse_pool import ParsePool
    from aggregator.poll import Options, Poller

    started = time.perf_counter()
    with ParsePool() as pool:
        Poller(Options.from_settings(), pool=pool).run()
    print(time.perf_counter() - started)


if __name__ == "__main__":
    main()
