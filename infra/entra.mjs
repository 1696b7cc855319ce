// Before azd provisions: finds or creates the app registration that the relay gets its tokens for, and finds Microsoft
// Sentinel's own application. Both ids go into the azd environment, and what is there already is not looked for: with
// AUTH_CLIENT_ID and SECURITY_INSIGHTS_PRINCIPAL_ID given, no right in the directory and no Azure CLI is needed. Every step
// looks first whether it is done, so that a second run changes nothing and goes on where an earlier one failed.
import { runProgram } from "./run-program.mjs";

// The first-party application "Azure Security Insights" (learn.microsoft.com/azure/sentinel/automation).
const securityInsightsAppId = "98785600-1bb7-4fb9-b9fa-19afe2c8a360";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

// The first with --requested-access-token-version.
const oldestCli = [2, 68];

/** What an az command answers; undefined when that is nothing. Throws with the way on when it fails. */
function az(otherwise, ...args) {
  try {
    const answer = runProgram("az", [...args, "--output", "json"]);
    return answer === "" ? undefined : JSON.parse(answer);
  } catch (error) {
    if (error.code === "ENOENT")
      throw new Error(
        "The Azure CLI (az) is not on PATH. Install version 2.68 or newer, or set both AUTH_CLIENT_ID and SECURITY_INSIGHTS_PRINCIPAL_ID with azd env set.",
      );
    throw new Error(otherwise);
  }
}

/** An id that the environment gives; undefined when it gives none. */
function givenId(name) {
  const value = process.env[name]?.trim();
  if (!value) return undefined;
  if (!guid.test(value)) throw new Error(`${name} must be a GUID: azd env set ${name} <id>.`);
  return value;
}

function keep(name, value) {
  try {
    runProgram("azd", ["env", "set", name, value]);
  } catch {
    throw new Error(`azd could not keep ${name}. Set it yourself: azd env set ${name} ${value}`);
  }
}

/** az works in the tenant that it is signed in to, which need not be the one that azd deploys into. */
function assertSameTenant() {
  const subscription = process.env.AZURE_SUBSCRIPTION_ID;
  if (!subscription) return;
  const current = az("The Azure CLI is not signed in: az login.", "account", "show")?.tenantId;
  const target = az(
    `The Azure CLI does not know the subscription ${subscription}, into which azd deploys: az login --tenant <its tenant>.`,
    ...["account", "show", "--subscription", subscription],
  )?.tenantId;
  if (current !== target)
    throw new Error(
      `The Azure CLI is signed in to the tenant ${current}, and azd deploys into ${target}: az account set --subscription ${subscription}`,
    );
}

function assertCliIsNew() {
  const version = az("The version of the Azure CLI cannot be read: az version.", "version")?.["azure-cli"];
  if (version === undefined) return;
  const [major, minor] = version.split(".").map(Number);
  if (major > oldestCli[0] || (major === oldestCli[0] && minor >= oldestCli[1])) return;
  throw new Error(`The Azure CLI is ${version}, and ${oldestCli.join(".")} or newer is needed: az upgrade.`);
}

function securityInsightsPrincipal() {
  const otherwise =
    'The enterprise application "Azure Security Insights" cannot be read. Either Microsoft Sentinel is not in use in this tenant yet: add it to a workspace first. Or your account may not read the directory: have someone who may do so run az ad sp show, and set SECURITY_INSIGHTS_PRINCIPAL_ID with azd env set.';
  const id = az(otherwise, "ad", "sp", "show", "--id", securityInsightsAppId)?.id;
  if (!id) throw new Error(otherwise);
  return id;
}

const cannotRegister =
  "The app registration cannot be read or changed. Sign in with an account that may register applications, or have someone make one (docs/deploy.md) and set AUTH_CLIENT_ID with azd env set. What has been done is found again.";

/** The registration of that name; undefined when there is none. */
function registrationNamed(name) {
  // The filter of the Azure CLI takes names that only begin alike.
  const alike = az(cannotRegister, "ad", "app", "list", "--display-name", name) ?? [];
  const [found, ...more] = alike.filter((app) => app.displayName === name);
  if (more.length > 0)
    throw new Error(`There are several app registrations named ${name}: set AUTH_CLIENT_ID to one of them.`);
  return found;
}

/** A managed identity gets a token only for a registration with an identifier and an enterprise application. */
function makeUsable({ appId, identifierUris, api }) {
  const uris = new Set([...(identifierUris ?? []), `api://${appId}`]);
  if (uris.size !== identifierUris?.length || api?.requestedAccessTokenVersion !== 2) {
    const version = ["--requested-access-token-version", "2"];
    az(cannotRegister, "ad", "app", "update", "--id", appId, "--identifier-uris", ...uris, ...version);
  }
  const enterpriseApplications = az(cannotRegister, "ad", "sp", "list", "--spn", appId) ?? [];
  if (enterpriseApplications.length === 0) az(cannotRegister, "ad", "sp", "create", "--id", appId);
}

/** The client id of the environment's registration, which is usable. */
function registration() {
  const environment = process.env.AZURE_ENV_NAME;
  if (!environment) throw new Error("AZURE_ENV_NAME is not set: azd runs this before it provisions.");
  const name = `sentinel-incident-enricher-${environment}`;
  const create = ["ad", "app", "create", "--display-name", name, "--sign-in-audience", "AzureADMyOrg"];
  const app = registrationNamed(name) ?? az(cannotRegister, ...create);
  makeUsable(app);
  return app.appId;
}

function main() {
  const given = {
    clientId: givenId("AUTH_CLIENT_ID"),
    principalId: givenId("SECURITY_INSIGHTS_PRINCIPAL_ID"),
  };
  if (!given.clientId || !given.principalId) assertSameTenant();
  if (!given.principalId) keep("SECURITY_INSIGHTS_PRINCIPAL_ID", securityInsightsPrincipal());
  if (!given.clientId) assertCliIsNew();
  const clientId = given.clientId ?? registration();
  if (!given.clientId) keep("AUTH_CLIENT_ID", clientId);
  console.log(`The relay will get its tokens for the app registration ${clientId}.`);
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
