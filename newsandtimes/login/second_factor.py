"""Second factors: who must have one, who has, and how one is taken away after a lost phone."""

from allauth.mfa.models import Authenticator

from blog.models import SiteSettings, User
from blog.models.post import EDIT_ALL_POSTS

Rule = SiteSettings.SecondFactor
_THAT_COUNT = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_required_for(user: User, *, site: SiteSettings) -> bool:
    """Whether the publisher asks somebody for a second factor."""
    match site.second_factor:
        case Rule.EVERYBODY:
            return True
        case Rule.EDITORS:
            return user.has_perm(EDIT_ALL_POSTS)
        case _:
            return False


def has_one(user: User) -> bool:
    """Whether somebody has set up a second factor; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user=user, type__in=_THAT_COUNT).exists())


def reset(user: User) -> int:
    """Take away all of somebody's second factors and recovery codes; return how many."""
    count, _ = Authenticator.objects.filter(user=user).delete()
    return int(count)
