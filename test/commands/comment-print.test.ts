import { expect, it } from "vitest";
import { commentText } from "../../commands/comment-print";

const comment = `<h3>Threat found in a<b>.exe</h3><table><tr><th>Verdict</th><th>Indicator</th></tr>
  <tr><td>Malicious:</td><td><a href="https://example.com/1">a.exe</a></td></tr>
  <tr><td>Clean:</td><td>b.exe</td></tr></table>
  <p>${"A long paragraph. ".repeat(20)}</p>`;

it("prints headings as they are written, and no addresses of links", () => {
  const text = commentText(comment, 120);
  expect(text).toContain("Threat found in a.exe");
  expect(text).not.toContain("https://");
});

it("prints a table in columns where there is room, else its cells below each other", () => {
  expect(commentText(comment, 120)).toContain("Verdict     Indicator\nMalicious:  a.exe");
  expect(commentText(comment, 80)).toContain("Malicious:\na.exe\n\nClean:\nb.exe\n");
});

it.each([40, 80, 120])("keeps within %i columns", (columns) => {
  for (const line of commentText(comment, columns).split("\n"))
    expect(line.length).toBeLessThanOrEqual(columns);
});

it("lets nothing in a comment command the terminal", () => {
  expect(commentText("<p>a&#27;[2Jb&#x202e;c</p>", 80)).toBe("a[2Jbc");
});
