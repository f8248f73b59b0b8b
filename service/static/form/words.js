// What people read, in the language of the page: the Chinese sentence is the name under which its translation is kept.

const place = document.getElementById("words");
const translated = place ? JSON.parse(place.textContent || "{}") : {};

// t("有 {n} 处", {n: 2}): the sentence with its blanks filled in.
export function t(sentence, values = {}) {
  return (translated[sentence] || sentence).replace(/\{(\w+)\}/g, (blank, name) =>
    name in values ? String(values[name]) : blank
  );
}
