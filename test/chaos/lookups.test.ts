import { describe, expect, it } from "vitest";
import type { SimulatorRequest } from "../../local/simulators/simulator";
import type { InjectedFault } from "./faults";
import { checkLookups, checkSameLookups, type Lookups } from "./lookups";
import type { PoolItem } from "./pool";

const sha256 = "a".repeat(64);
const sha1 = "b".repeat(40);
const items: readonly PoolItem[] = [
  { entities: [], values: [sha256, sha1] },
  { entities: [], values: ["192.0.2.1"] },
  { entities: [], values: ["http://evil.example.net/"] },
];
const pathOf = { file: `/files/${sha256}`, sameFile: `/files/${sha1}`, address: "/ip_addresses/192.0.2.1" };

function story(lookups: Lookups["lookups"], injected: readonly InjectedFault[] = []): Lookups {
  const incidents = [{ armId: "", items, addition: undefined, tagsOfOthers: [] }];
  return { lookups, incidents, perMinute: 0, injected, areLookupsQuiet: injected.length === 0 };
}

const asked = (path: string, seconds: number) => ({ path, at: seconds * 1000 });

function failed(simulator: string, request: Pick<SimulatorRequest, "path" | "at">): InjectedFault {
  const rest = {
    method: "GET",
    rawPath: request.path,
    query: new URLSearchParams(),
    headers: {},
    body: "",
    size: 0,
  };
  return { simulator, kind: "serverError", request: { ...rest, ...request } };
}

describe("lookups of a story", () => {
  it.each<{
    title: string;
    lookups: Lookups["lookups"];
    injected?: readonly InjectedFault[];
    problem?: RegExp;
  }>([
    { title: "each once", lookups: [asked(pathOf.file, 0), asked(pathOf.address, 0)] },
    {
      title: "a URL, by its base64 form",
      lookups: [asked(`/urls/${Buffer.from("http://evil.example.net/").toString("base64url")}`, 0)],
    },
    { title: "again after an hour", lookups: [asked(pathOf.address, 0), asked(pathOf.address, 3601)] },
    {
      title: "again within an hour",
      lookups: [asked(pathOf.address, 0), asked(pathOf.address, 3599)],
      problem: /again after 3599 s/,
    },
    {
      title: "again after a fault",
      lookups: [asked(pathOf.address, 0), asked(pathOf.address, 5)],
      injected: [failed("virustotal", asked(pathOf.address, 0))],
    },
    {
      title: "again after a fault of the cache",
      lookups: [asked(pathOf.address, 0), asked(pathOf.address, 60)],
      injected: [failed("tables", asked("/EnricherLookUps(x)", 1))],
    },
    {
      title: "again after a fault of another lookup, and of the cache before both",
      lookups: [asked(pathOf.address, 1), asked(pathOf.address, 5)],
      injected: [
        failed("virustotal", asked(pathOf.file, 1)),
        failed("tables", asked("/EnricherLookUps(x)", 0)),
      ],
      problem: /again after 4 s/,
    },
    {
      title: "of what no incident has",
      lookups: [asked("/ip_addresses/192.0.2.9", 0)],
      problem: /192\.0\.2\.9, which no incident has/,
    },
  ])("$title", ({ lookups, injected, problem }) => {
    expect(checkLookups(story(lookups, injected))).toEqual(problem ? [expect.stringMatching(problem)] : []);
  });
});

describe("lookups with and without merges", () => {
  it("are the same when one file was asked for by another of its hashes", () => {
    const merged = story([asked(pathOf.sameFile, 9), asked(pathOf.address, 9)]);
    expect(checkSameLookups(merged, story([asked(pathOf.address, 0), asked(pathOf.file, 0)]))).toEqual([]);
  });

  it("differ when one is missing", () => {
    const both = story([asked(pathOf.file, 0), asked(pathOf.address, 0)]);
    const one = story([asked(pathOf.file, 0)]);
    expect(checkSameLookups(both, one)).toEqual(["192.0.2.1 is looked up with merges only"]);
    expect(checkSameLookups(one, both)).toEqual(["192.0.2.1 is looked up without merges only"]);
  });
});
