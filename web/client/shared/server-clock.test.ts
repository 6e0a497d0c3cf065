import assert from "node:assert/strict";
import { test } from "node:test";

import { serverClock } from "./server-clock.ts";

const NOON = "2026-11-22T12:00:00+08:00";

function clockAfter(wall: number, steady: number): number {
  let passed = { wall: 0, steady: 0 };
  const now = serverClock(NOON, { wall: () => 1000 + passed.wall, steady: () => 50 + passed.steady });
  passed = { wall, steady };
  return now() - Date.parse(NOON);
}

test("both clocks agree", () => assert.equal(clockAfter(3000, 3000), 3000));
test("the monotonic clock stopped while the phone slept", () => assert.equal(clockAfter(60_000, 200), 60_000));
test("the wall clock was set back", () => assert.equal(clockAfter(-86_400_000, 4000), 4000));
