// Ed25519 (RFC 8032) for gates: the browser's own where it works, a small library where it does not.

import { verifyAsync } from "@noble/ed25519";

export type Bytes = Uint8Array<ArrayBuffer>;
export type Verify = (signature: Bytes, message: Bytes, publicKey: Bytes) => Promise<boolean>;

// Not every failure is a false signature: without `crypto.subtle` (a page that is not secure) both reject the promise,
// for a gate that cannot check must say so, not turn red.

export const verifyInBrowser: Verify = async (signature, message, publicKey) => {
  const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, signature, message);
};

// The strict reading: ZIP 215, the library's default, takes encodings of points that the server refuses.
export const verifyInScript: Verify = (signature, message, publicKey) =>
  verifyAsync(signature, message, publicKey, { zip215: false });

export const verifyEd25519: Verify = async (signature, message, publicKey) => {
  const verify = (await browserKnowsEd25519()) ? verifyInBrowser : verifyInScript;
  return verify(signature, message, publicKey);
};

let known: Promise<boolean> | undefined;

function browserKnowsEd25519(): Promise<boolean> {
  known ??= provesItself(verifyInBrowser);
  return known;
}

// RFC 8032 §7.1, test 1, is true and becomes false with one more byte. What is merely present may still not work.
export async function provesItself(verify: Verify): Promise<boolean> {
  const key = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const signature = hex(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  );
  try {
    return (await verify(signature, new Uint8Array(0), key)) && !(await verify(signature, new Uint8Array(1), key));
  } catch {
    return false;
  }
}

export function hex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
