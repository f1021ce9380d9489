"""Messages of packages that our catalogues translate because theirs do not, or not well.

Nothing imports this: `make messages` finds the words here. Django's Ukrainian lacks some, and both
languages put the name of a model into a sentence as it is, where it would have to be declined;
the table of tasks is translated nowhere, nor are names of permissions.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

SENTENCES_AROUND_NAMES = (
    _("Add %s"),
    _("Add %(name)s"),
    _("Add another %(verbose_name)s"),
    _("Add another %(model)s"),
    _("Change %s"),
    _("View %s"),
    _("Select %s"),
    _("Select %s to change"),
    _("Select %s to view"),
    _("Search %(name)s"),
    _("Pagination %(name)s"),
    _("Pagination %(name)s entries"),
    _("Filter by %(field_name)s"),
    _(
        "Deleting the %(object_name)s “%(escaped_object)s” would result in deleting related"
        " objects, but your account doesn't have permission to delete the following types of"
        " objects:"
    ),
    _(
        "Deleting the %(object_name)s “%(escaped_object)s” would require deleting the following"
        " protected related objects:"
    ),
    _(
        "Are you sure you want to delete the %(object_name)s “%(escaped_object)s”? All of the"
        " following related items will be deleted:"
    ),
)
ADMIN = (
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    _("Run"),
    _("Logout"),
    _("After you’ve created a user, you’ll be able to edit more user options."),
    _("Forgotten your login credentials?"),
    _("In case you’ve forgotten, you are:"),
    ngettext_lazy("…and %(count)d more object.", "…and %(count)d more objects.", "count"),
)
FORMS = (
    _("- Select an option -"),
    _("“%(value)s” value must be either True or False."),
    _("“%(value)s” value must be an integer."),
    _("“%(value)s” value has an invalid date format. It must be in YYYY-MM-DD format."),
    _("“%(value)s” value has the correct format (YYYY-MM-DD) but it is an invalid date."),
    _("%(model)s instance with %(field)s %(value)r is not a valid choice."),
    _(
        "ManagementForm data is missing or has been tampered with. Missing fields:"
        " %(field_names)s. You may need to file a bug report if the issue persists."
    ),
    ngettext_lazy(
        "Please submit at most %(num)d form.", "Please submit at most %(num)d forms.", "num"
    ),
    ngettext_lazy(
        "Please submit at least %(num)d form.", "Please submit at least %(num)d forms.", "num"
    ),
    _("“%(pk)s” is not a valid value."),
    _(
        "%(datetime)s couldn’t be interpreted in time zone %(current_timezone)s; it may be"
        " ambiguous or it may not exist."
    ),
    _("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
)
PERMISSIONS = (
    # Our own: the database keeps their names in English.
    _("Can publish, schedule, correct and withdraw posts"),
    _("Can work on everybody's posts and pictures"),
    _("Can see how many subscribers there are"),
)
TASKS = (
    pgettext_lazy("Task", "Ready"),
    pgettext_lazy("Task", "Running"),
    pgettext_lazy("Task", "Failed"),
    pgettext_lazy("Task", "Successful"),
    _("Task Result"),
    _("Task Results"),
    _("enqueued at"),
    _("started at"),
    _("finished at"),
    _("args kwargs"),
    _("priority"),
    _("task path"),
    _("worker id"),
    _("queue name"),
    _("backend name"),
    _("run after"),
    _("return value"),
    _("exception class path"),
    _("traceback"),
)
