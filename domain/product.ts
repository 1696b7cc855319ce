/** As every comment of ours names it in its footer. */
export const product = "Sentinel Incident Enricher";
