import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { hex, provesItself, type Verify, verifyEd25519, verifyInBrowser, verifyInScript } from "./ed25519.ts";
import { CODE_FAULTS, type Decoded, decodeTicket } from "./ticket.ts";

interface Facts {
  ticket_id: string;
  session_id: number;
  key_id: number;
  valid_from: number;
  valid_until: number;
}
type Case = { name: string; text: string } & ({ facts: Facts } | { fault: (typeof CODE_FAULTS)[number] });
interface Vectors {
  keys: Record<string, string>;
  cases: Case[];
}

const file = new URL("../../../tests/vectors/ticket.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "ascii")) as Vectors;
const keys = new Map(Object.entries(vectors.keys).map(([id, key]) => [Number(id), hex(key)]));
const verifiers: Record<string, Verify> = { verifyInBrowser, verifyInScript, verifyEd25519 };

function expected(given: Case): Decoded {
  if ("fault" in given) return { genuine: false, fault: given.fault };
  const { ticket_id, session_id, key_id, valid_from, valid_until } = given.facts;
  const [validFrom, validUntil] = [new Date(valid_from * 1000), new Date(valid_until * 1000)];
  return { genuine: true, facts: { ticketId: ticket_id, sessionId: session_id, validFrom, validUntil, keyId: key_id } };
}

for (const [name, verify] of Object.entries(verifiers)) {
  test(`every golden vector gets its verdict with ${name}`, async () => {
    for (const given of vectors.cases) {
      assert.deepEqual(await decodeTicket(given.text, keys, verify), expected(given), given.name);
    }
  });
}

test("the vectors hold every fault that the decoder knows", () => {
  const faults = new Set(vectors.cases.flatMap((given) => ("fault" in given ? [given.fault] : [])));
  assert.deepEqual(faults, new Set(CODE_FAULTS));
});

test("every cut of a code is refused", async () => {
  const text = vectors.cases[0]!.text;
  for (let length = 0; length < text.length; length++) {
    const fault = length < 4 ? "not_ours" : "malformed";
    assert.deepEqual(await decodeTicket(text.slice(0, length), keys), { genuine: false, fault });
  }
});

test("every other character at every place is refused", async () => {
  const text = vectors.cases[0]!.text;
  const always: Verify = () => Promise.resolve(false);
  for (let at = 0; at < text.length; at++) {
    for (let unit = 0; unit < 0x180; unit++) {
      const twin = text.slice(0, at) + String.fromCharCode(unit) + text.slice(at + 1);
      if (twin !== text) assert.equal((await decodeTicket(twin, keys, always)).genuine, false);
    }
  }
});

test("a verifier that says yes to everything, or fails, is not taken for one", async () => {
  assert.equal(await provesItself(verifyInBrowser), true);
  assert.equal(await provesItself(verifyInScript), true);
  assert.equal(await provesItself(() => Promise.resolve(true)), false);
  assert.equal(await provesItself(() => Promise.resolve(false)), false);
  assert.equal(await provesItself(() => Promise.reject(new Error("NotSupportedError"))), false);
});

test("a gate that cannot check signatures says so instead of calling tickets false", async () => {
  const broken: Verify = () => Promise.reject(new TypeError("crypto.subtle is undefined"));
  await assert.rejects(decodeTicket(vectors.cases[0]!.text, keys, broken), TypeError);
});
