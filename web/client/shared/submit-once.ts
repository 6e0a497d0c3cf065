// A form that posts is sent once: its button says that it is busy, and wakes up again when the page comes back.

export function submitOnce(document: Document): void {
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target as HTMLFormElement;
    if (form.method !== "post") return;
    if (form.dataset["sent"] !== undefined) return event.preventDefault();
    form.dataset["sent"] = "";
    markBusy(event.submitter ?? form.querySelector<HTMLElement>("[type=submit]"));
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll<HTMLFormElement>("form[data-sent]").forEach(wake);
  });
}

// Not `disabled`: a disabled button would not send its own name and value.
function markBusy(button: HTMLElement | null): void {
  if (button === null) return;
  const label = button.querySelector("span") ?? button;
  button.dataset["label"] = label.textContent ?? "";
  button.setAttribute("aria-busy", "true");
  label.textContent = button.dataset["busy"] ?? document.body.dataset["busy"] ?? label.textContent;
}

function wake(form: HTMLFormElement): void {
  delete form.dataset["sent"];
  for (const button of form.querySelectorAll<HTMLElement>("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    (button.querySelector("span") ?? button).textContent = button.dataset["label"] ?? "";
  }
}
