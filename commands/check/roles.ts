import { z } from "zod";
import { nameOf, type ResourceManager } from "../deployment/resource-manager";
import { type Line, linesNamed } from "./line";

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const roleIds = {
  owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  sentinelContributor: "ab8e14d6-4a74-4a29-9ba8-549422addade",
  sentinelResponder: "3e150937-b8fe-4cfb-8069-0eaf05ecd056",
  sentinelReader: "8d289c81-5878-46d4-8554-54e1e3d8b5cb",
  sentinelAutomationContributor: "f4c81013-99ee-4d62-a7ee-b3f1f648599a",
} as const;

interface Grant {
  /** Who needs the role, for people. */
  readonly who: string;
  /** Object ids, one of which is enough; any principal's assignment when absent. */
  readonly principalIds?: readonly string[];
  /** ARM id of a resource or a resource group. */
  readonly scope: string;
  readonly role: string;
  /** The role, and those that include it. */
  readonly accepted: readonly string[];
  readonly consequence: string;
}

/** The grants without which no run begins, or none can write. */
export function grantsOf({
  group,
  relay,
  app,
  workspaces,
}: {
  /** Resource group of the deployment. */
  readonly group: string;
  readonly relay: { readonly principalIds: readonly string[] };
  readonly app: { readonly principalIds: readonly string[] } | undefined;
  /** ARM ids. */
  readonly workspaces: readonly string[];
}): readonly Grant[] {
  const onWorkspaces = workspaces.flatMap((scope): readonly Grant[] => [
    {
      who: "the relay's identity",
      principalIds: relay.principalIds,
      scope,
      role: "Microsoft Sentinel Reader",
      accepted: [
        roleIds.sentinelReader,
        roleIds.sentinelResponder,
        roleIds.sentinelContributor,
        roleIds.reader,
        roleIds.contributor,
        roleIds.owner,
      ],
      consequence: "its trigger does not work",
    },
    ...(app
      ? [
          {
            who: "the app's identity",
            principalIds: app.principalIds,
            scope,
            role: "Microsoft Sentinel Responder",
            accepted: [
              roleIds.sentinelResponder,
              roleIds.sentinelContributor,
              roleIds.contributor,
              roleIds.owner,
            ],
            consequence: "it can write neither comments nor tags",
          },
        ]
      : []),
  ]);
  return [
    ...onWorkspaces,
    {
      who: "Azure Security Insights (the application of Microsoft Sentinel)",
      scope: group,
      role: "Microsoft Sentinel Automation Contributor",
      accepted: [roleIds.sentinelAutomationContributor],
      consequence: "automation rules cannot start the relay",
    },
  ];
}

const assignment = z.object({ properties: z.object({ roleDefinitionId: z.string() }) });

const line = linesNamed("roles");

/** Whether every grant exists, at its scope or above. */
export async function checkRoles(azure: ResourceManager, grants: readonly Grant[]): Promise<readonly Line[]> {
  const lines = await Promise.all(grants.map((grant) => checkGrant(azure, grant)));
  const wrong = lines.flat();
  return wrong.length > 0 ? wrong : [line.ok(`all ${grants.length} are granted`)];
}

async function checkGrant(azure: ResourceManager, grant: Grant): Promise<readonly Line[]> {
  const { who, principalIds = [""], scope, role, accepted, consequence } = grant;
  if (principalIds.length === 0) return [line.failed(`${who} does not exist: deploy again`)];
  const readings = await Promise.all(
    principalIds.map((principalId) =>
      azure.list({
        schema: assignment,
        path: `${scope}/providers/Microsoft.Authorization/roleAssignments`,
        query: {
          "api-version": "2022-04-01",
          $filter: principalId ? `atScope() and assignedTo('${principalId}')` : "atScope()",
        },
        needs: `the role Reader on ${nameOf(scope)}`,
      }),
    ),
  );
  const refused = readings.find((reading) => reading.kind !== "done");
  if (refused) return [line.failed(`${nameOf(scope)}: ${refused.reason}`)];
  const isGranted = readings.some(
    (reading) =>
      reading.kind === "done" &&
      reading.value.some(({ properties }) => accepted.includes(nameOf(properties.roleDefinitionId))),
  );
  return isGranted
    ? []
    : [
        line.failed(
          `${who} has no role on ${nameOf(scope)}, so ${consequence}: grant ${role}, or deploy again. New roles take effect after a few minutes`,
        ),
      ];
}
