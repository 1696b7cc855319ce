import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createContext, Script } from "node:vm";
import { z } from "zod";
import { packageRoot } from "../../local/host/package-root";

const schemaFolder = join(packageRoot, "test/fixtures/kusto");
const require = createRequire(join(packageRoot, "package.json"));
const languageService = dirname(require.resolve("@kusto/language-service-next"));

const schemaFile = z.strictObject({
  name: z.string(),
  /** The page that describes the table, or the file of this repository that does. */
  source: z.union([
    z.url({ hostname: /^learn\.microsoft\.com$/ }),
    z.string().regex(/^domain\/[\w/-]+\.ts$/),
  ]),
  /** The copy of that page from which the columns were taken. */
  readFrom: z.string(),
  /** Names of the parameters, all strings, of a function that returns a table. */
  parameters: z.array(z.string()).optional(),
  /** Rows can have columns that are not listed. */
  isOpen: z.boolean().optional(),
  columns: z.record(
    z.string(),
    z.enum(["bool", "datetime", "dynamic", "guid", "int", "long", "real", "string"]),
  ),
});

export type Schema = z.infer<typeof schemaFile>;

/** Tables and functions of a Log Analytics workspace. Throws for a file of another shape. */
export const schemas: readonly Schema[] = readdirSync(schemaFolder).map((file) => {
  const schema = schemaFile.parse(JSON.parse(readFileSync(join(schemaFolder, file), "utf8")));
  if (file !== `${schema.name}.json`) throw new Error(`${file} describes ${schema.name}.`);
  return schema;
});

interface Diagnostic {
  readonly Severity: "Error" | "Warning" | "Suggestion" | "Information";
  readonly Message: string;
  readonly Start: number;
}

interface Table {
  WithName(name: string): Table;
  WithIsOpen(isOpen: boolean): Table;
}

/** As much of the language service as is used. The numbers of constructors are those of its type declarations. */
interface LanguageService {
  readonly Bridge: {
    toArray<T>(list: unknown): readonly T[];
    getTypeName(value: unknown): string;
  };
  readonly Kusto: {
    readonly Language: {
      readonly KustoCode: {
        ParseAndAnalyze(
          query: string,
          globals: unknown,
        ): { GetDiagnostics(): unknown; readonly ResultType: unknown };
      };
      readonly Parsing: {
        readonly TokenParser: { ParseTokens(query: string): readonly { readonly Text: string }[] };
      };
      readonly GlobalState: { readonly Default: { WithDatabase(database: unknown): unknown } };
      readonly Symbols: {
        readonly TableSymbol: { From(columns: string): Table };
        readonly FunctionSymbol: {
          readonly $ctor5: new (name: string, returns: Table, parameters: readonly unknown[]) => unknown;
        };
        readonly Parameter: { readonly $ctor2: new (name: string, type: unknown) => unknown };
        readonly ScalarTypes: { readonly String: unknown };
        readonly DatabaseSymbol: {
          readonly ctor: new (name: string, members: readonly unknown[]) => unknown;
        };
      };
    };
  };
}

/** It defines globals, among them `System`, which stay in a context of their own. */
function loadLanguageService(): LanguageService {
  const context = createContext({ console });
  for (const file of ["bridge.min.js", "Kusto.Language.Bridge.min.js"])
    new Script(readFileSync(join(languageService, file), "utf8"), { filename: file }).runInContext(context);
  return context as unknown as LanguageService;
}

const { Bridge, Kusto } = loadLanguageService();
const { KustoCode, GlobalState, Parsing, Symbols } = Kusto.Language;

function symbolOf({ name, columns, parameters, isOpen = false }: Schema): unknown {
  const declared = Object.entries(columns).map(([column, type]) => `['${column}']: ${type}`);
  const table = Symbols.TableSymbol.From(`(${declared.join(", ")})`).WithIsOpen(isOpen);
  if (!parameters) return table.WithName(name);
  const { String: text } = Symbols.ScalarTypes;
  const typed = parameters.map((parameter) => new Symbols.Parameter.$ctor2(parameter, text));
  return new Symbols.FunctionSymbol.$ctor5(name, table, typed);
}

const workspace = new Symbols.DatabaseSymbol.ctor("workspace", schemas.map(symbolOf));
const globals = GlobalState.Default.WithDatabase(workspace);

const analysed = new Map<string, ReturnType<typeof KustoCode.ParseAndAnalyze>>();

/** Many queries occur more than once: in their file, and in the compiled template. */
function analyse(query: string) {
  const code = analysed.get(query) ?? KustoCode.ParseAndAnalyze(query, globals);
  analysed.set(query, code);
  return code;
}

/** What the compiler of Kusto has against a query, each with the line of the query; none when it returns a table. */
export function checkQuery(query: string): readonly string[] {
  const code = analyse(query);
  const problems = Bridge.toArray<Diagnostic>(code.GetDiagnostics()).filter(({ Severity }) =>
    ["Error", "Warning"].includes(Severity),
  );
  if (problems.length > 0)
    return problems.map(
      ({ Message, Start }) => `line ${query.slice(0, Start).split("\n").length}: ${Message}`,
    );
  const type = code.ResultType ? Bridge.getTypeName(code.ResultType) : "nothing";
  return type.endsWith(".TableSymbol") ? [] : [`It returns ${type.split(".").at(-1)}, not a table.`];
}

/** What the lexer of Kusto makes of a query: its tokens as text, without white space and comments. */
export function tokensOf(query: string): readonly string[] {
  return Parsing.TokenParser.ParseTokens(query).map(({ Text }) => Text);
}

/** The columns of the table that a query returns, in their order; none when it returns something else. */
export function columnsOf(query: string): readonly string[] {
  const { ResultType: type } = analyse(query);
  const { Columns: columns } = (type ?? {}) as { Columns?: unknown };
  return columns ? Bridge.toArray<{ Name: string }>(columns).map(({ Name }) => Name) : [];
}
