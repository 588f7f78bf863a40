/** Rows of one page, the first page being 1. */
export function page(rows, number, size) {
  const start = (number - 1) * size;
  return rows.slice(start, start + size);
}

/** How many pages the rows take. */
export function pages(rows, size) {
  return Math.floor(rows.length / size);
}

/** Whether there is a page after this one. */
export function hasNext(rows, number, size) {
  return number < pages(rows, size);
}
