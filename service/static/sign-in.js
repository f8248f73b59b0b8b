// What the page for passwords notices by itself: Caps Lock, and a browser that is new enough for the form.

const notice = document.querySelector("[data-caps]");

function look(event) {
  if (notice && event.getModifierState) {
    notice.hidden = !event.getModifierState("CapsLock");
  }
}

for (const field of document.querySelectorAll("input[type=password]")) {
  field.addEventListener("keydown", look);
  field.addEventListener("keyup", look);
  field.addEventListener("blur", () => {
    if (notice) {
      notice.hidden = true;
    }
  });
}

const tooOld = document.querySelector("[data-too-old]");

// `?.` and grid gaps came with Chromium 80; whoever runs this file as a module and knows `Promise.allSettled` has them all but for some months.
if (tooOld && typeof Promise.allSettled === "function" && "flatMap" in Array.prototype) {
  tooOld.hidden = true;
}
