// Pieces of a page. Whatever is put into one is text: nothing typed by anybody is ever read as HTML.

export function part(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  Object.keys(attributes).forEach((name) => {
    const value = attributes[name];
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  });
  made.append(...inside.filter((one) => one !== null && one !== undefined && one !== ""));
  return made;
}

export function button(words, pressed, attributes = {}) {
  return part("button", { type: "button", class: "btn", click: pressed, ...attributes }, words);
}

export function fill(place, ...inside) {
  while (place.firstChild) place.removeChild(place.firstChild);
  place.append(...inside);
}
