// What is left of a time, in days and as 02:13:45; a started second counts whole, so that zero means now.

export interface TimeLeft {
  readonly over: boolean;
  readonly days: number;
  readonly clock: string;
}

export function timeLeft(milliseconds: number): TimeLeft {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const clock = parts.map((part) => String(part).padStart(2, "0")).join(":");
  return { over: seconds === 0, days: Math.floor(seconds / 86400), clock };
}
