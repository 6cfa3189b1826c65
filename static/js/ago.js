// "4 min ago" beside the exact time on hover. The text below works without this.
const language = document.documentElement.lang || "en";
const words = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
const steps = [["day", 86400], ["hour", 3600], ["minute", 60]];

function say(element) {
  const seconds = (new Date(element.dateTime) - Date.now()) / 1000;
  if (Math.abs(seconds) > 6 * 86400) return;
  const [unit, length] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  const text = unit === "second" ? words.format(0, "second") : words.format(Math.trunc(seconds / length), unit);
  if (element.textContent !== text) element.textContent = text;
}

const sayAll = (root) => root.querySelectorAll("time[data-ago]").forEach(say);

sayAll(document);
setInterval(() => sayAll(document), 30_000);
document.addEventListener("htmx:afterSettle", () => sayAll(document));
document.addEventListener("htmx:after:settle", () => sayAll(document));
