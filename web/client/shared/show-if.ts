// Questions that depend on another answer: shown, and sent, only while that answer is one of the given values.

export function showIf(document: Document): void {
  const parts = [...document.querySelectorAll<HTMLElement>("[data-show-if]")];
  const update = (): void => parts.forEach(show);
  document.addEventListener("change", update);
  update();
}

function show(part: HTMLElement): void {
  const form = part.closest("form");
  if (form === null) return;
  const wanted = isAnswered(form, part) && part.parentElement?.closest("[hidden]") === null;
  part.hidden = !wanted;
  for (const field of part.querySelectorAll<HTMLInputElement>("input, select, textarea")) field.disabled = !wanted;
}

function isAnswered(form: HTMLFormElement, part: HTMLElement): boolean {
  const values = JSON.parse(part.dataset["showValues"] ?? "[]") as unknown[];
  const given = new FormData(form).getAll(part.dataset["showIf"] ?? "");
  return given.some((answer) => values.map(String).includes(String(answer)));
}
