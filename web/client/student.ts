import { everywhere } from "./shared/everywhere.ts";
import { openingButton } from "./student/opening-button.ts";

everywhere(document);
openingButton(document);
