// After a refused form the summary of its errors has the focus, so that it is read first.

export function errorFocus(document: Document): void {
  document.querySelector<HTMLElement>(".summary[role=alert]")?.focus();
}
