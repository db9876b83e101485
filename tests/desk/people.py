"""Colleagues, by the role that they have."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from measures.models import Assignment


def colleague(name, *roles, themes=(), measures=(), **values):
    """Somebody with these roles; without themes and measures they work on everything."""
    user = get_user_model().objects.create_user(name, is_staff=True, **values)
    user.groups.set(Group.objects.filter(name__in=roles))
    assert user.groups.count() == len(roles)
    assignment = Assignment.objects.create(user=user)
    assignment.themes.set(themes)
    assignment.measures.set(measures)
    return user


def again(user):
    """The same person, with rights and field of work read anew."""
    return get_user_model().objects.get(pk=user.pk)
