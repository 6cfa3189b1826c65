// @ in the prompt lists the attached pictures; words follow pictures that move, by drag too.
const MENTION = /(?<![A-Za-z0-9_.])@image(\d+)/g;
const TYPED = /(?<![A-Za-z0-9_.])[@＠][^\s@＠]*$/;
const on = (name, act) => document.addEventListener(name, act);
const get = (id) => document.getElementById(id);
const all = (query) => [...document.querySelectorAll(query)];
const listed = () => all("#mention-list:not([hidden]) > :not([hidden])");
let at, dragged, drawn;

function write(prompt, from, to, text) {
  prompt.focus();
  prompt.setSelectionRange(from, to);
  document.execCommand("insertText", false, text); // leaves Ctrl+Z its memory
}

function list(rows, to = 0) {
  const prompt = get("prompt");
  at = (to + rows.length) % rows.length;
  get("mention-list").hidden = !rows[at];
  prompt.role = rows[at] ? "combobox" : null;
  prompt.ariaExpanded = rows[at] ? true : null;
  prompt.setAttribute("aria-activedescendant", rows[at]?.id ?? "");
  rows.forEach((row, n) => { row.ariaSelected = n === at; });
  rows[at]?.scrollIntoView({ block: "nearest" });
}

function typed() {
  const prompt = get("prompt");
  return prompt.value.slice(0, prompt.selectionEnd).match(TYPED);
}

function look() {
  const word = typed()?.[0].toLowerCase();
  const rows = all("#mention-list > *").filter((row) => !(row.hidden = !row.textContent.toLowerCase().includes(word?.slice(1))));
  list(!word || rows.some((row) => row.dataset.mention === word) ? [] : rows);
}

function choose(row) {
  const prompt = get("prompt");
  write(prompt, typed().index, prompt.selectionEnd, `${row.dataset.mention} `);
}

function say() {
  const named = new Set(get("prompt").value.match(MENTION));
  for (const chip of all(".mentions__strip > *")) chip.toggleAttribute("data-there", named.delete(chip.dataset.mention));
  for (const lost of all(".mentions__lost b")) lost.textContent = [...named].join(", ");
}

function redrawn() {
  const prompt = get("prompt");
  if (!prompt) return;
  // Those that wait come after: "role:id".
  const ids = all("#composer [name^='picture.'], #composer [name='waiting']").map((field) => field.value.split(":").pop());
  if (prompt === drawn?.prompt) { // else it came with them, numbered
    const words = prompt.value.replace(MENTION, (mention, n) => {
      const id = drawn.ids[n - 1];
      // As many as before: another one took its place.
      return id ? `@image${ids.indexOf(id) + 1 || (ids.length === drawn.ids.length ? n : 0)}` : mention;
    });
    const focused = document.activeElement;
    if (words !== prompt.value) write(prompt, 0, prompt.value.length, words);
    focused.focus();
  }
  drawn = { prompt, ids };
  say();
}

for (const name of ["input", "compositionend"]) on(name, (event) => {
  if (event.target.id !== "prompt") return;
  if (!event.isComposing) look();
  say();
});
on("selectionchange", () => listed()[0] && !typed() && list([]));
on("focusout", () => listed()[0] && list([]));
const keys = {
  "mention.next": (rows) => list(rows, at + 1),
  "mention.previous": (rows) => list(rows, at - 1),
  "mention.choose": (rows) => choose(rows[at]),
  "mention.close": () => list([]),
};
on("studio:key", ({ detail: act }) => listed()[0] && act(keys, listed()));
on("mousedown", (event) => {
  const row = event.target.closest("#mention-list > *");
  if (!row) return;
  event.preventDefault();
  choose(row);
});

const slot = (event, which = "") => event.target.closest?.(`#composer .slot${which}`);
on("dragstart", (event) => { dragged = slot(event, "[draggable]"); });
on("dragend", () => { dragged = null; });
on("dragover", (event) => dragged && slot(event) && event.preventDefault());
on("drop", (event) => {
  const onto = slot(event);
  if (!dragged || !onto || onto === dragged) return;
  event.preventDefault();
  const [mine, theirs] = [dragged, onto].map((one) => one.querySelector("[type=hidden]"));
  if (theirs) theirs.name = mine.name;
  mine.name = `picture.${onto.dataset.role}`;
  onto[theirs && dragged.compareDocumentPosition(onto) & 4 ? "after" : "before"](dragged);
  get("wishes").dispatchEvent(new Event("change", { bubbles: true }));
});
for (const name of ["htmx:afterSwap", "htmx:after:swap"]) on(name, redrawn);
redrawn();
