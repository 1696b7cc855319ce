import type { HttpResponseInit, InvocationContext } from "@azure/functions";
import { refusal } from "./answers";

interface Unconfigured {
  readonly version: string;
  /** Everything that is wrong; only for the log, because it may name a workspace. */
  readonly message: string;
  /** Names of the wrong settings. */
  readonly settings: readonly string[];
}

const advice = (settings: readonly string[]) =>
  `Correct ${settings.join(", ")} and restart the app; its log says what is wrong with each.`;

/**
 * The routes' answers while the settings are not usable. If an app cannot start, its Functions host does not end, but
 * answers 404 to everything; so the app registers the routes, and nothing else.
 */
export function createUnconfigured({ version, message, settings }: Unconfigured) {
  const logged = (response: HttpResponseInit) => async (_request: unknown, context: InvocationContext) => {
    context.error(message);
    return response;
  };
  const check = { name: "settings", ok: false, message: advice(settings) };
  return {
    refuse: logged(refusal(503, "NotConfigured", `The app's settings are not usable. ${advice(settings)}`)),
    health: logged({ status: 503, jsonBody: { status: "unhealthy", version, checks: [check] } }),
  };
}
