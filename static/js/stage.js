// A poster that moves when looked at: hover (after a moment) or focus plays it muted,
// leaving stops it and its download; a press plays it in place, with controls and sound.
const still = matchMedia("(prefers-reduced-motion: reduce)");
const pointed = matchMedia("(hover: hover) and (pointer: fine)");
const WAIT = 150;
let soon;

const filmOf = (stage) => stage?.querySelector("video.stage__film");

function look(stage) {
  const film = filmOf(stage);
  if (!film || film.controls || still.matches || navigator.connection?.saveData) return;
  film.muted = true;
  film.play().then(() => stage.toggleAttribute("data-playing", !film.paused), () => {});
}

function leave(stage) {
  clearTimeout(soon);
  const film = filmOf(stage);
  if (!film || film.controls) return;
  stage.removeAttribute("data-playing");
  if (!film.currentSrc && film.networkState < 2) return;
  const source = film.getAttribute("src");
  film.pause();
  film.removeAttribute("src"); // the one way to end a download
  film.load();
  film.setAttribute("src", source); // preload="none": nothing is fetched again by itself
}

function play(stage) {
  const film = filmOf(stage);
  clearTimeout(soon);
  film.controls = true;
  film.muted = false;
  film.removeAttribute("aria-hidden");
  film.tabIndex = 0;
  stage.setAttribute("data-open", "");
  film.play().catch(() => {});
  film.focus();
}

const stageOf = (event) => (event.target instanceof Element ? event.target.closest(".stage") : null);

document.addEventListener("pointerover", (event) => {
  const stage = stageOf(event);
  if (!stage || !pointed.matches || stage.contains(event.relatedTarget)) return;
  clearTimeout(soon);
  soon = setTimeout(() => look(stage), WAIT);
});
document.addEventListener("pointerout", (event) => {
  const stage = stageOf(event);
  if (stage && !stage.contains(event.relatedTarget)) leave(stage);
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches("a[data-plays]:focus-visible")) look(stageOf(event));
});
document.addEventListener("focusout", (event) => {
  if (event.target.matches("a[data-plays]")) leave(stageOf(event));
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-plays]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  play(stageOf(event));
});
