"""Who may do what with a post, a picture, another user: asked by every page, list and endpoint.

Roles are groups, and groups hold permissions; these functions ask for permissions only, so that
a publisher's own groups work as well. Which rows somebody may see at all is a query:
``Post.objects.visible_to(user)``.
"""

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from blog.models import Author, Image, Post, Role, User
from blog.models.post import EDIT_ALL_POSTS, PUBLISH_POST

type Person = User | AnonymousUser

UNPUBLISHED = (Post.Status.DRAFT, Post.Status.REVIEW)


def user_of(request: HttpRequest) -> User:
    """Return who is logged in, as everybody is in the newsroom; raises PermissionDenied."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def is_own(user: Person, post: Post) -> bool:
    """Whether somebody has begun a post or is one of its authors."""
    if user.pk is None:
        return False
    return post.created_by_id == user.pk or post.authors.filter(user=user.pk).exists()


def may_see(user: Person, post: Post) -> bool:
    """Whether somebody may read a post in the newsroom, whatever its state."""
    if not (user.has_perm("blog.view_post") or user.has_perm("blog.change_post")):
        return False
    return user.has_perm(EDIT_ALL_POSTS) or is_own(user, post)


def may_edit(user: Person, post: Post) -> bool:
    """Whether somebody may change a post as it stands now."""
    is_open = post.status in UNPUBLISHED or user.has_perm(PUBLISH_POST)
    return is_open and user.has_perm("blog.change_post") and may_see(user, post)


def may_publish(user: Person, post: Post) -> bool:
    """Whether somebody may publish, schedule, correct, withdraw a post, or show it to outsiders."""
    return user.has_perm(PUBLISH_POST) and may_edit(user, post)


def may_delete(user: Person, post: Post) -> bool:
    """Whether somebody may delete a post; what is out is withdrawn, or deleted by an editor."""
    is_open = post.status in UNPUBLISHED or (
        user.has_perm(EDIT_ALL_POSTS) and user.has_perm(PUBLISH_POST)
    )
    return is_open and user.has_perm("blog.delete_post") and may_see(user, post)


def states_for(user: Person, post: Post) -> list[Post.Status]:
    """Return the states in which somebody may leave a post, one that is being begun too."""
    if user.has_perm(PUBLISH_POST):
        return post.next_states
    return [state for state in post.next_states if state in UNPUBLISHED]


def bylines_for(user: Person, post: Post | None = None) -> QuerySet[Author]:
    """Return the bylines with which somebody may sign a post.

    Nobody signs with another person's name; those with which ``post`` is signed already may stay.
    """
    authors = Author.objects.all()
    if user.has_perm(EDIT_ALL_POSTS):
        return authors
    theirs = Q(user=None) | Q(user=user.pk)
    if post is not None and post.pk:
        theirs |= Q(pk__in=post.authors.values("pk"))
    return authors.filter(theirs)


def may_edit_image(user: Person, image: Image) -> bool:
    """Whether somebody may change a picture: one of their own, or any where they edit all posts."""
    is_theirs = image.created_by_id is not None and image.created_by_id == user.pk
    return user.has_perm("blog.change_image") and (is_theirs or user.has_perm(EDIT_ALL_POSTS))


def may_manage(user: User, other: User) -> bool:
    """Whether somebody may change another account: none that may do more than their own."""
    if user.is_superuser:
        return True
    return not other.is_superuser and permissions_of(other) <= permissions_of(user)


def may_manage_group(user: User, group: Group) -> bool:
    """Whether somebody may change a group, or put others into it: none with more rights."""
    return user.is_superuser or _names(group.permissions.all()) <= permissions_of(user)


def permissions_of(user: User) -> frozenset[str]:
    """Return what somebody may do, an account that is switched off too, as ``app.codename``."""
    rows = Permission.objects.all()
    return _names(rows if user.is_superuser else rows.filter(held_by(user)))


def held_by(user: User) -> Q:
    """Return the condition on permissions that somebody has them, superusers left aside."""
    return Q(user=user.pk or 0) | Q(group__user=user.pk or 0)


def _names(rows: QuerySet[Permission]) -> frozenset[str]:
    names = rows.order_by().values_list("content_type__app_label", "codename")
    return frozenset(f"{app}.{codename}" for app, codename in names)


def role_of(user: User) -> Role | None:
    """Return somebody's role, the one with most rights where there are several."""
    return _highest(Role.objects.filter(group__user=user.pk or 0))


def roles_to_give(user: User) -> list[Role]:
    """Return the roles that somebody may give to others, from the least rights to the most."""
    if user.is_superuser:
        return _in_order(Role.objects.all())
    return [role for role in _in_order(Role.objects.all()) if may_manage_group(user, role.group)]


def give_role(user: User, role: Role | None) -> None:
    """Give somebody a role in the place of the one that they had; None takes it away."""
    others = Role.objects.exclude(pk=role.pk) if role else Role.objects.all()
    user.groups.remove(*others.values_list("group", flat=True))
    if role is not None:
        user.groups.add(role.group_id)


def _highest(roles: QuerySet[Role]) -> Role | None:
    found = _in_order(roles)
    return found[-1] if found else None


def _in_order(roles: QuerySet[Role]) -> list[Role]:
    order = list(Role.Key)
    return sorted(roles.select_related("group"), key=lambda role: order.index(Role.Key(role.key)))
