// The settings of the app that may be left at their default. One that is absent or empty has the default of docs/settings.md.

@export()
@sealed()
@description('Settings of the app by their names; what is absent or empty keeps its default.')
type optionalSettings = {
  @description('Kinds of indicator that are looked up in VirusTotal: file, address, domain, url, separated by commas. Default: all four.')
  VIRUSTOTAL_KINDS: string?
  @description('Requests per minute that the VirusTotal key allows; 0 for no limit. Default: auto.')
  VIRUSTOTAL_REQUESTS_PER_MINUTE: string?
  @description('Requests per day that the VirusTotal key allows; 0 for no limit. Default: auto.')
  VIRUSTOTAL_REQUESTS_PER_DAY: string?
  @description('Requests per month that the VirusTotal key allows; 0 for no limit. Default: auto.')
  VIRUSTOTAL_REQUESTS_PER_MONTH: string?
  @description('Number of engines that makes an indicator malicious. Default: 5.')
  VIRUSTOTAL_MALICIOUS_FROM: string?
  @description('Number of engines that makes an indicator suspicious. Default: 2.')
  VIRUSTOTAL_SUSPICIOUS_FROM: string?
  @description('true: reports come with what VirusTotal relates to the indicator, for the links of a comment. Default: true.')
  VIRUSTOTAL_RELATIONS: string?
  @description('Never sent to any provider: IP addresses, ranges, domains, hashes, url:<host>, separated by commas. Default: none.')
  ALLOWED_INDICATORS: string?
  @description('Alias of a watchlist with more allowed indicators, or alias:Column. Default: none.')
  ALLOWED_WATCHLIST: string?
  @description('safe: a URL that holds an email address, a token or the like is not sent; full: it is. Default: safe.')
  URL_DETAIL: string?
  @description('true: files are looked up in Intezer by their hash. Default: true.')
  INTEZER_FILES: string?
  @description('true: Intezer analyses URLs, which means that it opens them. Default: false.')
  INTEZER_URLS: string?
  @description('Limit of new Intezer analyses per day; 0 for what the Intezer plan allows. Default: 0.')
  INTEZER_ANALYSES_PER_DAY: string?
  @description('on: indicators are looked up in the threat intelligence of the workspace; off: they are not. Default: on.')
  WORKSPACE_TI: string?
  @description('Longest time in seconds from reading the entities to the first comment. Default: 300.')
  FIRST_COMMENT_SECONDS: string?
  @description('Seconds from reading the entities until the run stops waiting for results. Default: 1800.')
  ENRICHMENT_DEADLINE_SECONDS: string?
  @description('Waits in seconds before entities are read again while there are none. Default: 60,300,600.')
  ENTITY_RETRY_SECONDS: string?
  @description('When a comment is written: indicators, findings or always. Default: indicators.')
  COMMENT_WHEN: string?
  @description('Whose details a comment shows: worst (at most five indicators) or full (as many as fit). Default: worst.')
  COMMENT_DETAIL: string?
  @description('html, or text for portals that show tags. Default: html.')
  COMMENT_FORMAT: string?
  @description('true: everything is done except writing to Sentinel. Default: false.')
  DRY_RUN: string?
  @description('off, known or all: for which incidents the app starts runs that no trigger has started. Default: known.')
  RECONCILE: string?
  @description('When the app looks for such incidents, as an NCRONTAB expression in UTC. Default: 0 */15 * * * *.')
  RECONCILE_SCHEDULE: string?
  @description('With RECONCILE all: severities of the incidents without a run, separated by commas. Default: High,Medium,Low.')
  RECONCILE_SEVERITIES: string?
  @description('on: the logs of the workspace are searched for the indicators; off: they are not. Default: on.')
  SIGHTINGS: string?
  @description('How many days back the logs are searched. Default: 30.')
  SIGHTINGS_DAYS: string?
  @description('Longest time in seconds that the first comment waits for the logs. Default: 20.')
  SIGHTINGS_WAIT_SECONDS: string?
  @description('Days after which ended runs are deleted from the task hub. Default: 30.')
  HISTORY_RETENTION_DAYS: string?
  @description('Base URL of VirusTotal. Default: https://www.virustotal.com/api/v3.')
  VIRUSTOTAL_ENDPOINT: string?
  @description('Base URL of Intezer. Default: https://analyze.intezer.com/api/v2-0.')
  INTEZER_ENDPOINT: string?
  @description('Base URL of Azure Resource Manager. Default: that of the global cloud.')
  SENTINEL_ENDPOINT: string?
  @description('Base URL of Log Analytics. Default: that of the global cloud.')
  LOG_ANALYTICS_ENDPOINT: string?
}
