// The server's time in the page: what it said when it made the page, and what has passed since. Two clocks measure that:
// the monotonic one stops while some phones sleep, the wall clock may be set back; the larger of the two is right.

export interface Clocks {
  readonly wall: () => number;
  readonly steady: () => number;
}

const browser: Clocks = { wall: () => Date.now(), steady: () => performance.now() };

/** A function that gives the server's time in milliseconds since 1970; `stated` is an ISO instant. */
export function serverClock(stated: string, clocks: Clocks = browser): () => number {
  const [start, wall, steady] = [Date.parse(stated), clocks.wall(), clocks.steady()];
  return () => start + Math.max(clocks.wall() - wall, clocks.steady() - steady, 0);
}
