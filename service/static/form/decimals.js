// Decimal numbers, digit for digit: 12.50 is {units: 1250n, places: 2}. Money never becomes a floating-point number.

export const ZERO = Object.freeze({ units: BigInt(0), places: 0, whole: true });

// `whole` numbers are Python's int; the others its Decimal, which keeps the places it was given.
export function read(literal, whole) {
  const [before, after = ""] = literal.split(".");
  return { units: BigInt(before + after), places: after.length, whole };
}

export function constant(number) {
  return { units: BigInt(number), places: 0, whole: true };
}

export function add(one, other, sign = 1) {
  const places = Math.max(one.places, other.places);
  const more = scaled(other, places);
  const units = sign > 0 ? scaled(one, places) + more : scaled(one, places) - more;
  return { units, places, whole: one.whole && other.whole };
}

// Below, equal or above: −1, 0 or 1.
export function compare(one, other) {
  const places = Math.max(one.places, other.places);
  const [left, right] = [scaled(one, places), scaled(other, places)];
  return left < right ? -1 : left > right ? 1 : 0;
}

export function plain({ units, places }) {
  const below = units < BigInt(0);
  const digits = String(below ? -units : units).padStart(places + 1, "0");
  const at = digits.length - places;
  return (below ? "-" : "") + (places ? `${digits.slice(0, at)}.${digits.slice(at)}` : digits);
}

// As the server sends it: whole numbers as numbers, money as text.
export function toJson(number) {
  return number.whole ? Number(number.units) : plain(number);
}

function scaled({ units, places }, wanted) {
  return units * BigInt("1" + "0".repeat(wanted - places));
}
