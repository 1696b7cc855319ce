import { describe, expect, it } from "vitest";
import { matchRoute, routesFrom } from "../../../local/host/route";

const fn = (name: string, route?: string, methods?: string[]) => ({
  name,
  trigger: { name: "request", type: "httpTrigger", ...(route && { route }), ...(methods && { methods }) },
  extraInputs: [],
});

const routes = routesFrom(
  [
    fn("anything", "files/{*path}"),
    fn("file", "files/{name}"),
    fn("numbered", "files/{id:int}"),
    fn("newest", "files/newest"),
    fn("replace", "files/{name}", ["put"]),
    fn("health"),
    fn("dotted", "v1.0/items"),
  ],
  "api",
);

describe("matching a route", () => {
  it.each([
    ["GET", "/api/files/newest", "newest", {}],
    ["GET", "/api/files/7", "numbered", { id: "7" }],
    ["GET", "/api/files/seven", "file", { name: "seven" }],
    ["PUT", "/api/files/seven", "replace", { name: "seven" }],
    ["GET", "/api/files/a/b%20c", "anything", { path: "a/b c" }],
    ["GET", "/api/files", "anything", {}],
    ["GET", "/API/Health/", "health", {}],
    ["GET", "/api/files/a%2Fb", "file", { name: "a%2Fb" }],
    ["GET", "/api/files/%zz", "file", { name: "%zz" }],
    ["GET", "/api/v1.0/items", "dotted", {}],
    ["GET", "/api/v1x0/items", undefined, undefined],
    ["PUT", "/api/health", undefined, undefined],
    ["GET", "/health", undefined, undefined],
    ["GET", "/api//health", undefined, undefined],
  ])("%s %s is for %s", (method, path, name, params) => {
    const match = matchRoute(routes, method, path);
    expect(match?.route.fn.name).toBe(name);
    expect(match?.params).toEqual(params);
  });

  it("has no prefix when host.json leaves it empty", () => {
    expect(matchRoute(routesFrom([fn("health")], ""), "GET", "/health")?.route.template).toBe("/health");
  });

  it.each(["a/{id:regex(x)}", "{a}-{b}", "{id=5}", "{id"])("refuses the template %s", (template) => {
    expect(() => routesFrom([fn("odd", template)], "api")).toThrow('of function "odd" is not supported');
  });
});
