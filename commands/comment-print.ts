import { convert, type HtmlToTextOptions } from "html-to-text";

const width = 100;
const asItIs = (selector: string) => ({ selector, options: { uppercase: false } });
const options: HtmlToTextOptions = {
  wordwrap: width,
  selectors: [
    asItIs("h3"),
    asItIs("h4"),
    { selector: "a", options: { ignoreHref: true } },
    {
      selector: "table",
      format: "dataTable",
      options: { maxColumnWidth: 28, colSpacing: 2, uppercaseHeaderCells: false },
    },
  ],
};

/** Prints a comment as text, between two lines. The addresses of its links are for the page. */
export function printComment(html: string): void {
  const line = "─".repeat(width);
  console.log(`\n${line}\n${convert(html, options)}\n${line}`);
}

const style =
  "body{font:14px system-ui;max-width:70em;margin:2em auto}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.3em .5em;text-align:left;vertical-align:top}";

/** A comment as an HTML page of its own, to look at in a browser. */
export function commentPage(html: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Comment</title><style>${style}</style><body>${html}</body></html>\n`;
}
