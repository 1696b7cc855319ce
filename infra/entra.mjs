// Before azd provisions: finds or creates the app registration that the relay gets its tokens for, and finds Microsoft
// Sentinel's own application. Both ids go into the azd environment. Needs the Azure CLI, signed in to the tenant, and the
// right to register applications; whoever has none sets AUTH_CLIENT_ID to a registration that somebody else made.
import { execFileSync } from "node:child_process";

// The first-party application "Azure Security Insights" (learn.microsoft.com/azure/sentinel/automation).
const securityInsightsAppId = "98785600-1bb7-4fb9-b9fa-19afe2c8a360";

const run = (command, args) =>
  execFileSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    // az and azd are scripts there.
    shell: process.platform === "win32",
  }).trim();

function az(...args) {
  const answer = run("az", [...args, "--output", "json"]);
  return answer === "" ? undefined : JSON.parse(answer);
}

function registrationFor(environment) {
  const name = `sentinel-incident-enricher-${environment}`;
  const found = az("ad", "app", "list", "--display-name", name).find((app) => app.displayName === name);
  if (found) return found.appId;
  const { appId } = az("ad", "app", "create", "--display-name", name, "--sign-in-audience", "AzureADMyOrg");
  return appId;
}

/** A managed identity gets a token only for a registration with an identifier and an enterprise application. */
function makeUsable(clientId) {
  const identifier = ["--identifier-uris", `api://${clientId}`];
  az("ad", "app", "update", "--id", clientId, ...identifier, "--requested-access-token-version", "2");
  const enterpriseApplications = az("ad", "sp", "list", "--filter", `appId eq '${clientId}'`);
  if (enterpriseApplications.length === 0) az("ad", "sp", "create", "--id", clientId);
}

const { AZURE_ENV_NAME: environment, AUTH_CLIENT_ID: given } = process.env;
const clientId = given || registrationFor(environment);
if (!given) makeUsable(clientId);
const { id: securityInsightsPrincipalId } = az("ad", "sp", "show", "--id", securityInsightsAppId);

run("azd", ["env", "set", "AUTH_CLIENT_ID", clientId]);
run("azd", ["env", "set", "SECURITY_INSIGHTS_PRINCIPAL_ID", securityInsightsPrincipalId]);
console.log(`The relay will get its tokens for api://${clientId}.`);
