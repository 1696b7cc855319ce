/** The app's name in the footer of each comment. */
export const product = "Sentinel Incident Enricher";
