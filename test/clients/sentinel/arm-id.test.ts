import { describe, expect, it } from "vitest";
import { incidentFrom, scopeFrom, workspaceOf } from "../../../clients/sentinel/arm-id";
import { sameIncident } from "../../../domain/incident/incident";

const subscription = "11111111-2222-4333-8444-555555555555";
const incident = "1B727073-0bc2-528d-be6c-a41ce697f211";
const workspaceId = (group = "rg-soc", workspace = "law-soc") =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.OperationalInsights/workspaces/${workspace}`;
const incidentId = (parent = workspaceId(), id = incident) =>
  `${parent}/providers/Microsoft.SecurityInsights/Incidents/${id}`;

describe("ARM id of an incident", () => {
  it.each([
    ["as the trigger writes it", incidentId(), "rg-soc"],
    ["with a slash at the end", `${incidentId()}/`, "rg-soc"],
    ["in lower case", incidentId().toLowerCase(), "rg-soc"],
    ["with a group of every sign allowed", incidentId(workspaceId("RG_a.b(c)-1")), "rg_a.b(c)-1"],
    ["with a letter whose small form is another name", incidentId(workspaceId("GÜVENLİK")), "güvenlİk"],
    ["with a group in another script", incidentId(workspaceId("grupp-åäö-東京")), "grupp-åäö-東京"],
  ])("is read %s", (_, armId, resourceGroup) => {
    const scope = workspaceId(resourceGroup).replace("resourceGroups", "resourcegroups");
    expect(incidentFrom(armId)).toEqual({
      scope: scope.replace("OperationalInsights", "operationalinsights").replace("Microsoft", "microsoft"),
      incidentId: incident.toLowerCase(),
    });
  });

  it.each([
    ["nothing", ""],
    ["a workspace", workspaceId()],
    ["an address", `https://management.azure.com${incidentId()}`],
    ["`..` as a segment", incidentId(workspaceId(".."))],
    ["`.` as a segment", incidentId(workspaceId("."))],
    ["`..` between segments", incidentId(`${workspaceId()}/../law-other`)],
    ["a group that ends with a full stop", incidentId(workspaceId("rg."))],
    ["an encoded slash", incidentId(workspaceId("rg%2Fother"))],
    ["an encoded full stop", incidentId(workspaceId("%2e%2e"))],
    ["a backslash", incidentId(workspaceId("rg\\other"))],
    ["a query", `${incidentId()}?api-version=1`],
    ["a fragment", `${incidentId()}#x`],
    ["a line break at the end", `${incidentId()}\n`],
    ["a space in the group", incidentId(workspaceId("rg soc"))],
    ["a group that is too long", incidentId(workspaceId("g".repeat(91)))],
    ["a workspace with a full stop", incidentId(workspaceId("rg", "law.soc"))],
    ["a workspace that begins with a hyphen", incidentId(workspaceId("rg", "-law"))],
    ["a workspace with a letter that only looks like K", incidentId(workspaceId("rg", "law-\u212A"))],
    ["an incident without a GUID", incidentId(workspaceId(), "4711")],
    ["another segment behind it", `${incidentId()}/comments`],
    ["a subscription that is no GUID", incidentId().replace(subscription, "1".repeat(36))],
    ["another provider", incidentId().replace("SecurityInsights", "SecurityInsight")],
    ["another provider of the workspace", incidentId().replace("OperationalInsights", "Operational")],
    ["another sign for the provider's full stop", incidentId().replace("Microsoft.S", "MicrosoftxS")],
    ["a segment twice", incidentId(`${workspaceId()}${workspaceId()}`)],
  ])("is refused when it is %s", (_, armId) => {
    expect(incidentFrom(armId)).toBeUndefined();
  });
});

describe("two incidents", () => {
  const ref = incidentFrom(incidentId());
  it.each([
    ["the same in another case", incidentId().toUpperCase(), true],
    ["not the same with another GUID", incidentId().replace("1B727073", "2B727073"), false],
    ["not the same in another workspace", incidentId(workspaceId("rg-soc", "law-other")), false],
  ])("are %s", (_, armId, same) => {
    const other = incidentFrom(armId);
    expect(ref && other && sameIncident(ref, other)).toBe(same);
  });
});

describe("ARM id of a workspace", () => {
  it("is the same scope in any case, with or without a slash at the end", () => {
    const scope = workspaceId().toLowerCase();
    expect(scopeFrom(workspaceId())).toBe(scope);
    expect(scopeFrom(`${workspaceId("RG-SOC", "Law-Soc")}/`)).toBe(scope);
    expect(scopeFrom(workspaceId("rg-other"))).not.toBe(scope);
  });

  it.each([
    ["an incident", incidentId()],
    ["a name", "law-soc"],
    ["`..`", workspaceId("..")],
    ["too short a name", workspaceId("rg", "law")],
    ["too long a name", workspaceId("rg", "w".repeat(64))],
  ])("is refused when it is %s", (_, armId) => {
    expect(scopeFrom(armId)).toBeUndefined();
  });

  it("is taken apart for requests; what is no scope goes into none", () => {
    const parts = { subscriptionId: subscription, resourceGroup: "rg-soc", name: "law-soc" };
    expect(workspaceOf(scopeFrom(workspaceId()) ?? "")).toEqual(parts);
    expect(() => workspaceOf(workspaceId("..").toLowerCase())).toThrow("not the ARM id");
  });
});
