// A form with data-confirm asks in a dialog before it is sent. Browsers without <dialog> send it as it is, and the server
// answers with a page that asks.

import { send } from "./send.ts";

export function confirmDialog(document: Document): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const question = form.dataset["confirm"];
    if (question === undefined || isConfirmed(form) || !("HTMLDialogElement" in window)) return;
    event.preventDefault();
    ask(question, form, event.submitter);
  });
}

function ask(question: string, form: HTMLFormElement, submitter: HTMLElement | null): void {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const heading = document.createElement("h2");
  heading.textContent = question;
  heading.id = "confirm-question";
  dialog.setAttribute("aria-labelledby", heading.id);
  const row = document.createElement("div");
  row.className = "button-row";
  const no = button("quiet", form.dataset["no"] ?? "×", () => dialog.close());
  const yes = button("danger", form.dataset["yes"] ?? "✓", () => {
    dialog.close();
    form.append(confirmation());
    send(form, submitter);
  });
  row.append(no, yes);
  dialog.append(heading, row);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function button(kind: string, label: string, pressed: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `button ${kind}`;
  made.textContent = label;
  made.addEventListener("click", pressed);
  return made;
}

function confirmation(): HTMLInputElement {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "confirmed", value: "1" });
  return field;
}

function isConfirmed(form: HTMLFormElement): boolean {
  return form.elements.namedItem("confirmed") !== null;
}
