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


class BrowserPolicyMiddleware:
    """Switch off what pages do not use, and keep other sites from drawing our answers in theirs.

    A view that has its own value keeps it. Cross-Origin-Resource-Policy does not touch who
    fetches open data with CORS.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
