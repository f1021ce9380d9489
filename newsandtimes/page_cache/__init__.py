"""Pages that are the same for everybody are made once and served many times.

A page is kept beside the generation of what readers see (blog.changes): a publication, a pick or a
change of the settings shows at the very next request. It is kept no longer than to the end of the
minute in which it was made, so its ages are right, and what is scheduled for a minute appears then
with nothing running. Only what a view has marked (blog.caching) is kept, and only where the
response sets no cookie and depends on none.

``keeping`` has the pages, near in each process and far in the cache that all share; ``making``, a
middleware of Django's, makes them; ``serving`` stands before Django and hands them out.
"""
