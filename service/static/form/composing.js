// An input method at work: its keys are not ours, and what it is composing must not be touched.

// Safari ends the composition before it reports the Enter that ended it.
const AFTERWARDS = 50;
let ended = -Infinity;
let composing = false;

document.addEventListener("compositionstart", () => (composing = true), true);
document.addEventListener("compositionend", (event) => {
  composing = false;
  ended = event.timeStamp;
}, true);

export function ofTheInputMethod(event) {
  return event.isComposing || event.keyCode === 229 || (event.key === "Enter" && event.timeStamp - ended < AFTERWARDS);
}

export function isComposing() {
  return composing;
}
