// The strict decoder of a ticket's code. The format is described in events/ticket/code.py; tests/vectors/ticket.json
// binds the two. Whether a genuine ticket is good here and now is decided elsewhere.

import { type Bytes, type Verify, verifyEd25519 } from "./ed25519.ts";

const PREFIX = "YT1:";
const DOMAIN = "yantu ticket v1\0";
const VERSION = 1;
const PAYLOAD_BYTES = 34;
const CODE_BYTES = PAYLOAD_BYTES + 64;
const CODE_CHARACTERS = PREFIX.length + (CODE_BYTES / 2) * 3;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"; // RFC 9285

/** Why a text is no ticket; the first fault met counts, in this order. */
export const CODE_FAULTS = [
  "not_ours",
  "malformed",
  "unknown_version",
  "unknown_key",
  "bad_signature",
  "bad_facts",
] as const;
export type CodeFault = (typeof CODE_FAULTS)[number];

/** `validFrom` is inclusive, `validUntil` exclusive; `ticketId` is a UUID in lower case with hyphens. */
export interface TicketFacts {
  readonly ticketId: string;
  readonly sessionId: number;
  readonly validFrom: Date;
  readonly validUntil: Date;
  readonly keyId: number;
}

export type Decoded =
  | { readonly genuine: true; readonly facts: TicketFacts }
  | { readonly genuine: false; readonly fault: CodeFault };

/** Never rejects because of the text; rejects if signatures cannot be checked at all. `keys`: 32 bytes by key id. */
export async function decodeTicket(
  text: string,
  keys: ReadonlyMap<number, Bytes>,
  verify: Verify = verifyEd25519,
): Promise<Decoded> {
  if (!text.startsWith(PREFIX)) return refused("not_ours");
  const raw = text.length === CODE_CHARACTERS ? fromBase45(text.slice(PREFIX.length)) : undefined;
  if (raw === undefined || PREFIX + toBase45(raw) !== text) return refused("malformed");
  if (raw[0] !== VERSION) return refused("unknown_version");
  const key = keys.get(raw[1]!);
  if (key === undefined) return refused("unknown_key");
  if (!(await verify(raw.slice(PAYLOAD_BYTES), signedPart(raw), key))) return refused("bad_signature");
  const facts = factsOf(raw);
  return possible(facts) ? { genuine: true, facts } : refused("bad_facts");
}

function refused(fault: CodeFault): Decoded {
  return { genuine: false, fault };
}

function fromBase45(text: string): Bytes | undefined {
  const digits = Array.from(text, (character) => ALPHABET.indexOf(character));
  if (digits.includes(-1)) return undefined;
  const bytes = new Uint8Array((digits.length / 3) * 2);
  for (let at = 0; at < digits.length; at += 3) {
    const value = digits[at]! + digits[at + 1]! * 45 + digits[at + 2]! * 2025;
    if (value > 0xffff) return undefined;
    bytes.set([value >> 8, value & 0xff], (at / 3) * 2);
  }
  return bytes;
}

function toBase45(bytes: Bytes): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const value = bytes[at]! * 256 + bytes[at + 1]!;
    text += ALPHABET[value % 45]! + ALPHABET[Math.floor(value / 45) % 45]! + ALPHABET[Math.floor(value / 2025)]!;
  }
  return text;
}

function signedPart(raw: Bytes): Bytes {
  const message = new Uint8Array(DOMAIN.length + PAYLOAD_BYTES);
  message.set(new TextEncoder().encode(DOMAIN));
  message.set(raw.subarray(0, PAYLOAD_BYTES), DOMAIN.length);
  return message;
}

function factsOf(raw: Bytes): TicketFacts {
  const fields = new DataView(raw.buffer);
  return {
    ticketId: uuid(raw.subarray(2, 18)),
    sessionId: fields.getUint32(18) * 2 ** 32 + fields.getUint32(22), // rounded above 2^53: refused just below
    validFrom: new Date(fields.getUint32(26) * 1000),
    validUntil: new Date(fields.getUint32(30) * 1000),
    keyId: raw[1]!,
  };
}

function uuid(bytes: Bytes): string {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function possible(facts: TicketFacts): boolean {
  return Number.isSafeInteger(facts.sessionId) && facts.validFrom < facts.validUntil;
}
