import { extname } from "node:path";
import { type ESTree, parseSync, Visitor } from "vite";
import { parseAllDocuments, visit } from "yaml";

interface FoundQuery {
  /** Line of the file on which the query begins, from 1. */
  readonly line: number;
  readonly query: string;
}

interface FoundQueries {
  readonly queries: readonly FoundQuery[];
  /** Lines that look like a part of a query, in a place where queries cannot be read. */
  readonly unread: readonly number[];
}

/** A string or a block of code in a file. */
interface Text {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** It is used in another text, and only there. */
  readonly isPart?: boolean;
}

const operators =
  "where|summarize|project(?:-\\w+)?|extend|take|limit|join|union|mv-expand|mv-apply|make-series|distinct|top|parse|evaluate|render|lookup|count|(?:order|sort) by|search|sample";

/** What only queries contain: an operator behind a pipe, a union of tables that may be missing, a watchlist. */
const marks = new RegExp(
  `\\|\\s*(?:${operators})(?=\\s|$)|\\bunion\\s+(?:isfuzzy|kind|withsource)\\s*=|\\b_GetWatchlist\\s*\\(`,
  "gm",
);

export function findQueries(path: string, content: string): FoundQueries {
  const kind = extname(path);
  const texts = (readers[kind]?.(content) ?? []).filter(({ text }) => text.search(marks) >= 0);
  const isProse = kind === ".md" ? cellBorders(content) : () => false;
  const unread = [...content.matchAll(marks)]
    .map(({ index }) => index)
    .filter((index) => !isProse(index) && !texts.some((text) => contains(text, index)));
  const lineAt = (index: number) => content.slice(0, index).split("\n").length;
  return {
    queries: texts
      .filter(({ isPart }) => !isPart)
      .map(({ start, text }) => ({ line: lineAt(start), query: text })),
    unread: [...new Set(unread.map(lineAt))],
  };
}

const contains = ({ start, end }: Text, index: number) => start <= index && index < end;

const readers: Readonly<Record<string, (content: string) => readonly Text[]>> = {
  ".bicep": readBicep,
  ".js": readScript,
  ".json": readJson,
  ".kql": (content) => [{ start: 0, end: content.length, text: content }],
  ".md": readMarkdown,
  ".mjs": readScript,
  ".mts": readScript,
  ".ts": readScript,
  ".yaml": readYaml,
  ".yml": readYaml,
};

/**
 * Strings and template literals. `${name}` is what the constant of this file holds, a call of `dynamicLiteral` a list,
 * anything else a 1.
 */
function readScript(content: string): readonly Text[] {
  const literals: (ESTree.StringLiteral | ESTree.TemplateLiteral)[] = [];
  const constants = new Map<string, ESTree.Expression>();
  const visitor = new Visitor({
    Literal: (literal) => {
      if (typeof literal.value === "string") literals.push(literal as ESTree.StringLiteral);
    },
    TemplateLiteral: (literal) => void literals.push(literal),
    VariableDeclarator: ({ id, init }) => {
      if (id.type === "Identifier" && init) constants.set(id.name, init);
    },
  });
  visitor.visit(parseSync("file.ts", content).program);

  const parts = new Set<ESTree.Expression>();
  const textOf = (node: ESTree.Expression): string => {
    if (node.type === "Literal") return String(node.value);
    if (isDynamicLiteral(node)) return 'dynamic(["value"])';
    if (node.type !== "TemplateLiteral") return "1";
    return node.quasis.reduce((text, { value }, i) => {
      const inserted = node.expressions[i];
      return text + value.cooked + (inserted ? insertedText(inserted) : "");
    }, "");
  };
  const insertedText = (node: ESTree.Expression): string => {
    const constant = node.type === "Identifier" ? constants.get(node.name) : undefined;
    if (constant) parts.add(constant);
    return textOf(constant ?? node);
  };
  const texts = literals.map((literal) => ({ literal, text: textOf(literal) }));
  return texts.map(({ literal, text }) => ({
    start: literal.start,
    end: literal.end,
    text,
    isPart: parts.has(literal),
  }));
}

const isDynamicLiteral = (node: ESTree.Expression) =>
  node.type === "CallExpression" &&
  node.callee.type === "Identifier" &&
  node.callee.name === "dynamicLiteral";

/** Strings of one line and of several, without comments. */
function readBicep(content: string): readonly Text[] {
  const pattern = /\/\/.*|\/\*[\s\S]*?\*\/|'''([\s\S]*?)'''|'((?:[^'\\\n]|\\.)*)'/g;
  return [...content.matchAll(pattern)].flatMap((match) => {
    const text = match[1] ?? match[2]?.replaceAll(/\\n/g, "\n").replaceAll(/\\(.)/g, "$1");
    return text === undefined ? [] : [textAt(match, text)];
  });
}

/** Strings, and those in JSON that is itself in a string, as workbooks have it. */
function readJson(content: string): readonly Text[] {
  return [...content.matchAll(/"(?:[^"\\]|\\.)*"/g)].flatMap((match) =>
    stringsIn(JSON.parse(match[0])).map((text) => textAt(match, text)),
  );
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(stringsIn);
  if (typeof value !== "string") return [];
  if (!/^\s*[[{]/.test(value)) return [value];
  try {
    return stringsIn(JSON.parse(value));
  } catch {
    return [value];
  }
}

function readYaml(content: string): readonly Text[] {
  const texts: Text[] = [];
  for (const document of parseAllDocuments(content))
    visit(document, {
      Scalar: (_, { value, range }) => {
        if (typeof value === "string" && range) texts.push({ start: range[0], end: range[2], text: value });
      },
    });
  return texts;
}

/** Blocks of code, in shell commands what is quoted, and code within a line. */
function readMarkdown(content: string): readonly Text[] {
  const blocks = /^( *)```(\w*)\n([\s\S]*?)^ *```$/gm;
  const fenced = [...content.matchAll(blocks)].flatMap((match) => {
    const [, indent = "", language = "", code = ""] = match;
    const isShell = ["sh", "bash", "powershell"].includes(language);
    const plain = code.replaceAll(new RegExp(`^${indent}`, "gm"), "");
    return (isShell ? quotedIn(plain) : [plain]).map((text) => textAt(match, text));
  });
  const prose = content.replaceAll(blocks, (block) => " ".repeat(block.length));
  const inline = [...prose.matchAll(/`([^`\n]+)`/g)].map((match) =>
    textAt(match, (match[1] ?? "").replaceAll("\\|", "|")),
  );
  return [...fenced, ...inline];
}

function quotedIn(command: string): readonly string[] {
  return [...command.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map(
    ([, double, single = ""]) => double?.replaceAll(/\\(["$`\\])/g, "$1") ?? single,
  );
}

/** Whether a pipe separates two cells of a table, where one in code is escaped. */
function cellBorders(content: string): (index: number) => boolean {
  return (index) => {
    const lineStart = content.lastIndexOf("\n", index) + 1;
    return /^\s*\|/.test(content.slice(lineStart, index + 1)) && content[index - 1] !== "\\";
  };
}

function textAt({ index, 0: whole }: RegExpExecArray, text: string): Text {
  return { start: index, end: index + whole.length, text };
}
