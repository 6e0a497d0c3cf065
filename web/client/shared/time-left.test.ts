import assert from "node:assert/strict";
import { test } from "node:test";

import { timeLeft } from "./time-left.ts";

const HOUR = 3_600_000;

test("hours, minutes and seconds have two digits", () => {
  assert.deepEqual(timeLeft(2 * HOUR + 13 * 60_000 + 45_000), { over: false, days: 0, clock: "02:13:45" });
});

test("a started second counts whole", () => {
  assert.deepEqual(timeLeft(1), { over: false, days: 0, clock: "00:00:01" });
});

test("days stand beside the clock", () => {
  assert.deepEqual(timeLeft(75 * HOUR), { over: false, days: 3, clock: "03:00:00" });
});

test("what has passed is over and never negative", () => {
  assert.deepEqual(timeLeft(-5000), { over: true, days: 0, clock: "00:00:00" });
});
