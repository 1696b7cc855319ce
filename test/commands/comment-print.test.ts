import { afterEach, expect, it, vi } from "vitest";
import { printComment } from "../../commands/comment-print";

afterEach(() => void vi.restoreAllMocks());

it("prints a comment's table in columns, headings as they are written, and no addresses of links", () => {
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  printComment(
    `<h3>Threat found in a<b>.exe</h3><table><thead><tr><th>Verdict</th><th>Indicator</th></tr></thead>
     <tbody><tr><td>Malicious</td><td><a href="https://example.com/1">a.exe</a></td></tr></tbody></table>`,
  );
  const [text] = print.mock.calls[0] ?? [];
  expect(text).toContain("Threat found in a.exe");
  expect(text).toContain("Verdict    Indicator\nMalicious  a.exe");
  expect(text).not.toContain("https://");
});
