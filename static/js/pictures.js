// Pictures chosen, dropped or pasted go up at once and come back as a thumbnail in their
// slot: the page then asks for the wishes again, with one more hidden field.
const empty = (role) => document.querySelector(`#composer label.slot${role ? `[data-role="${role}"]` : ""}`);

const filled = (slot) => slot?.querySelector("input[type=hidden]");

const tell = (text, tone) => document.dispatchEvent(new CustomEvent("studio:say", { detail: { text, tone } }));

// A filled slot has no room for words, and on a phone the row of slots scrolls and cuts them off.
const cramped = (slot) => filled(slot) || getComputedStyle(slot.parentElement).overflowX !== "visible";

function say(slot, text) {
  if (cramped(slot)) return text && tell(text, "error");
  slot.querySelector(".slot__said").textContent = text;
  slot.toggleAttribute("data-refused", Boolean(text));
}

const offline = () => new Error(document.getElementById("say-offline").content.textContent);
const after = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

// 503 with a sentence: the studio opens a few files at a time and had no place for this one yet.
async function send(file, form) {
  if (file.size > 1e6 * form.dataset.most) throw new Error(form.dataset.large.replace("{name}", file.name));
  for (;;) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("file", file, file.name || "picture.png");
    const request = { method: "POST", body, headers: { Accept: "application/json" } };
    const reply = await fetch(form.dataset.uploads, request).catch(() => { throw offline(); });
    const answer = await reply.json().catch(() => ({}));
    if (reply.ok) return answer.id;
    const pause = Number(reply.headers.get("Retry-After"));
    if (reply.status !== 503 || !pause || !answer.error) throw answer.error ? new Error(answer.error) : offline();
    await after(pause);
  }
}

// What takes long is said: nobody has to wonder whether it hangs.
async function patiently(sending, slot, form) {
  const said = cramped(slot) ? null : slot.querySelector(".slot__wait");
  const wait = () => said ? said.textContent = form.dataset.waiting : tell(form.dataset.waiting, "info");
  const timer = setTimeout(wait, 4000);
  try {
    return await sending;
  } finally {
    clearTimeout(timer);
    if (said) said.textContent = "";
  }
}

async function take(files, slot) {
  const form = document.getElementById("composer");
  if (!slot || !files.length) return;
  const room = Number(slot.dataset.room) || 1;
  let refused = files.length > room ? form.dataset.full : "";
  let kept = 0;
  slot.setAttribute("aria-busy", "true");
  say(slot, "");
  for (const file of files.slice(0, room)) {
    try {
      const field = filled(slot) ?? document.createElement("input");
      Object.assign(field, { type: "hidden", name: `picture.${slot.dataset.role}`, value: await patiently(send(file, form), slot, form) });
      if (!filled(slot)) slot.before(field);
      kept += 1;
    } catch (error) {
      refused = error.message;
    }
  }
  slot.removeAttribute("aria-busy");
  // Drawing the wishes again takes the slot away: what was refused is then said beside it.
  if (refused && kept) tell(refused, "error");
  else say(slot, refused);
  if (kept) document.getElementById("wishes").dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("#composer label.slot input[type=file]")) return;
  event.stopPropagation();
  const files = [...event.target.files];
  event.target.value = "";
  take(files, event.target.closest(".slot"));
}, true);

document.addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files].filter((file) => /^(image|video)\//.test(file.type));
  if (!files.length || !empty()) return;
  event.preventDefault();
  take(files, empty());
});

// A press while a picture is still on its way would pay for a shot without it.
document.addEventListener("submit", (event) => {
  if (event.target.id !== "composer" || !document.querySelector("#composer .slot[aria-busy]")) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

const taken = (event) => event.dataTransfer?.types.includes("Files") && document.querySelector("#composer .slot");

document.addEventListener("dragover", (event) => {
  if (!taken(event)) return;
  event.preventDefault();
  document.getElementById("composer").toggleAttribute("data-drop", true);
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.getElementById("composer")?.removeAttribute("data-drop");
});
document.addEventListener("drop", (event) => {
  if (!taken(event)) return;
  event.preventDefault();
  document.getElementById("composer").removeAttribute("data-drop");
  const onto = event.target.closest?.("#composer .slot");
  // Whatever it is: what cannot be used is refused in words, and a HEIC has no type here.
  const files = [...event.dataTransfer.files];
  // One picture onto another takes its place.
  take(files, filled(onto) && files.length === 1 ? onto : empty(onto?.dataset.role) ?? empty());
});
