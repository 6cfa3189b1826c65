"""What every reply tells the browser, whoever asks and whatever comes of it."""

MEDIA = ("clip_file", "clip_poster", "clip_download", "upload_file", "upload_poster", "picture")
STRICT = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data: blob:",
    "media-src": "'self' blob:", "connect-src": "'self'", "font-src": "'self'", "form-action": "'self'",
    "manifest-src": "'self'", "base-uri": "'none'", "object-src": "'none'", "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'", "trusted-types": "default",
}  # fmt: skip


def policy(answer) -> dict[str, str]:
    rules = (rule.strip().partition(" ") for rule in answer.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, _space, values in rules if name}


def guarded(answer) -> None:
    assert policy(answer) == STRICT
    headers = answer.headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in headers
    assert "Server" not in headers and "X-Powered-By" not in headers
