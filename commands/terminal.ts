import { relative } from "node:path";

const widest = 120;
const usual = 80;

/** Columns to write in: those of the terminal, at most 120; 80 where nothing says how many there are. */
export function columnsOf(stream: { readonly columns?: number } = process.stdout): number {
  const { COLUMNS } = process.env;
  const columns = stream.columns ?? Number(COLUMNS);
  return columns >= 20 ? Math.min(columns, widest) : usual;
}

/**
 * Breaks every line at blanks so that it fits into the columns; what follows a break is indented as the text of the
 * line is: below `  --option   text` below the text. A longer word stays whole, so that it can be copied.
 */
export function wrap(text: string, columns = columnsOf()): string {
  return text
    .split("\n")
    .map((line) => (line.length <= columns ? line : wrapLine(line, columns)))
    .join("\n");
}

function wrapLine(line: string, columns: number): string {
  const [head = ""] = /^\s*(?:\S+(?: \S+)*\s{2,})?/.exec(line) ?? [];
  const indent = " ".repeat(head.length <= columns / 2 ? head.length : 0);
  const lines: string[] = [];
  let current = head;
  let isEmpty = true;
  for (const word of line.slice(head.length).split(/ +/)) {
    if (!isEmpty && current.length + 1 + word.length > columns) {
      lines.push(current);
      current = indent + word;
    } else {
      current += isEmpty ? word : ` ${word}`;
    }
    isEmpty = false;
  }
  return [...lines, current].join("\n");
}

/** Text without the control characters by which it could command a terminal; lines stay. */
export function withoutControls(text: string): string {
  return text.replaceAll(/(?!\n)[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "");
}

/** A path for people: below the working folder relative to it. */
export function pathText(path: string): string {
  const below = relative(process.cwd(), path);
  return below === "" || below.startsWith("..") ? path : below;
}
