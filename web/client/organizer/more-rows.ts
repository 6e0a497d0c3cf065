// Lists in forms come with blank rows at their end. Without script all are there; with it they wait behind a button.

export function moreRows(document: Document): void {
  for (const list of document.querySelectorAll<HTMLElement>("[data-rows]")) {
    const blank = [...list.querySelectorAll<HTMLElement>("[data-blank-row]")].filter((row) => !isFilled(row));
    const button = list.closest("form")?.querySelector<HTMLButtonElement>("[data-more-rows]");
    if (!button || blank.length === 0) continue;
    const waiting = list.querySelectorAll("fieldset").length > blank.length ? blank : blank.slice(1);
    for (const row of waiting) row.hidden = true;
    button.hidden = waiting.length === 0;
    button.addEventListener("click", () => showNext(waiting, button));
  }
}

function isFilled(row: HTMLElement): boolean {
  const fields = row.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input[type="text"], textarea');
  return [...fields].some((field) => field.defaultValue !== "" && !field.name.endsWith(".position"));
}

function showNext(waiting: HTMLElement[], button: HTMLButtonElement): void {
  const row = waiting.shift();
  if (row === undefined) return;
  row.hidden = false;
  row.dispatchEvent(new Event("change", { bubbles: true })); // parts that depend on an answer look again
  row.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")?.focus();
  button.hidden = waiting.length === 0;
}
