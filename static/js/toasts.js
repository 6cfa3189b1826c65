// Messages leave by themselves after a while, errors only when dismissed. Also says when
// the studio did not answer, in the words that base.html carries.
const list = document.getElementById("toasts");
const STAY = 8000;

function leaveLater(toast) {
  if (toast.dataset.tone !== "error") setTimeout(() => toast.remove(), STAY);
}

function say(text, tone) {
  const toast = document.createElement("li");
  const words = document.createElement("span");
  toast.className = "toast";
  toast.dataset.tone = tone;
  words.textContent = text;
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "toast__close", textContent: "×" });
  close.setAttribute("aria-label", document.getElementById("say-close").content.textContent);
  toast.append(words, close);
  list.append(toast);
}

list.querySelectorAll(".toast").forEach(leaveLater);
new MutationObserver((changes) => {
  for (const change of changes) change.addedNodes.forEach((node) => node.dataset && leaveLater(node));
}).observe(list, { childList: true });

list.addEventListener("click", (event) => event.target.closest(".toast__close")?.closest(".toast").remove());

document.addEventListener("studio:say", ({ detail }) => say(detail.text, detail.tone));

let silent = 0;
function complain(event) {
  if (event.detail?.errorInfo) return; // htmx 2 calls one broken off by the next one an error, too
  const status = event.detail?.xhr?.status ?? event.detail?.ctx?.response?.status ?? 0;
  if (Date.now() - silent < 60_000) return; // a poller that fails each 3 s says so once a minute
  silent = Date.now();
  const words = status === 507 ? "say-full" : status >= 400 && status < 500 ? "say-refused" : "say-offline";
  say(document.getElementById(words).content.textContent, "warning");
}
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:error"]) document.addEventListener(name, complain);
