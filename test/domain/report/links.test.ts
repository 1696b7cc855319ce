import { expect, it } from "vitest";
import { linksIn, linksOf } from "../../../domain/report/links";
import { relatedTo } from "../../support/related";
import { answered, indicator, report, sha256 } from "../../support/reports";

const invoice = indicator("file", sha256("a"), ["invoice.exe"]);
const evil = indicator("domain", "login-update.example.net");
const host = indicator("address", "93.184.216.34");

it("are seen from each of their ends", () => {
  const links = linksIn(
    report([
      [invoice, answered("malicious", { related: relatedTo("contacts", evil) })],
      [evil, answered("malicious", { related: relatedTo("resolvesTo", host) })],
      [host, answered("clean")],
      [indicator("domain", "alone.example.net"), answered("clean")],
    ]),
  );
  expect(linksOf(links, invoice)).toEqual([{ relation: "contacts", kind: "domain", value: evil.value }]);
  expect(linksOf(links, evil)).toEqual([
    { relation: "contactedBy", kind: "file", value: invoice.value },
    { relation: "resolvesTo", kind: "address", value: host.value },
  ]);
  expect(linksOf(links, host)).toEqual([{ relation: "resolvedFrom", kind: "domain", value: evil.value }]);
  expect(linksOf(links, indicator("domain", "alone.example.net"))).toEqual([]);
});

it("are not looked for where there are none", () => {
  expect(linksIn(report([]))).toEqual([]);
});

it("survive a value that is no URL", () => {
  const broken = indicator("url", "http://…");
  const given = report([[broken, answered("malicious", { related: relatedTo("redirectsTo", invoice) })]]);
  expect(linksIn(given)).toEqual([]);
});
