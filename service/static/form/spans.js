// Table rows as a rectangle: every merged cell takes the places it covers.

// A page somebody copied may claim to be wider than any table.
const WIDEST = 200;

// read(cell) gives what stands in its first place, covered(what) what stands in the others.
export function rectangle(rows, read, covered) {
  const filled = rows.map(() => []);
  rows.forEach((row, top) => {
    let left = 0;
    Array.from(row.cells).forEach((cell) => {
      while (filled[top][left] !== undefined) left += 1;
      const what = read(cell);
      for (let down = 0; down < span(cell.rowSpan || 1) && top + down < rows.length; down += 1) {
        for (let right = 0; right < span(cell.colSpan || 1); right += 1) {
          filled[top + down][left + right] = down || right ? covered(what) : what;
        }
      }
    });
  });
  const width = Math.max(0, ...filled.map((row) => row.length));
  return filled.map((row) => Array.from({ length: width }, (_, column) => (row[column] === undefined ? covered("") : row[column])));
}

function span(wanted) {
  return Math.min(wanted, WIDEST);
}
