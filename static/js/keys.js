// The sheet lists every key; what does not stand there is none. Scripts hear "studio:key" and call its
// act with their deeds: false is not done.
const sheet = document.getElementById("shortcuts");
const TYPES = "textarea, select, input:not([type=radio], [type=checkbox], [type=range])";
const keys = {
  "sheet": ({ repeat }) => repeat || (sheet.open ? sheet.close() : sheet.showModal()),
};

function spelled({ key, code, ctrlKey, metaKey, altKey, shiftKey }) {
  const held = [(ctrlKey || metaKey) && "Ctrl", altKey && "Alt", shiftKey && key[1] && "Shift"].filter(Boolean);
  // A Mac's Alt types other letters.
  return [...held, altKey ? code.replace("Key", "") : key[1] ? key : key.toUpperCase()].join("+");
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || !event.key) return; // a form filled in by the browser
  for (const { dataset: { name, keys: listed, typing } } of sheet.querySelectorAll("[data-keys]")) {
    if (!listed.split(" ").includes(spelled(event)) || (sheet.open && !keys[name])) continue;
    if (!typing && event.target.closest(TYPES)) continue;
    let done = false;
    const act = (deeds, ...about) => { done ||= name in deeds && deeds[name](...about, event) !== false; };
    act(keys);
    document.dispatchEvent(new CustomEvent("studio:key", { detail: act }));
    if (!done) continue;
    event.preventDefault();
    return;
  }
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-sheet]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  keys.sheet(event);
});
