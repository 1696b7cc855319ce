import { expect, it } from "vitest";
import { commentText } from "../../commands/comment-print";

const comment = `<h3>Threat found in a<b>.exe</h3>
  <ul><li><b>Malicious</b> file a.exe: <a href="https://example.com/1">VirusTotal</a> 54 of 75 engines.</li></ul>
  <p><b>Clean (1):</b> file b.exe: VirusTotal 0 of 75 engines.</p>
  <p>${"A long paragraph. ".repeat(20)}</p>`;

it("prints headings as they are written, and no addresses of links", () => {
  const text = commentText(comment, 120);
  expect(text).toContain("Threat found in a.exe");
  expect(text).not.toContain("https://");
});

it("prints each bad indicator as an item, and the others as paragraphs", () => {
  const text = commentText(comment, 120);
  expect(text).toContain("\n * Malicious file a.exe: VirusTotal 54 of 75 engines.\n");
  expect(text).toContain("\nClean (1): file b.exe: VirusTotal 0 of 75 engines.\n");
});

it.each([40, 80, 120])("keeps within %i columns", (columns) => {
  for (const line of commentText(comment, columns).split("\n"))
    expect(line.length).toBeLessThanOrEqual(columns);
});

it("lets nothing in a comment command the terminal", () => {
  expect(commentText("<p>a&#27;[2Jb&#x202e;c</p>", 80)).toBe("a[2Jbc");
});
