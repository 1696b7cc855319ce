import { convert } from "html-to-text";

const width = 100;

/** Prints a comment as text, between two lines. */
export function printComment(html: string): void {
  const line = "─".repeat(width);
  console.log(`\n${line}\n${convert(html, { wordwrap: width })}\n${line}`);
}

const style =
  "body{font:14px system-ui;max-width:70em;margin:2em auto}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.3em .5em;text-align:left;vertical-align:top}";

/** A comment as an HTML page of its own, to look at in a browser. */
export function commentPage(html: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Comment</title><style>${style}</style><body>${html}</body></html>\n`;
}
