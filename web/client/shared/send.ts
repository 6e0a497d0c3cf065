// Sends a form as a press on its button would. Safari 15 has no requestSubmit; there it goes without a submit event.

export function send(form: HTMLFormElement, submitter: HTMLElement | null = null): void {
  if ("requestSubmit" in form) form.requestSubmit(submitter);
  else (form as HTMLFormElement).submit();
}
