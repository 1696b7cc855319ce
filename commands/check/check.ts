import type { Deployment } from "../deployment/deployment";
import { checkApp } from "./app";
import { checkAzure } from "./azure";
import { checkKeys, checkVault } from "./keys";
import type { Line } from "./line";
import { checkWatchlist } from "./watchlist";
import { checkWorkspace } from "./workspace";

/** Checks everything that a run needs. Writes nothing and spends no quota. */
export async function checkDeployment(deployment: Deployment): Promise<readonly Line[]> {
  const settings: Line = { name: "settings", state: "ok", text: "usable" };
  const lines = await Promise.all([
    settings,
    checkVault(deployment),
    checkKeys(deployment),
    ...deployment.config.workspaces.map((scope) => checkWorkspace(deployment, scope)),
    ...deployment.config.workspaces.map((scope) => checkWatchlist(deployment, scope)),
    checkApp(deployment),
    checkAzure(deployment),
  ]);
  return lines.flat();
}
