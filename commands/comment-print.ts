import { convert, type HtmlToTextOptions } from "html-to-text";
import { columnsOf, withoutControls } from "./terminal";

/** Below this a table's cells stand below each other. */
const columnsOfTables = 120;

const asWritten = (selector: string) => ({ selector, options: { uppercase: false } });
const oneLine = { leadingLineBreaks: 1, trailingLineBreaks: 1 };

function optionsFor(columns: number): HtmlToTextOptions {
  const table =
    columns >= columnsOfTables
      ? [
          {
            selector: "table",
            format: "dataTable",
            options: { maxColumnWidth: 28, colSpacing: 2, uppercaseHeaderCells: false },
          },
        ]
      : [
          { selector: "th", format: "skip" },
          { selector: "tr", format: "block", options: { leadingLineBreaks: 2, trailingLineBreaks: 2 } },
          { selector: "td", format: "block", options: oneLine },
        ];
  return {
    wordwrap: columns,
    selectors: [
      asWritten("h3"),
      asWritten("h4"),
      { selector: "a", options: { ignoreHref: true } },
      { selector: "table", format: "block" },
      ...table,
    ],
  };
}

/** A comment as text for a terminal. The addresses of its links are for the page. */
export function commentText(html: string, columns = columnsOf()): string {
  return withoutControls(convert(html, optionsFor(columns)));
}

/** Prints a comment as text, between two lines. */
export function printComment(html: string): void {
  const line = "─".repeat(columnsOf());
  console.log(`\n${line}\n${commentText(html)}\n${line}`);
}

const style =
  "body{font:14px system-ui;max-width:70em;margin:2em auto}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.3em .5em;text-align:left;vertical-align:top}";

/** A comment as an HTML page of its own, to look at in a browser. */
export function commentPage(html: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Comment</title><style>${style}</style><body>${html}</body></html>\n`;
}
