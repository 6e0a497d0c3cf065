// Sends one code to the server and returns its verdict. The nonce makes a repeated send the same scan.

export type Verdict = {
  scan_id: number;
  admitted: boolean;
  headline: string;
  lines: string[];
  name: string;
  time: string;
};

const TRIES = 3;
const PATIENCE_MS = 4000;

export async function submitScan(root: HTMLElement, code: string, source: string): Promise<Verdict> {
  const body = new URLSearchParams({ code, source, nonce: crypto.randomUUID() });
  for (let attempt = 1; ; attempt++) {
    try {
      return (await post(root, root.dataset["scans"] ?? "", body)) as Verdict;
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
  }
}

export async function undoScan(root: HTMLElement, scanId: number): Promise<void> {
  await post(root, `${root.dataset["scans"]}/${scanId}/undoing`, new URLSearchParams());
}

async function post(root: HTMLElement, url: string, body: URLSearchParams): Promise<unknown> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const headers = { Accept: "application/json", "X-CSRF-Token": root.dataset["token"] ?? "" };
    const answer = await fetch(url, { method: "POST", body, headers, signal: stop.signal, credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return await answer.json();
  } finally {
    clearTimeout(timer);
  }
}
