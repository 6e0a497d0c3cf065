// The button of an event that has not opened yet: counts down by the server's clock and then lets itself be pressed.

import { serverClock } from "../shared/server-clock.ts";
import { timeLeft } from "../shared/time-left.ts";

const TICK_MS = 250;

export function openingButton(document: Document): void {
  document.querySelectorAll<HTMLButtonElement>("button[data-opens-at]").forEach(countDown);
}

function countDown(button: HTMLButtonElement): void {
  const { opensAt, now, openLabel, waiting, days } = button.dataset;
  if (!opensAt || !now) return;
  const label = button.querySelector("span") ?? button;
  const serverNow = serverClock(now);
  const tick = (): void => {
    const left = timeLeft(Date.parse(opensAt) - serverNow());
    if (left.over) {
      clearInterval(timer);
      button.disabled = false;
      button.removeAttribute("data-opens-at");
      label.textContent = openLabel ?? "";
    } else {
      const before = left.days > 0 ? `${(days ?? "{days}").replace("{days}", String(left.days))} ` : "";
      label.textContent = (waiting ?? "{left}").replace("{left}", before + left.clock);
    }
  };
  const timer = setInterval(tick, TICK_MS);
  tick();
}
