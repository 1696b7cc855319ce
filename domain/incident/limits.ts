/**
 * Alerts that Sentinel shows of one incident (https://learn.microsoft.com/azure/sentinel/sentinel-service-limits). Of an
 * incident from Defender with more it shows no others; in its own, further alerts make another incident.
 */
export const mostAlerts = 150;

/**
 * Entities that an incident from Defender had at most when it came to a playbook
 * (https://github.com/MicrosoftDocs/azure-docs/issues/113146). Whether the list that is read here ends there as well is not
 * documented: a list of exactly this length may.
 */
export const mostDefenderEntities = 50;
