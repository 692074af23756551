"""Headers on every answer: what a page may load, and what may be kept."""

from flask import Response, request

from showroom_app.web.public import is_public

_POLICY = (
    "default-src 'none'; script-src 'self'{wasm}; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
POLICY = _POLICY.format(wasm="")
# The camera's decoder is WebAssembly; only the pages that scan may run it.
SCAN_POLICY = _POLICY.format(wasm=" 'wasm-unsafe-eval'")
SCAN_ENDPOINTS = {
    "sales.till", "scanners.page", "counting.stocktake_page", "counting.count", "counting.take_back", "goods.find",
    "hand_backs.new", "refunds.find",
    "venues.send_out", "venues.bring_back", "venues.transfer", "venues.arrive",
    "labels.swap",
}  # fmt: skip


def set_headers(response: Response) -> Response:
    """Strict content policy; pages with people's money are never kept by a cache."""
    headers = response.headers
    headers["Content-Security-Policy"] = SCAN_POLICY if request.endpoint in SCAN_ENDPOINTS else POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["X-Frame-Options"] = "DENY"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
        headers["Vary"] = "Cookie, HX-Request" + (", Accept-Language" if is_public() else "")
    return response
