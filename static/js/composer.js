// The composer under the hands: what its keys do, the counter, sliders with their numbers, "More" that
// stays open while the wishes are drawn again, words typed during a press, and the last
// words of a tab that closes.
let open = false;
let unsaved = false;
let sent, ahead;

const composer = () => document.getElementById("composer");

function count() {
  const form = composer();
  const prompt = form?.querySelector("#prompt");
  if (!prompt) return;
  const ruler = form.querySelector(".ruler");
  const maximum = Number(ruler.dataset.maximum);
  const length = [...prompt.value].length;
  ruler.hidden = !maximum || length < maximum / 4;
  ruler.textContent = [length, maximum].map((number) => number.toLocaleString(document.documentElement.lang)).join(" / ");
  const over = Boolean(maximum) && length > maximum;
  ruler.toggleAttribute("data-over", over);
  const missing = form.querySelector(prompt.value.trim() ? ".mentions__lost b:not(:empty)" : ".composer__empty");
  const go = form.querySelector("#go");
  go.setAttribute("aria-disabled", String("refused" in go.dataset || over || Boolean(missing)));
}

function drawn() {
  const form = composer();
  if (!form) return;
  if (open) form.querySelector("#more")?.setAttribute("open", "");
  const prompt = form.querySelector("#prompt");
  if (ahead && ahead !== prompt) {
    [prompt.value, ahead] = [ahead.value];
    // Before that nobody hears it.
    document.addEventListener("htmx:afterSettle", () => prompt.dispatchEvent(new Event("input", { bubbles: true })), { once: true });
  }
  count();
}

const keys = {
  "generate": (form, { repeat, target }) => form.contains(target) && (repeat || form.requestSubmit(form.querySelector("#go"))),
  "prompt": (form) => form.querySelector("#prompt").focus(),
  "last": (form) => form.querySelector("[value=last]")?.click(),
};

document.addEventListener("studio:key", ({ detail: act }) => composer() && act(keys, composer()));
document.addEventListener("input", (event) => {
  unsaved ||= event.target.form === composer();
  if (event.target.id === "prompt") count();
  const number = event.target.dataset.of && document.getElementById(event.target.dataset.of);
  if (number) number.value = event.target.value;
  else document.querySelector(`[data-of="${CSS.escape(event.target.id)}"]`)?.setAttribute("value", event.target.value);
});
document.addEventListener("toggle", (event) => {
  if (event.target.id === "more" && event.target.isConnected) open = event.target.open;
}, true);
for (const name of ["htmx:beforeRequest", "htmx:before:request"]) document.addEventListener(name, (event) => {
  if (/^(composer|saver)$/.test(event.target.id)) unsaved = false;
  if (event.target.id === "composer") sent = event.target.querySelector("#prompt").value;
});
for (const name of ["htmx:beforeSwap", "htmx:before:swap"]) document.addEventListener(name, ({ target }) => {
  const prompt = target.id === "composer" && target.querySelector("#prompt");
  if (prompt) ahead = prompt.value !== sent && prompt;
});
addEventListener("pagehide", () => {
  if (unsaved) fetch(composer().dataset.draft, { method: "POST", body: new FormData(composer()), keepalive: true, headers: { "HX-Request": "true" } });
});
for (const name of ["htmx:afterSwap", "htmx:after:swap", "htmx:oobAfterSwap"]) document.addEventListener(name, drawn);
drawn();
