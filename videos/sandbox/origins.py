"""Who may drive the sandbox from a browser: nobody but its own control page.

It has no password and listens on this machine, so any web page that somebody here has open could
send forms to it, and a name that is made to lead to 127.0.0.1 (DNS rebinding) could read it too.
The studio itself sends neither an Origin nor a strange Host."""

from ipaddress import ip_address

from aiohttp import web

from videos.sandbox.config import SandboxConfig

GUARDS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def own_pages_only(config: SandboxConfig):
    """A middleware: 403 for a Host that is not ours, and for what another site's page sends."""
    names = {"localhost", config.host.lower(), *config.names}

    @web.middleware
    async def guarded(request: web.Request, handler):
        if not is_own_name(request.host, names):
            raise web.HTTPForbidden(text="This sandbox does not answer to that name (see --name).")
        if from_elsewhere(request):
            raise web.HTTPForbidden(text="Another site's page may not use this sandbox.")
        answer = await handler(request)
        if not answer.prepared:
            answer.headers.update(GUARDS)
        return answer

    return guarded


def is_own_name(host: str, names: set[str]) -> bool:
    """An address written as a number cannot be made to lead elsewhere; a name has to be ours."""
    name = host.rsplit(":", 1)[0] if host.count(":") == 1 or host.startswith("[") else host
    name = name.strip("[]").lower().removesuffix(".")
    try:
        ip_address(name)
    except ValueError:
        return name in names
    return True


def from_elsewhere(request: web.Request) -> bool:
    """Whether a browser sent this for a page of another origin."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        return True
    other = request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
    return other and request.method not in ("GET", "HEAD")
