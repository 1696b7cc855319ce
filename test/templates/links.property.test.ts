import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { marked } from "marked";
import { describe, expect, test } from "vitest";
import { encodePlain, encodeText } from "../../templates/encode";
import { hostileText } from "../support/hostile-text";
import { casesIn } from "../support/tier";

/** CommonMark with everything that it may link: addresses without a scheme, mail addresses, hosts. */
const commonMark = new MarkdownIt({ html: true, linkify: true });
commonMark.linkify.set({ fuzzyLink: true, fuzzyEmail: true });
commonMark.linkify.tlds(["zip", "mov", "sh", "app", "dev", "top", "xyz", "рф"], true);

const dialects: Readonly<Record<string, (markdown: string) => string>> = {
  CommonMark: (markdown) => commonMark.render(markdown),
  "GitHub's": (markdown) => marked.parse(markdown, { async: false, gfm: true }),
};

const linkLike = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."[ ] ( ) < > ! @ : / // # | \\ ` * _ . .. http:// https:// ftp:// mailto: xmpp: //localhost www. [a] ]( ][ ]: [.] [@] [:] evil.com x.zip почта.рф a@b.com 8.8.8.8 [[a]] ![x] <a@b.com> evil。com hxxp:// &lt; \u200b \u2800".split(
          " ",
        ),
        " ",
        "\n",
        "\n\n",
      ),
      fc.webUrl(),
      fc.emailAddress(),
      fc.domain(),
      hostileText,
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

describe.each(Object.entries(dialects))("in %s dialect", (_, render) => {
  test("the parser does link, so that this proves something", () => {
    for (const text of ["[a](b)", "https://a.com/", "<https://a.com/>", "a@b.com", "[a]\n\n[a]: b"])
      expect(render(text)).toContain("<a ");
  });

  test.each([
    [
      "text",
      (text: string) =>
        `• File ${encodePlain(text)}: ${encodePlain(text)}\nVirusTotal (1): ${encodePlain(text)}`,
    ],
    ["HTML", (text: string) => `<p>${encodeText(text)} <b>${encodeText(text)}</b></p>`],
    ["HTML whose tags were removed", (text: string) => `File ${encodeText(text)}`],
  ])("nothing in a comment as %s becomes a link, an image or a tag", (_, comment) => {
    fc.assert(
      fc.property(linkLike, (text) => {
        const html = render(comment(text));
        expect(html).not.toMatch(/<(?!\/?(?:p|b|br)>)/);
      }),
      { numRuns: casesIn({ quick: 200, full: 2_000 }) },
    );
  });
});
