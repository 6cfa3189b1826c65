"""Refuses requests that a browser sends to the sandbox for any page but its own control page.

The sandbox has no password and listens on this machine, so any web page open in a browser here
could send forms to it, and one under a name that leads to 127.0.0.1 (DNS rebinding) could read it.
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
    """Returns a middleware that answers 403 for a Host that is not ours, and for what another site's page sends."""
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
    """Returns whether a Host header is accepted: any IP address, which DNS cannot redirect, or one of
    our names."""
    name = host.rsplit(":", 1)[0] if host.count(":") == 1 or host.startswith("[") else host
    name = name.strip("[]").lower().removesuffix(".")
    try:
        ip_address(name)
    except ValueError:
        return name in names
    return True


def from_elsewhere(request: web.Request) -> bool:
    """Returns whether a browser sent this for a page of another origin."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        return True
    other = request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
    return other and request.method not in ("GET", "HEAD")
