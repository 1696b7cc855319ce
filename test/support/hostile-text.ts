import fc from "fast-check";

const pieces = [
  "<script>",
  "</td></tr></table>",
  '" onmouseover="alert(1)',
  "'",
  "&lt;",
  "[a](javascript:alert(1))",
  "![x](https://evil.example/x.png)",
  "https://evil.example/",
  "HTTP://evil.example",
  "ftp://evil.example",
  "www.evil.example",
  "ht\u200btps://evil.example",
  "\u202e",
  "\u2028",
  "\r\n",
  "\ud800",
  "| a | b |",
  "`code`",
  "**bold**",
  "And 4 more, no worse than these.",
  "<%= 1 %>",
];

/** Text of any characters, with what could become a tag, a link or Markdown anywhere in it. */
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 40 })), { maxLength: 6 })
  .map((parts) => parts.join(""));
