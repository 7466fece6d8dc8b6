// What sending needs once something was chosen, or was begun before: kept out of the first load.

export { showSending } from "./sending.js";
export { showSent } from "./sent.js";
export { UnfinishedView } from "./unfinished.js";
