// The review: everything here has a button or a link as well, and works without these scripts.
import * as boxes from "./boxes.js";
import * as looking from "./looking.js";
import * as queue from "./queue.js";
import * as spots from "./spots.js";
import * as tabs from "./tabs.js";
import { listen } from "./keys.js";

document.documentElement.classList.add("live");

const page = document.getElementById("case");
const list = document.getElementById("queue");

if (page) {
  const box = boxes.start(page);
  const tab = tabs.start(page, box);
  const spot = spots.start(page, box);
  looking.start(page);
  listen({ ...spot, ...tab }, box.isOpen, box.close);
} else if (list) {
  listen(queue.start(list), () => false, () => {});
}
