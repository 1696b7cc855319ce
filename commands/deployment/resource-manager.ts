import { z } from "zod";
import { isLoopback } from "../../clients/azure-client";
import { createHttpClient, type HttpAnswer } from "../../clients/http";
import type { Attempt } from "../../domain/attempt";
import type { Access } from "./access";

interface ResourceRequest<T> {
  readonly schema: z.ZodType<T>;
  /** ARM id of a resource, or of a collection of resources. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>> & { readonly "api-version": string };
  /** Default GET; some settings are listed by POST. */
  readonly method?: "GET" | "POST";
  /** The role without which the answer is HTTP 403, and its scope, for people. */
  readonly needs: string;
}

/** Reads resources of Azure with the signed-in account. A refusal says what that account needs. */
export interface ResourceManager {
  read<T>(request: ResourceRequest<T>): Promise<Attempt<T>>;
  /** All pages of a collection; the schema is that of one resource. */
  list<T>(request: ResourceRequest<T>): Promise<Attempt<readonly T[]>>;
}

const mostPages = 20;

export function createResourceManager({ config, credential, userAgent, timeoutMs }: Access): ResourceManager {
  const baseUrl = config.sentinelEndpoint;
  const http = createHttpClient({ baseUrl, timeoutMs, userAgent });

  const ask = async (path: string, method: "GET" | "POST"): Promise<HttpAnswer> => {
    if (isLoopback(baseUrl)) return http({ method, path });
    const token = await credential.getToken(`${baseUrl}/.default`).catch(() => null);
    if (!token) return { kind: "fault", reason: "there is no signed-in account: run az login" };
    return http({ method, path, headers: { Authorization: `Bearer ${token.token}` } });
  };

  const read: ResourceManager["read"] = async ({ schema, path, query, method = "GET", needs }) =>
    readingFrom(schema, await ask(`${path}?${new URLSearchParams(query)}`, method), needs);

  return {
    read,
    async list(request) {
      const schema = z.object({ value: z.array(request.schema), nextLink: z.string().nullish() });
      let page = await read({ ...request, schema });
      const values = [];
      for (let pages = 1; page.kind === "done"; pages++) {
        values.push(...page.value.value);
        const { nextLink } = page.value;
        if (!nextLink || pages === mostPages) return { kind: "done", value: values };
        // Only the path is taken: the token goes nowhere else.
        const { pathname, search } = new URL(nextLink, baseUrl);
        page = readingFrom(schema, await ask(`${pathname}${search}`, "GET"), request.needs);
      }
      return page;
    },
  };
}

function readingFrom<T>(schema: z.ZodType<T>, answer: HttpAnswer, needs: string): Attempt<T> {
  if (answer.kind === "fault") return { kind: "again", reason: `Azure: ${answer.reason}` };
  const { status, body } = answer;
  if (status === 401 || status === 403)
    return { kind: "refused", reason: `your account may not read this: it needs ${needs}`, cause: "right" };
  if (status === 404) return { kind: "refused", reason: "it does not exist" };
  if (status !== 200) return { kind: "again", reason: `Azure answered HTTP ${status}: try again later` };
  const { data } = schema.safeParse(body);
  return data === undefined
    ? { kind: "again", reason: "Azure answered something unexpected: try again later" }
    : { kind: "done", value: data };
}

/** `/subscriptions/{id}/resourceGroups/{name}` of a resource; `undefined` when its id is not an ARM id. */
export function resourceGroupOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+(?=\/)/i.exec(id)?.[0];
}

export const nameOf = (id: string) => id.split("/").at(-1) ?? id;

export const isSameId = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
