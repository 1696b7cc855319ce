import { pauseHandler, raiseEvent, restart, rewind, start, terminate } from "./instance-commands";
import { purgeByFilter, purgeInstance, queryInstances, showStatus } from "./instance-queries";
import { type Api, empty, type Handler, type Manage, matchPath } from "./management-http";

/** Literal segments ignore case; `{x}` is any segment, `{x?}` may be missing. */
const routes: readonly [method: string, path: string, handler: Handler][] = [
  ["POST", "orchestrators/{name}/{id?}", start],
  ["GET", "instances", queryInstances],
  ["DELETE", "instances", purgeByFilter],
  ["GET", "instances/{id}", showStatus],
  ["DELETE", "instances/{id}", purgeInstance],
  ["POST", "instances/{id}/raiseEvent/{event}", raiseEvent],
  ["POST", "instances/{id}/terminate", terminate],
  ["POST", "instances/{id}/suspend", pauseHandler("ExecutionSuspended")],
  ["POST", "instances/{id}/resume", pauseHandler("ExecutionResumed")],
  ["POST", "instances/{id}/rewind", rewind],
  ["POST", "instances/{id}/restart", restart],
];

/** The HTTP management API of the extension (`HttpApiHandler.cs`), without entities. */
export function createManagementApi(api: Api): Manage {
  return async (request) => {
    for (const [method, path, handler] of routes) {
      const params = method === request.method ? matchPath(path, request.path) : undefined;
      if (params) return handler({ ...request, params }, api);
    }
    return empty(404);
  };
}
