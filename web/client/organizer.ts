import { endFollowsStart } from "./organizer/end-follows-start.ts";
import { moreRows } from "./organizer/more-rows.ts";
import { tabInView } from "./organizer/tab-in-view.ts";
import { everywhere } from "./shared/everywhere.ts";

endFollowsStart(document);
moreRows(document);
tabInView(document);
everywhere(document);
