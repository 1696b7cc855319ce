import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { argumentsFrom, skippedTexts } from "../../../commands/enrich/arguments";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "arguments-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const incident =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/law-soc/providers/Microsoft.SecurityInsights/incidents/2f0c8a94-6d1b-4e57-9a3e-7b5c1d20f846";

it("takes indicators as arguments, several at once, and files beside them", async () => {
  const list = file("list.txt", "1.1.1.1\nnothing of use\n");
  const { subject } = await argumentsFrom(["8.8.8.8", "evil[.]example", list]);
  expect(subject).toMatchObject({
    kind: "list",
    entities: [{ kind: "Ip" }, { kind: "DnsResolution" }, { properties: { address: "1.1.1.1" } }],
    skipped: [{ source: list, line: 2, text: "nothing of use" }],
  });
});

it("reads a list that PowerShell has written as UTF-16", async () => {
  const bytes = Buffer.from("\uFEFF8.8.8.8\r\n1.1.1.1\r\n", "utf16le");
  const { subject } = await argumentsFrom([file("utf16.txt", bytes)]);
  expect(subject).toMatchObject({ entities: [{ kind: "Ip" }, { kind: "Ip" }], skipped: [] });
});

it.each([
  { what: "its ARM id", text: incident },
  {
    what: "its link in the portal",
    text: `https://portal.azure.com/#asset/Microsoft_Azure_Security_Insights/Incident${incident}`,
  },
  { what: "its ARM id as Git Bash on Windows hands it over", text: `C:/Program Files/Git${incident}` },
])("takes an incident by $what", async ({ text }) => {
  expect((await argumentsFrom([text])).subject).toMatchObject({ kind: "incident", armId: incident });
});

it.each([
  { what: "nothing", args: [], message: "Name an incident, a file, or indicators." },
  { what: "an unknown option", args: ["8.8.8.8", "--fast"], message: "--fast" },
  { what: "a file that is not there", args: ["nowhere.json"], message: '"nowhere.json" is not a file' },
  { what: "a word", args: ["8.8.8.8", "hello"], message: '"hello" is not a file' },
  {
    what: "something else of Azure",
    args: ["/subscriptions/1/resourceGroups/g"],
    message: "not the ARM id of an incident",
  },
  {
    what: "a page in a folder that is not there, before anything is looked up",
    args: ["8.8.8.8", "--output", "nowhere/comment.html"],
    message: "--output: there is no folder nowhere.",
  },
  { what: "two incidents", args: [incident, incident], message: "Name one incident at a time." },
  {
    what: "an incident in a file beside an indicator",
    args: ["commands/enrich/samples/incident.json", "8.8.8.8"],
    message: "name one incident at a time",
  },
  {
    what: "an incident of Azure with simulators",
    args: [incident, "--simulators"],
    message: "--simulators cannot read incidents from Azure",
  },
])("refuses $what", async ({ args, message }) => {
  await expect(argumentsFrom(args)).rejects.toThrow(message);
});

it("refuses a file without any indicator, and names its lines", async () => {
  const list = file("useless.txt", "nothing\nof use\n");
  await expect(argumentsFrom([list])).rejects.toThrow(
    `There is no indicator in ${list}.\n${list}, line 1: "nothing" is not a hash, IP address, domain or URL.`,
  );
});

it("names ten skipped lines, and counts the others; nothing in them commands the terminal", () => {
  const lines = Array.from({ length: 12 }, (_, i) => ({
    source: "-",
    line: i + 1,
    text: "\u001b[2Jx\u202e",
  }));
  const texts = skippedTexts(lines);
  expect(texts[0]).toBe('Line 1: "[2Jx" is not a hash, IP address, domain or URL.');
  expect(texts.slice(10)).toEqual(["And 2 more."]);
});
