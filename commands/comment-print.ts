import { convert, type HtmlToTextOptions } from "html-to-text";
import { columnsOf, withoutControls } from "./terminal";

const asWritten = (selector: string) => ({ selector, options: { uppercase: false } });

/** A comment as text for a terminal. The URLs of its links are for the page. */
export function commentText(html: string, columns = columnsOf()): string {
  const options: HtmlToTextOptions = {
    wordwrap: columns,
    selectors: [asWritten("h3"), asWritten("h4"), { selector: "a", options: { ignoreHref: true } }],
  };
  return withoutControls(convert(html, options));
}

/** Prints a comment as text, between two lines. */
export function printComment(html: string): void {
  const line = "─".repeat(columnsOf());
  console.log(`\n${line}\n${commentText(html)}\n${line}`);
}

const style =
  ":root{color-scheme:light dark}body{font:14px/1.5 system-ui;max-width:45em;margin:2em auto;overflow-wrap:anywhere}";

/** A comment as an HTML page of its own, to look at in a browser. */
export function commentPage(html: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Comment</title><style>${style}</style><body>${html}</body></html>\n`;
}
