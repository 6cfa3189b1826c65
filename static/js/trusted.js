// The policy of this origin lets no text become a part of a page but by the parsers with which htmx
// reads what the studio answers (by the newer one where a browser has it). These run no script, and
// htmx is told to keep none of it.
const PARSERS = ["Document parseHTMLUnsafe", "DOMParser parseFromString"];
window.trustedTypes?.createPolicy("default", {
  createHTML: (text, _type, sink) => (PARSERS.includes(sink) ? text : null),
});
