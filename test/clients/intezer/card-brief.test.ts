import { describe, expect, it } from "vitest";
import { readDetails } from "../../../clients/intezer/analysis";
import { fileOutcomeFrom, urlOutcomeFrom } from "../../../clients/intezer/answer";
import type { Outcome } from "../../../domain/lookups/provider";
import { bodyOf } from "./setup";

const briefOf = (outcome: Outcome | undefined) =>
  outcome?.kind === "answered" ? outcome.answer.card?.brief : undefined;

describe("Intezer's details in short", () => {
  it("of a file say whose code it has, and what it did, worst first", async () => {
    const { result } = bodyOf("file-malicious");
    const details = await readDetails(result, async (path) => bodyOf(path.split("/").at(-1) ?? ""));
    expect(briefOf(fileOutcomeFrom(result, details))).toMatchInlineSnapshot(`
      [
        "15 of 15 genes shared with Carbanak. Product product name.",
        "Behaviour: Injects code into another process, T1055, high; Attempts to connect to a dead IP:Port (3 unique times), low.",
      ]
    `);
  });

  it("of a URL say what was found on it", () => {
    expect(briefOf(urlOutcomeFrom(bodyOf("url-malicious-phishing").result))).toMatchInlineSnapshot(`
      [
        "This URL hosts a phishing page. Found malicious: Phishing page. Found suspicious: Domain was created recently. ApiVoid risk score 88. Leads to https://login-example.test/signin. Registrar EXAMPLE REGISTRAR.",
      ]
    `);
  });

  it("of a URL say what was downloaded from it", () => {
    expect(briefOf(urlOutcomeFrom(bodyOf("url-malicious-with-download").result))).toMatchInlineSnapshot(`
      [
        "Leads to http://www.foo.com/.",
        "Downloads a file: malicious.",
        "SHA-256 4293c1d8574dc87c58360d6bac3daa182f64f7785c9d41da5e0741d2b1817fc7",
      ]
    `);
  });

  it("are none where there are no details", () => {
    expect(briefOf(fileOutcomeFrom(bodyOf("file-trusted").result))).toBeUndefined();
  });
});
