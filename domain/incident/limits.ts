/**
 * Maximum number of alerts that Sentinel shows per incident (https://learn.microsoft.com/azure/sentinel/sentinel-service-limits).
 * It hides any further alerts of an incident from Defender; in Sentinel's own incidents, further alerts make another one.
 */
export const mostAlerts = 150;

/**
 * Entities that an incident from Defender had at most when it came to a playbook
 * (https://github.com/MicrosoftDocs/azure-docs/issues/113146). Whether the list that is read here ends there as well is not
 * documented: a list of exactly this length may.
 */
export const mostDefenderEntities = 50;
