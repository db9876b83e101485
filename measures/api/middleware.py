"""What every answer under /api/ has, whoever gives it: our views, the resolver or a failure."""

from . import VERSION, problems

# A page of another website may read all of it, and these headers too.
SHARED = {
    "API-Version": VERSION,
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "API-Version, ETag, Link",
}
# Django's own error pages set these; the rest belongs to their HTML.
KEPT = ("Allow", "Retry-After")


class ApiMiddleware:
    """Stands outside all other middleware, so that no answer passes it by."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not request.path_info.startswith("/api/"):
            return response
        if response.status_code >= 400 and not self.is_problem(response):
            response = self.as_problem(response)
        for name, value in SHARED.items():
            response.headers[name] = value
        if response.status_code >= 400:
            # What was wrong may be right a moment later.
            response.headers["Cache-Control"] = "no-store"
        return response

    @staticmethod
    def is_problem(response) -> bool:
        return response.headers.get("Content-Type", "").startswith(problems.MEDIA_TYPE)

    @staticmethod
    def as_problem(response):
        """The same answer without the page for people that it came with."""
        kept = {
            name: value
            for name, value in response.headers.items()
            # Security headers too: those are not about the body.
            if name in KEPT or not name.startswith(("Content-Type", "Content-L", "Content-E"))
        }
        return problems.answer(response.status_code, kept)
