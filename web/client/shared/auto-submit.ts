// A filter form with data-auto-submit is sent when a choice in it changes; its button stays for those without script.

import { send } from "./send.ts";

export function autoSubmit(document: Document): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-auto-submit]")) {
    form.querySelectorAll<HTMLElement>(".without-script").forEach((button) => (button.hidden = true));
    form.addEventListener("change", (event) => {
      if (!(event.target as HTMLElement).matches("[type=search], [type=text]")) send(form);
    });
  }
}
