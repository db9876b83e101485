"""What may be kept of an answer that searched."""

from functools import wraps

from django.utils.cache import add_never_cache_headers

from ..models import SearchChange


def leave_unkept_while_behind(request, response):
    """Let no cache keep what an index said that lags; the response.

    What is kept is kept by the version of the public data, and that does not rise when the
    index catches up.
    """
    if request.GET.get("q") and SearchChange.objects.exists():
        add_never_cache_headers(response)
        response.headers.pop("ETag", None)
    return response


def not_kept_while_behind(view):
    """The same for a view that searches by `q`."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        return leave_unkept_while_behind(request, view(request, *args, **kwargs))

    return wrapped
