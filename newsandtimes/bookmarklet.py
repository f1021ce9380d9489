"""The bookmark that brings the page it is pressed on to the newsroom."""

import json
from urllib.parse import quote

MOST_WORDS = 1_000
"""So many characters of what is marked on a page: some servers take addresses of 8 KiB at most."""
_READABLE = "!$&'()*+,-./:;=?@[]_{}|~<>"


def bookmarklet(address: str) -> str:
    """Return the ``javascript:`` link that opens ``address`` for the page on which it is pressed.

    It hands over title, what is marked, address, canonical address and language. Nothing is sent
    anywhere else, and nothing stays on the page.
    """
    code = (
        "(()=>{const d=document,s=getSelection(),c=d.querySelector('link[rel=canonical]'),"
        "w=s.anchorNode&&s.anchorNode.parentElement;"
        f"open({json.dumps(address)}+'?'+new URLSearchParams({{"
        "title:d.title.slice(0,300),"
        f"text:String(s).slice(0,{MOST_WORDS}),"
        "url:location.href,"
        "canonical:c?c.href:'',"
        "lang:(w&&w.closest('[lang]')||d.documentElement).lang"
        "}))})()"
    )
    return f"javascript:{quote(code, safe=_READABLE)}"
