// The page of one stop: the camera reads, the server judges, the page shows. Without script the typed form does the same.

import { everywhere } from "./shared/everywhere.ts";
import { openCamera } from "./gate/camera.ts";
import { codeReader } from "./gate/reader.ts";
import { gateScreen } from "./gate/screen.ts";
import { submitScan } from "./gate/submit.ts";

const SAME_CODE_AGAIN_MS = 4000; // a ticket held in front of the camera is one scan

everywhere(document);
const root = document.querySelector<HTMLElement>("[data-scans]");
if (root) start(root);

function start(root: HTMLElement): void {
  const screen = gateScreen(root);
  let busy = false;
  let last = { code: "", at: 0 };

  async function scan(code: string, source: string): Promise<void> {
    if (busy || (source === "camera" && code === last.code && Date.now() - last.at < SAME_CODE_AGAIN_MS)) return;
    busy = true;
    try {
      screen.show(await submitScan(root, code, source));
    } catch {
      screen.lineIsDown();
    } finally {
      busy = false;
      last = { code, at: Date.now() };
    }
  }

  screen.onTyped((code) => void scan(code, "typed"));
  screen.onStart(async () => {
    try {
      const video = await openCamera(root.querySelector<HTMLVideoElement>("[data-camera]")!);
      const read = await codeReader(root.dataset["wasm"] ?? "");
      screen.cameraIsOpen();
      for (;;) {
        const code = await read(video);
        if (code !== null) await scan(code, "camera");
        await new Promise(requestAnimationFrame);
      }
    } catch {
      screen.cameraIsRefused();
    }
  });
}
