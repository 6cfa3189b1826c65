// The film under the hands: J K L, frame by frame with , and ., loop, and the moment of which
// "use this frame" speaks.
const film = () => document.getElementById("film");
const fps = () => Number(document.querySelector(".player")?.dataset.fps) || 24;

function step(frames) {
  film().pause();
  // Half a frame inside, so that rounding never shows the same picture twice.
  film().currentTime = Math.max(0, (Math.floor(film().currentTime * fps() + 0.01) + frames + 0.5) / fps());
}

const keys = {
  "film.frame_back": () => step(-1),
  "film.frame_on": () => step(1),
  "film.play": () => (film().paused ? film().play().catch(() => {}) : film().pause()),
  "film.back": () => { film().currentTime = Math.max(0, film().currentTime - 1); },
  "film.on": () => { film().currentTime = Math.min(film().duration || 0, film().currentTime + 1); },
};

document.addEventListener("studio:key", ({ detail: act }) => film() && act(keys));

function tell() {
  const time = document.querySelector("[data-time]");
  if (!time || !film()) return;
  const now = film().currentTime;
  const at = document.getElementById("at");
  if (at && at !== document.activeElement) at.value = now.toFixed(3);
  time.textContent = `${Math.floor(now / 60)}:${(now % 60).toFixed(2).padStart(5, "0")}`;
}

for (const name of ["timeupdate", "seeked"]) document.addEventListener(name, tell, true);

// The takes of a stack on one clock, that of the longest; a shorter one waits on its last frame.
const takes = () => [...document.querySelectorAll("[data-together]")].sort((a, b) => b.duration - a.duration);
const bar = document.querySelector(".transport input");
const to = (time) => takes().forEach((one) => { one.currentTime = time; });

bar?.addEventListener("input", () => to(bar.value * takes()[0].duration));
bar?.previousElementSibling.addEventListener("click", () => {
  const [{ paused, ended, currentTime }] = takes();
  to(ended ? 0 : currentTime);
  takes().forEach((one) => { one.muted = true; one[paused ? "play" : "pause"](); });
});
document.addEventListener("timeupdate", (event) => {
  const [lead, ...others] = takes();
  if (event.target !== lead || !bar) return;
  const now = lead.currentTime;
  bar.value = now / lead.duration;
  others.forEach((one) => { if (!one.paused && Math.abs(one.currentTime - now) > 0.15) one.currentTime = now; });
}, true);

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.step) step(Number(button.dataset.step));
  if ("loop" in button.dataset) {
    film().loop = !film().loop;
    button.setAttribute("aria-pressed", String(film().loop));
  }
});
