// A <details class="menu"> closes on Escape, on a press elsewhere, and when another opens.
const open = () => document.querySelectorAll("details.menu[open]");
const keys = {
  "menu.close": (menu) => {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  },
};

document.addEventListener("studio:key", ({ detail: act }) => open()[0] && act(keys, open()[0]));
document.addEventListener("click", (event) => {
  open().forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
});
document.addEventListener("toggle", (event) => {
  if (event.target.open) open().forEach((menu) => menu === event.target || menu.removeAttribute("open"));
}, true);
