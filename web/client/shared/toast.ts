// A short word at the bottom of the screen that goes away by itself.

const STAYS_MS = 3000;

export function toast(text: string): void {
  const made = document.createElement("p");
  made.className = "toast";
  made.textContent = text;
  document.querySelector(".toasts")?.append(made);
  setTimeout(() => made.remove(), STAYS_MS);
}
