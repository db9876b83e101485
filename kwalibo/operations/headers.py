"""Headers of every answer that Django has no setting for."""

# What no page of ours uses; a script that would get in, cannot either.
UNUSED = [
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
]
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED)


# For what no view made: static files and signs of life. They load nothing and are no form.
NOTHING_MORE = (
    "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": NOTHING_MORE,
    # SecurityMiddleware sends these too; signs of life do not come that far.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class BrowserPolicyMiddleware:
    """Switch off what pages do not use, and keep other sites from drawing our answers in theirs.

    Outside all others, so that no answer passes it by. A view that has its own value keeps it.
    Cross-Origin-Resource-Policy does not touch who fetches open data with CORS.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
