// Seconds that tick beside waiting cards, counted from the server's moment: no request.
function said(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

setInterval(() => {
  if (document.hidden) return;
  document.querySelectorAll("time[data-since]").forEach((time) => {
    time.textContent = said(Math.max(0, Math.round((Date.now() - new Date(time.dateTime)) / 1000)));
  });
}, 1000);
