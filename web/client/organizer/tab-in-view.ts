// A row of tabs that is wider than the phone begins with the one that is open.

export function tabInView(document: Document): void {
  for (const open of document.querySelectorAll<HTMLElement>(".tabs [aria-current], .chips [aria-current]")) {
    const row = open.parentElement;
    if (row !== null && row.scrollWidth > row.clientWidth) {
      row.scrollLeft = open.offsetLeft - row.offsetLeft - (row.clientWidth - open.offsetWidth) / 2;
    }
  }
}
