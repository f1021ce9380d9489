"""Template tags and filters for ages."""

from django import template

register = template.Library()
