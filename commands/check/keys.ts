import { secretNames } from "../../clients/providers";
import type { Access } from "../deployment/access";
import type { Line } from "./line";

/** Of the vault, as far as the signed-in account may read it; or of the environment. */
export async function checkVault({ config, secrets }: Access): Promise<Line> {
  const name = "vault";
  if (config.keyVaultUrl === undefined)
    return { name, state: "off", text: "none is used: keys come from settings" };
  const readings = await Promise.all(
    [...secrets.values()].map(async (secret) => ({ setting: secret.setting, read: await secret.read() })),
  );
  const failed = readings.find(({ read }) => read.kind !== "done");
  if (failed && "reason" in failed.read)
    return {
      name,
      state: "failed",
      text: `${failed.read.reason} This was read with your account, which needs the role as well.`,
    };
  const missing = readings.filter(({ read }) => read.kind === "done" && !read.value);
  const needed = secretNames().filter(({ isOptional }) => !isOptional);
  const names = needed.map(({ vaultName }) => vaultName).join(" or ");
  if (missing.length === readings.length && needed.length > 0)
    return { name, state: "failed", text: `holds no secret: store ${names}` };
  const without = missing.map(({ setting }) => `; not set: ${setting}`).join("");
  return { name, state: "ok", text: `readable${without}` };
}

/** Of each provider: whether its service accepts the key. */
export function checkKeys({ providers }: Access): Promise<readonly Line[]> {
  return Promise.all(
    providers.map(async ({ provider, check }) => ({ name: provider.title, ...(await check()) })),
  );
}
