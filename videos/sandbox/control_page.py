"""Serves the sandbox's own pages: ``GET /`` shows tasks and ledger to people; ``POST /control``,
``/ledger.json`` and ``/healthz`` are for scripts."""

import html
import json
from datetime import datetime

from aiohttp import web

from videos.sandbox.controls import OUTAGES
from videos.sandbox.desk import Desk
from videos.sandbox.tags import TAGS

STYLE = """
:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}
body{max-width:72rem;margin:2rem auto;padding:0 1.2rem}
h1{font-size:1.5rem}h2{font-size:1.05rem;margin-top:2.2rem}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.32rem .7rem .32rem 0;vertical-align:top;
border-bottom:1px solid color-mix(in srgb,currentColor 15%,transparent)}
th{font-weight:600}td:not(:last-child),th{white-space:nowrap}
code,td.n{font-variant-numeric:tabular-nums}.note{padding:.8rem 1rem;border-radius:10px;
background:color-mix(in srgb,#a996ff 18%,transparent)}
input,select,button{font:inherit;padding:.3rem .6rem}
"""
NOTE = """This is a stand-in for five video vendors, for rehearsals. No vendor is contacted, no money is
spent, and nobody's film is made: the clips are painted here. Any key that begins with
<code>rehearsal-</code> is an account; one that begins with <code>rehearsal-empty</code> has no credits."""


def _table(heads: list[str], rows: list[list[object]]) -> str:
    head = "".join(f"<th>{html.escape(text)}</th>" for text in heads)
    lines = ["".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) for row in rows]
    empty = f'<tr><td colspan="{len(heads)}">Nothing yet.</td></tr>'
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{line}</tr>' for line in lines) or empty}</table>"


def _time(moment: float) -> str:
    return datetime.fromtimestamp(moment).strftime("%H:%M:%S")


class ControlPage:
    def __init__(self, desk: Desk):
        self.desk = desk

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/", self.page)
        app.router.add_post("/control", self.control)
        app.router.add_get("/ledger.json", self.ledger)
        app.router.add_get("/healthz", self.health)

    async def page(self, request: web.Request) -> web.Response:
        desk, controls = self.desk, self.desk.controls
        tasks = [
            [_time(t.made), t.vendor, t.account, t.id, desk.stage(t), f"{t.amount} {t.unit}", t.prompt[:90]]
            for t in desk.store.tasks(limit=60)
        ]
        entries = desk.store.ledger()
        ledger = [
            [_time(e["at"]), e["vendor"], e["account"], e["task"], e["kind"], f"{e['amount']} {e['unit']}"]
            for e in reversed(entries[-60:])
        ]
        accounts = sorted({(entry["vendor"], entry["account"], entry["unit"]) for entry in entries})
        spent = [
            [vendor, account, f"{desk.store.spent(vendor, account)} {unit}"]
            for vendor, account, unit in accounts
        ]
        tags = [[f"[{name}]", text] for name, text in TAGS.items()]
        text = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Rehearsal sandbox</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style>
<h1>Rehearsal sandbox</h1><p class="note">{NOTE}</p>
<h2>Speed</h2><form method="post" action="/control"><label>Everything is
<input name="speed" type="number" step="any" min="0.01" value="{controls.speed:g}" size="6">
times faster than a vendor, for tasks taken from now on</label> <button>Set</button>
<button name="hurry" value="1">Finish everything now</button></form>
<p>Scripts: <code>POST /control</code> with JSON: <code>speed</code>, <code>outage</code>
({html.escape(", ".join(OUTAGES))}, per vendor), <code>rate</code> (requests a minute, per vendor),
<code>flat</code> (seedanceapi-dev answers errors with HTTP 200), <code>revoked</code> (keys), <code>hurry</code>.
Now: <code>{html.escape(json.dumps(self.desk.controls.state()))}</code></p>
<h2>Addresses</h2>{_table(["Vendor", "Base address"], [[s, f"{desk.origin}/{s}"] for s in desk.dialects])}
<h2>What a prompt can ask for</h2>{_table(["Tag", "What happens"], tags)}
<h2>Accounts</h2>{_table(["Vendor", "Key", "Would have been charged"], spent)}
<h2>Tasks</h2>{_table(["Time", "Vendor", "Key", "Task", "Stage", "Charge", "Prompt"], tasks)}
<h2>Ledger</h2>{_table(["Time", "Vendor", "Key", "Task", "Entry", "Amount"], ledger)}</html>"""
        return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def control(self, request: web.Request) -> web.Response:
        """JSON from scripts, a form from the page. 400 with a sentence when it makes no sense."""
        asked_by_page = request.content_type == "application/x-www-form-urlencoded"
        try:
            wish = await self._form(request) if asked_by_page else await request.json()
        except ValueError:
            return web.json_response({"problem": "not JSON"}, status=400)
        if not isinstance(wish, dict):
            return web.json_response({"problem": "must be an object"}, status=400)
        problem = self.desk.controls.turn(wish, set(self.desk.dialects))
        if problem:
            return web.json_response({"problem": problem}, status=400)
        if wish.get("hurry"):
            await self.desk.hurry()
        if asked_by_page:
            raise web.HTTPSeeOther("/")
        return web.json_response(self.desk.controls.state())

    async def _form(self, request: web.Request) -> dict[str, object]:
        form = await request.post()
        return {"hurry": True} if "hurry" in form else {"speed": float(form.get("speed", ""))}

    async def ledger(self, request: web.Request) -> web.Response:
        return web.json_response({"entries": self.desk.store.ledger()})

    async def health(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "rehearsal": True, "open_tasks": len(self.desk.running)})
