// A tab nobody looks at asks nothing; one that comes back asks at once.
function stay(event) {
  const from = event.detail?.elt ?? event.detail?.ctx?.sourceElement ?? event.target;
  if (from?.id === "poll" && document.hidden) event.preventDefault();
}

document.addEventListener("htmx:beforeRequest", stay);
document.addEventListener("htmx:before:request", stay);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.getElementById("poll")?.dispatchEvent(new CustomEvent("look"));
});
