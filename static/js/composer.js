// The composer under the hands: the chord that sends, the counter, sliders with their
// numbers, and "More" that stays open while the wishes are drawn again.
const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
let open = false;
let unsaved = false;

const composer = () => document.getElementById("composer");

function count() {
  const form = composer();
  const prompt = form?.querySelector("#prompt");
  if (!prompt) return;
  const maximum = Number(prompt.dataset.maximum);
  const length = [...prompt.value].length;
  const ruler = form.querySelector(".ruler");
  ruler.hidden = !maximum || length < maximum / 4;
  ruler.textContent = `${length.toLocaleString(document.documentElement.lang)} / ${maximum.toLocaleString(document.documentElement.lang)}`;
  const over = Boolean(maximum) && length > maximum;
  ruler.toggleAttribute("data-over", over);
  const missing = form.querySelector(prompt.value.trim() ? ".mentions__lost b:not(:empty)" : ".composer__empty");
  const go = form.querySelector("#go");
  go.setAttribute("aria-disabled", String("refused" in go.dataset || over || Boolean(missing)));
}

function drawn() {
  const form = composer();
  if (!form) return;
  if (mac) form.querySelectorAll("[data-chord]").forEach((chord) => { chord.textContent = "⌘ ↵"; });
  const more = form.querySelector("#more");
  if (more && open) more.open = true;
  count();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey) return;
  const key = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (key && !event.altKey && !event.target.closest("input, textarea, select")) key.click();
  if (event.altKey && event.code === "KeyA" && composer()) {
    event.preventDefault();
    composer().querySelector("#prompt").focus();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest("#composer");
  if (!form) return;
  event.preventDefault();
  if (!event.repeat) form.requestSubmit(form.querySelector("#go"));
});
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
});
addEventListener("pagehide", () => {
  const body = unsaved && new FormData(composer());
  if (body) fetch(composer().dataset.draft, { method: "POST", body, keepalive: true, headers: { "HX-Request": "true" } });
});
for (const name of ["htmx:afterSwap", "htmx:after:swap", "htmx:oobAfterSwap"]) document.addEventListener(name, drawn);
drawn();
