import type { Reply, SimulatorRequest } from "./simulator";

type Body = Readonly<Record<string, unknown>>;

/** Resources of Azure that a deployment consists of, by ARM id without regard to case. */
export interface AzureResources {
  /** Replaces the resource. */
  put(id: string, resource: { readonly properties: Body; readonly [field: string]: unknown }): void;
  /** Changes properties of a resource that is there; the returned function changes them back. */
  update(id: string, properties: Body): () => void;
  /** Removes a resource; the returned function brings it back. */
  remove(id: string): () => void;
  /** Grants a role at a scope. Returns the id of the assignment. */
  grant(scope: string, roleId: string, principalId: string): string;
  /** `undefined` for what is not a resource or collection known here. */
  answer(request: SimulatorRequest): Reply | undefined;
}

interface Stored {
  readonly id: string;
  body: { readonly properties: Body };
}

export function createAzureResources(): AzureResources {
  const resources = new Map<string, Stored>();
  const find = (id: string): Stored => {
    const stored = resources.get(id.toLowerCase());
    if (!stored) throw new Error(`The simulator has no resource ${id}.`);
    return stored;
  };

  /** Assignments show at their scope and everywhere below it. */
  const roleAssignments = (scope: string, filter: string) => {
    const principalId = /assignedTo\('([^']*)'\)/.exec(filter)?.[1];
    return [...resources.values()].filter(({ id, body }) => {
      const [grantedOn] = id.toLowerCase().split("/providers/microsoft.authorization/roleassignments/");
      const isAbove = id.toLowerCase() !== grantedOn && `${scope}/`.startsWith(`${grantedOn}/`);
      return isAbove && (principalId === undefined || body.properties.principalId === principalId);
    });
  };

  const list = (collection: string, query: URLSearchParams) => {
    const [, scope] = /^(.*)\/providers\/microsoft\.authorization\/roleassignments$/.exec(collection) ?? [];
    if (scope !== undefined) return roleAssignments(scope, query.get("$filter") ?? "");
    return [...resources.entries()]
      .filter(([id]) => id.startsWith(`${collection}/`) && !id.slice(collection.length + 1).includes("/"))
      .map(([, stored]) => stored);
  };

  return {
    put: (id, body) => void resources.set(id.toLowerCase(), { id, body }),
    update(id, properties) {
      const stored = find(id);
      const { body } = stored;
      stored.body = { ...body, properties: { ...body.properties, ...properties } };
      return () => {
        stored.body = body;
      };
    },
    remove(id) {
      const stored = find(id);
      resources.delete(id.toLowerCase());
      return () => void resources.set(id.toLowerCase(), stored);
    },
    grant(scope, roleId, principalId) {
      const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${roleId}-${principalId}`;
      const subscription = scope.split("/").slice(0, 3).join("/");
      const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;
      resources.set(id.toLowerCase(), { id, body: { properties: { principalId, roleDefinitionId, scope } } });
      return id;
    },
    answer({ method, path, query }) {
      const wanted = path.toLowerCase();
      // Settings that can hold secrets are listed by POST, and not shown by GET.
      const secretive = /^(.*\/config\/appsettings)\/list$/.exec(wanted)?.[1];
      if (method === "POST" && secretive !== undefined) return shown(resources.get(secretive));
      if (method !== "GET" || wanted.endsWith("/config/appsettings")) return undefined;
      const stored = resources.get(wanted);
      if (stored) return shown(stored);
      const found = list(wanted, query);
      const type = collectionType.exec(path)?.[1]?.toLowerCase();
      if (found.length === 0 && !collections.includes(type ?? "")) return undefined;
      return { status: 200, json: { value: found.map(({ id, body }) => resourceBody(id, body)) } };
    },
  };
}

const collectionType = /\/providers\/([^/]+\/[^/]+)$/;

/** Collections that can be empty. */
const collections = [
  "microsoft.authorization/roleassignments",
  "microsoft.insights/components",
  "microsoft.insights/metricalerts",
  "microsoft.insights/scheduledqueryrules",
  "microsoft.securityinsights/automationrules",
  "microsoft.web/sites",
];

function shown(stored: Stored | undefined): Reply | undefined {
  return stored && { status: 200, json: resourceBody(stored.id, stored.body) };
}

function resourceBody(id: string, body: object) {
  return { id, name: id.split("/").at(-1), ...body };
}
