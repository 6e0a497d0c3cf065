// When the beginning of a session moves, its end moves along, so that only one of the two has to be typed.

const MINUTE = 60_000;

export function endFollowsStart(document: Document): void {
  for (const start of document.querySelectorAll<HTMLInputElement>('input[name="starts_at"]')) {
    const end = start.form?.querySelector<HTMLInputElement>('input[name="ends_at"]');
    if (end) follow(start, end);
  }
}

function follow(start: HTMLInputElement, end: HTMLInputElement): void {
  let before = start.valueAsNumber;
  start.addEventListener("change", () => {
    const moved = start.valueAsNumber - before;
    if (Number.isFinite(moved) && Number.isFinite(end.valueAsNumber) && Math.abs(moved) >= MINUTE) {
      end.valueAsNumber += moved;
    }
    if (Number.isFinite(start.valueAsNumber)) before = start.valueAsNumber;
  });
}
