// A tab nobody looks at asks nothing; one that comes back asks at once. A poller that an answer to
// a press replaced meanwhile draws nothing: the new one asks the same again.
const unlessGone = ({ detail }) => { detail.shouldSwap &&= detail.target.isConnected; };

function stay(event) {
  if (event.target.id !== "poll") return;
  if (document.hidden) event.preventDefault();
  event.detail.target?.addEventListener("htmx:beforeSwap", unlessGone);
}

for (const name of ["htmx:beforeRequest", "htmx:before:request"]) document.addEventListener(name, stay);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.getElementById("poll")?.dispatchEvent(new CustomEvent("look"));
});
