// What every page does, whoever looks at it. The dialog comes before submit-once: what it holds back is not yet sent.

import { autoSubmit } from "./auto-submit.ts";
import { characterCounter } from "./character-counter.ts";
import { confirmDialog } from "./confirm-dialog.ts";
import { copyText } from "./copy-text.ts";
import { dialogOpener } from "./dialog-opener.ts";
import { errorFocus } from "./error-focus.ts";
import { showIf } from "./show-if.ts";
import { submitOnce } from "./submit-once.ts";

const BEHAVIOURS = [
  confirmDialog,
  submitOnce,
  showIf,
  characterCounter,
  autoSubmit,
  copyText,
  dialogOpener,
  errorFocus,
];

export function everywhere(document: Document): void {
  for (const behaviour of BEHAVIOURS) behaviour(document);
}
