// What the steward sees, hears and feels. Decides nothing.

import { undoScan, type Verdict } from "./submit.ts";

const BUZZ_MS = { good: [60], bad: [120, 80, 120] };
const TONE_HZ = { good: 880, bad: 220 };
const LOG_LENGTH = 20;

export type GateScreen = {
  show(verdict: Verdict): void;
  lineIsDown(): void;
  cameraIsOpen(): void;
  cameraIsRefused(): void;
  onTyped(read: (code: string) => void): void;
  onStart(open: () => Promise<void>): void;
};

export function gateScreen(root: HTMLElement): GateScreen {
  const part = <T extends HTMLElement>(name: string): T => root.querySelector<T>(`[data-${name}]`)!;
  const panel = part("verdict");
  const start = part<HTMLButtonElement>("start");
  const words = (name: string): string => root.dataset[`words${name}`] ?? "";

  function say(kind: "" | "refused" | "wait", sign: string, headline: string, lines: string[]): void {
    panel.className = `verdict ${kind}`;
    panel.querySelector(".sign")!.textContent = sign;
    panel.querySelector(".headline")!.textContent = headline;
    panel.querySelectorAll(".num, form, .undo").forEach((each) => each.remove());
    for (const line of lines) panel.append(paragraph(line));
  }

  return {
    show(verdict) {
      say(verdict.admitted ? "" : "refused", verdict.admitted ? "✓" : "✕", verdict.headline, verdict.lines);
      if (verdict.admitted) panel.append(undoButton(root, verdict.scan_id, words("Undo"), words("Undone")));
      log(part("log"), verdict);
      signal(verdict.admitted ? "good" : "bad");
    },
    lineIsDown: () => say("wait", "…", words("Line"), []),
    cameraIsOpen: () => (start.hidden = true),
    cameraIsRefused() {
      start.hidden = false;
      say("wait", "!", words("Camera"), []);
    },
    onTyped(read) {
      part<HTMLFormElement>("typed").addEventListener("submit", (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
        const field = (event.target as HTMLFormElement).elements.namedItem("code") as HTMLInputElement;
        read(field.value);
        field.value = "";
      });
    },
    onStart(open) {
      start.hidden = false;
      start.addEventListener("click", () => void open());
    },
  };
}

function paragraph(text: string): HTMLElement {
  const line = document.createElement("p");
  line.className = "num";
  line.textContent = text;
  return line;
}

function undoButton(root: HTMLElement, scanId: number, label: string, done: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet undo";
  button.textContent = label;
  button.addEventListener("click", async () => {
    await undoScan(root, scanId);
    button.textContent = done;
    button.disabled = true;
  });
  return button;
}

function log(list: HTMLElement, verdict: Verdict): void {
  const line = document.createElement("li");
  if (!verdict.admitted) line.className = "refused";
  const time = document.createElement("span");
  time.textContent = new Date().toLocaleTimeString("zh-CN", { hour12: false });
  line.append(time, [verdict.name, verdict.headline].filter(Boolean).join(" · "));
  list.prepend(line);
  while (list.children.length > LOG_LENGTH) list.lastElementChild?.remove();
}

function signal(kind: "good" | "bad"): void {
  navigator.vibrate?.(BUZZ_MS[kind]);
  try {
    const sound = new AudioContext();
    const tone = sound.createOscillator();
    tone.frequency.value = TONE_HZ[kind];
    tone.connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + 0.15);
    tone.onended = () => void sound.close();
  } catch {
    // A browser without sound still shows the colour and the word.
  }
}
