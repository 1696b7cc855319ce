import { z } from "zod";
import type { ServiceCheck } from "../provider-description";
import type { IntezerClient } from "./client";

const usageSchema = z.object({
  result: z.object({
    file_scans: z
      .object({ quota: z.number(), usage: z.number(), type: z.string().catch("plan's") })
      .optional()
      .catch(undefined),
  }),
});

/** Exchanges the key for a token and asks what is left of the plan, which costs nothing. Never throws. */
export async function checkKey(client: IntezerClient): Promise<ServiceCheck> {
  const answer = await client.send({ method: "GET", path: "/current-quota-usage" }, client.timeLimit());
  if (answer.kind === "noKey") return { state: "off", text: answer.reason };
  if (answer.kind !== "answer") return { state: "failed", text: `Intezer: ${answer.reason}` };
  if (answer.status !== 200)
    return {
      state: "failed",
      text: `the key gives a token, but Intezer answered HTTP ${answer.status} about its quota: check the plan and the role of the account`,
    };
  const scans = usageSchema.safeParse(answer.body).data?.result.file_scans;
  if (!scans)
    return { state: "ok", text: "key accepted; Intezer does not say how many files it may analyse" };
  const text = `key accepted; ${scans.usage} of ${scans.quota} file analyses used (${scans.type})`;
  return scans.usage < scans.quota
    ? { state: "ok", text }
    : { state: "failed", text: `${text}: the quota is spent` };
}
