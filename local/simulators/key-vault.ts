import type { Clock } from "../clock";
import { type Simulator, startSimulator } from "./simulator";

export interface KeyVaultSimulator extends Simulator {
  /** By name; change it at will. */
  readonly secrets: Map<string, string>;
}

interface KeyVaultSimulatorOptions {
  readonly clock: Clock;
  readonly secrets?: Readonly<Record<string, string>>;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Real milliseconds before every answer. */
  readonly latencyMs?: number;
}

/** Azure Key Vault, reading the newest version of a secret. Asks for no token. */
export async function startKeyVaultSimulator(options: KeyVaultSimulatorOptions): Promise<KeyVaultSimulator> {
  const secrets = new Map(Object.entries(options.secrets ?? {}));
  const simulator = await startSimulator({
    ...options,
    handler(request) {
      const [, name = ""] = /^\/secrets\/([0-9A-Za-z-]+)\/?$/.exec(request.path) ?? [];
      const value = secrets.get(name);
      if (!request.query.get("api-version")) return failure(400, "BadParameter", "api-version is required.");
      if (request.method !== "GET") return failure(405, "MethodNotAllowed", "Only GET is served.");
      if (value === undefined) {
        const message = `A secret with (name/id) ${name} was not found in this key vault.`;
        return failure(404, "SecretNotFound", message);
      }
      const at = Math.floor(request.at / 1000);
      const attributes = { enabled: true, created: at, updated: at, recoveryLevel: "Recoverable" };
      const id = `http://${request.headers.host}/secrets/${name}/0123456789abcdef0123456789abcdef`;
      return { status: 200, json: { value, id, attributes } };
    },
  });
  return { ...simulator, secrets };
}

function failure(status: number, code: string, message: string) {
  return { status, json: { error: { code, message } } };
}
