// What a page says of time; it says the exact moment without this.
const language = document.documentElement.lang || "en";
const words = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
const steps = [["day", 86400], ["hour", 3600], ["minute", 60]];

// No header tells a server where its reader is: dates follow this cookie until the
// profile says otherwise.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) document.cookie = `studio-zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;

const since = (time) => (Date.now() - new Date(time.dateTime)) / 1000;

function ago(time) {
  const seconds = -since(time);
  if (Math.abs(seconds) > 6 * 86400) return;
  const [unit, length] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 0];
  const text = words.format(length && Math.trunc(seconds / length), unit);
  if (time.textContent !== text) time.textContent = text;
}

function elapsed(time) {
  const seconds = Math.max(0, Math.round(since(time)));
  const two = (size) => String(Math.floor(seconds / size) % 60).padStart(2, "0");
  time.textContent = seconds < 3600 ? `${Math.floor(seconds / 60)}:${two(1)}` : `${Math.floor(seconds / 3600)}:${two(60)}:${two(1)}`;
}

const say = () => document.querySelectorAll("time[data-ago]").forEach(ago);

say();
setInterval(say, 30_000);
for (const name of ["htmx:afterSettle", "htmx:after:settle"]) document.addEventListener(name, say);
// Waiting cards tick without a request.
setInterval(() => document.hidden || document.querySelectorAll("time[data-since]").forEach(elapsed), 1000);
