"""Corrections, on the page of the post that they correct."""

from django.contrib import admin

from blog.models import Correction, Post


class CorrectionInline(admin.TabularInline[Correction, Post]):
    """What was wrong, and what is right."""

    model = Correction
    fields = ["text", "made_at", "made_by"]
    readonly_fields = ["made_at", "made_by"]
    extra = 0
