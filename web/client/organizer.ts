import { everywhere } from "./shared/everywhere.ts";

everywhere(document);
