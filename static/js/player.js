// The film under the hands: J K L, frame by frame with , and ., loop, and a last frame
// that becomes the start of the next shot. Keys are inert while somebody types.
const film = () => document.getElementById("film");
const fps = () => Number(document.querySelector(".player")?.dataset.fps) || 24;

function step(frames) {
  film().pause();
  // Half a frame inside, so that rounding never shows the same picture twice.
  film().currentTime = Math.max(0, (Math.floor(film().currentTime * fps() + 0.01) + frames + 0.5) / fps());
}

const keys = {
  ",": () => step(-1),
  ".": () => step(1),
  k: () => (film().paused ? film().play().catch(() => {}) : film().pause()),
  j: () => { film().currentTime = Math.max(0, film().currentTime - 1); },
  l: () => { film().currentTime = Math.min(film().duration || 0, film().currentTime + 1); },
};

document.addEventListener("keydown", (event) => {
  if (!film() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const action = keys[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action();
});

function tell() {
  const time = document.querySelector("[data-time]");
  if (!time || !film()) return;
  const now = film().currentTime;
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
  if (button.dataset.continue) lastFrame(button);
});

const seeked = (video) => new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }));

async function lastFrame(button) {
  button.setAttribute("aria-busy", "true");
  const video = film();
  video.pause();
  video.loop = false;
  const there = seeked(video);
  video.currentTime = Math.max(0, video.duration - 1 / fps());
  await there;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d").drawImage(video, 0, 0);
  const picture = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  const body = new FormData();
  body.append("csrfmiddlewaretoken", document.querySelector("#act [name=csrfmiddlewaretoken]").value);
  body.append("file", picture, "last-frame.png");
  const reply = await fetch(button.dataset.continue, { method: "POST", body }).catch(() => null);
  const answer = reply ? await reply.json().catch(() => ({})) : {};
  button.removeAttribute("aria-busy");
  if (reply?.ok) return location.assign(`${button.dataset.then}&picture=${answer.id}`);
  const detail = answer.error ?? document.querySelector("#say-offline").content.textContent;
  document.dispatchEvent(new CustomEvent("studio:say", { detail }));
}
