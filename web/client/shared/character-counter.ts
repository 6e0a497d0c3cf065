// A field with data-counter shows how much of its length is used.

export function characterCounter(document: Document): void {
  for (const field of document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("[data-counter]")) count(field);
}

function count(field: HTMLInputElement | HTMLTextAreaElement): void {
  const shown = document.createElement("output");
  shown.className = "counter";
  field.after(shown);
  const show = (): void => {
    shown.textContent = `${field.value.length} / ${field.maxLength}`;
    shown.classList.toggle("over", field.value.length >= field.maxLength);
  };
  field.addEventListener("input", show);
  show();
}
