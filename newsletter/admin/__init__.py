"""The newsletter in the newsroom, by subject."""

from blog.admin.post_actions import post_tools
from newsletter.admin import bounces, digests, editions, settings, subscribers
from newsletter.admin.mail_post import tool_for

__all__ = ["bounces", "digests", "editions", "settings", "subscribers"]

if tool_for not in post_tools:
    post_tools.append(tool_for)
