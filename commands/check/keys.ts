import { z } from "zod";
import { createIntezerClient } from "../../clients/intezer/client";
import type { Access } from "../deployment/access";
import { standingOfVirusTotalKey } from "../deployment/virustotal-quota";
import type { Line } from "./line";

/** Of the vault, as far as the signed-in account may read it; or of the environment. */
export async function checkVault({ config, secrets }: Access): Promise<Line> {
  const name = "vault";
  if (config.keyVaultUrl === undefined)
    return { name, state: "off", text: "none is used: keys come from settings" };
  const readings = await Promise.all(
    Object.values(secrets).map(async (secret) => ({ setting: secret.setting, read: await secret.read() })),
  );
  const failed = readings.find(({ read }) => read.kind !== "done");
  if (failed && "reason" in failed.read)
    return {
      name,
      state: "failed",
      text: `${failed.read.reason} This was asked with your account: it needs the role as well.`,
    };
  const missing = readings.filter(({ read }) => read.kind === "done" && !read.value);
  if (missing.length === readings.length)
    return { name, state: "failed", text: "holds no secret: store virustotal-api-key or intezer-api-key" };
  const without = missing.map(({ setting }) => `; not set: ${setting}`).join("");
  return { name, state: "ok", text: `readable${without}` };
}

export async function checkVirusTotal(access: Access): Promise<Line> {
  const name = "VirusTotal";
  const standing = await standingOfVirusTotalKey(access);
  switch (standing.kind) {
    case "noKey":
      return { name, state: "off", text: `no API key: set ${access.secrets.virustotal.setting}` };
    case "untold":
      return { name, state: "ok", text: "key accepted; its quota is told to the key's owner only" };
    case "refused":
      return { name, state: "failed", text: standing.reason };
    case "told": {
      const { quota, used = { day: 0, month: 0 } } = standing.reading;
      const text = `key accepted; ${used.day} of ${quota.perDay} requests used today, ${used.month} of ${quota.perMonth} this month, ${quota.perMinute} a minute`;
      const isSpent = used.day >= quota.perDay || used.month >= quota.perMonth;
      return isSpent
        ? { name, state: "failed", text: `${text}: the quota is spent, it returns at 00:00 UTC` }
        : { name, state: "ok", text };
    }
  }
}

const usageSchema = z.object({
  result: z.object({
    file_scans: z
      .object({ quota: z.number(), usage: z.number(), type: z.string().catch("plan's") })
      .optional()
      .catch(undefined),
  }),
});

export async function checkIntezer({ config, secrets, userAgent }: Access): Promise<Line> {
  const name = "Intezer";
  const key = secrets.intezer;
  const client = createIntezerClient({
    endpoint: config.intezer.endpoint,
    key,
    userAgent,
    now: Date.now,
  });
  const answer = await client.send({ method: "GET", path: "/current-quota-usage" }, client.timeLimit());
  if (answer.kind === "noKey") return { name, state: "off", text: answer.reason };
  if (answer.kind !== "answer") return { name, state: "failed", text: `Intezer: ${answer.reason}` };
  if (answer.status !== 200)
    return {
      name,
      state: "failed",
      text: `the key gives a token, but Intezer answered HTTP ${answer.status} about its quota: check the plan and the role of the account`,
    };
  const scans = usageSchema.safeParse(answer.body).data?.result.file_scans;
  if (!scans) return { name, state: "ok", text: "key accepted; its quota of files is not told" };
  const text = `key accepted; ${scans.usage} of ${scans.quota} file analyses used (${scans.type})`;
  return scans.usage < scans.quota
    ? { name, state: "ok", text }
    : { name, state: "failed", text: `${text}: the quota is spent` };
}
