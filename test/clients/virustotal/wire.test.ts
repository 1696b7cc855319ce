import { describe, expect, it } from "vitest";
import { reportSchema } from "../../../clients/virustotal/wire";
import { reportOf } from "../../support/virustotal-fixtures";

describe("reportSchema", () => {
  it("takes an attribute of another type for a missing one, and for unreadable where a verdict rests on it", () => {
    const { attributes } = reportOf("file-clean-signed-trusted", {
      size: "large",
      names: "contoso-agent.exe",
      creation_date: 1e20,
      last_analysis_stats: { malicious: "54", undetected: 70, suspicious: -3 },
      signature_info: null,
      sandbox_verdicts: { Zenbox: "malicious", CAPE: { category: "malicious", sandbox_name: 7 } },
    });
    expect(attributes).toMatchObject({
      size: undefined,
      names: undefined,
      creation_date: undefined,
      last_analysis_stats: { malicious: "unreadable", undetected: 70, suspicious: "unreadable" },
      signature_info: undefined,
      sandbox_verdicts: { Zenbox: "unreadable", CAPE: { category: "malicious", sandbox_name: undefined } },
      meaningful_name: "contoso-agent.exe",
    });
  });

  it.each([
    ["no data", {}],
    ["no id", { data: { type: "file", attributes: {} } }],
    ["no attributes", { data: { id: "8.8.8.8", type: "ip_address" } }],
    ["attributes in a list", { data: { id: "8.8.8.8", type: "ip_address", attributes: [] } }],
    ["an error", { error: { code: "NotFoundError", message: "not found" } }],
    ["a text", "report"],
  ])("takes %s for no report", (_, body) => {
    expect(reportSchema.safeParse(body).success).toBe(false);
  });
});
