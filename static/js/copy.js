// One press copies what a read-only field holds. Where the browser has no clipboard (a studio
// without https), the field opens, selected, for the old way.
async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.closest("details")?.setAttribute("open", "");
    field.select();
    if (!document.execCommand("copy")) return;
  }
  const words = button.querySelector("span");
  const before = words.textContent;
  if (before === button.dataset.copied) return;
  words.textContent = button.dataset.copied;
  document.getElementById("live").textContent = button.dataset.copied;
  setTimeout(() => { words.textContent = before; }, 2500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (button) copy(button);
});
