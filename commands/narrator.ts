import { providers } from "../clients/providers";
import { capitalised, counted } from "../domain/text";

export interface NarratorOptions {
  /** Comment and tags are written to no incident that people see. */
  readonly writesNothing?: boolean;
}

/** A log line of the app: its fixed sentence, and its fields as Node.js prints them. */
interface LogLine {
  readonly sentence: string;
  readonly fields: string;
}

type Narrate = (line: LogLine) => string | undefined;

const titles = new Map(providers.map(({ id, title }) => [id, title]));

/** How lookups ended or go on, in words; what is not named here needs no sentence. */
const outcomes: Readonly<Record<string, string>> = {
  answered: "answered",
  notKnown: "without a record",
  failed: "failed",
  notAnswered: "not answered",
  notChecked: "not checked",
  pending: "still being analysed",
  quota: "waiting for quota",
  fault: "will be retried",
};

/**
 * Turns the log lines of one run into sentences for a person watching it, one for each step; `undefined` for a line
 * that brings no news. Operators search for the sentences of the log, so these do not change.
 */
export function createNarrator({ writesNothing = false }: NarratorOptions = {}) {
  let isSubmitted = false;
  const lastOf = new Map<string, string>();
  const isNews = (subject: string, text: string) => {
    const isNew = lastOf.get(subject) !== text;
    lastOf.set(subject, text);
    return isNew;
  };

  const stages: Readonly<Record<string, Narrate>> = {
    waitingForIntezer: () => (isSubmitted ? "Waiting for Intezer's triage of the incident." : undefined),
    commenting: ({ fields }) =>
      fieldOf(fields, "deliveryId") ? "Intezer's triage of the incident arrived." : undefined,
    completing: ({ fields }) =>
      `Still to look up: ${numberOf(fields, "total") - numberOf(fields, "done")} of ${numberOf(fields, "total")}.`,
  };

  const sentences: Readonly<Record<string, Narrate>> = {
    "Read the incident": ({ fields }) => {
      const entities = numberOf(fields, "entities");
      const text =
        entities === 0
          ? "it has no entities yet"
          : `${counted(entities, "entity", "entities")}, ${counted(numberOf(fields, "indicators"), "indicator")} to look up`;
      return isNews("incident", text) ? `Read the incident: ${text}.` : undefined;
    },
    "Reached a stage": (line) => stages[fieldOf(line.fields, "stage")]?.(line),
    "Submitted the incident to Intezer": () => {
      isSubmitted = true;
      return "Submitted the whole incident to Intezer.";
    },
    "Left the incident unsubmitted": ({ fields }) =>
      `The incident was not submitted to Intezer: ${fieldOf(fields, "reason")}.`,
    "Recalled lookups": ({ fields }) => {
      const known = numberOf(fields, "known");
      return known > 0
        ? `${titleOf(fields)}: ${known} of ${counted(numberOf(fields, "of"), "answer")} known from an earlier run.`
        : undefined;
    },
    "Consulted a provider": ({ fields }) => {
      const title = titleOf(fields);
      const text = outcomesText(fieldOf(fields, "outcomes"));
      return text !== "" && isNews(title, text) ? `${title}: ${text}.` : undefined;
    },
    "Left indicators unchecked": ({ fields }) =>
      `${titleOf(fields)}: ${counted(numberOf(fields, "indicators"), "indicator")} not checked (${fieldOf(fields, "cause")}).`,
    "Wrote the comment": ({ fields }) => {
      const name = fieldOf(fields, "part") === "update" ? "update comment" : "comment";
      return writesNothing ? `The ${name} is ready.` : `Wrote the ${name}.`;
    },
    "Wrote an addendum": () => "Wrote an addendum with Intezer's triage.",
    "Tagged the incident": ({ fields }) =>
      writesNothing ? undefined : `Tagged the incident: ${textsOf(fieldOf(fields, "tags")).join(", ")}.`,
  };

  return (level: string, text: string): string | undefined => {
    const line = lineFrom(text);
    const narrated = sentences[line.sentence]?.(line);
    if (narrated !== undefined || level === "information") return narrated;
    return `${capitalised(level)}: ${text}`;
  };
}

function lineFrom(text: string): LogLine {
  const [, sentence = text, fields = ""] = /^(.*?) (\{.*\})$/s.exec(text) ?? [];
  return { sentence, fields };
}

/** `name: 'text'`, `name: 12` or `name: [ … ]` as `util.inspect` prints them. */
function fieldOf(fields: string, name: string): string {
  const found = new RegExp(`[{,] ${name}: (?:'([^']*)'|"([^"]*)"|\\[([^\\]]*)\\]|([\\w.-]+))`).exec(fields);
  return found?.slice(1).find((value) => value !== undefined) ?? "";
}

const numberOf = (fields: string, name: string) => Number(fieldOf(fields, name) || 0);

const textsOf = (list: string) => [...list.matchAll(/'([^']*)'/g)].map(([, text = ""]) => text);

function titleOf(fields: string): string {
  const id = fieldOf(fields, "provider");
  return titles.get(id) ?? capitalised(id);
}

/** "5 answered, 1 without a record". */
function outcomesText(list: string): string {
  const kinds = textsOf(list);
  return Object.entries(outcomes)
    .map(([kind, words]) => ({ words, count: kinds.filter((each) => each === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ count, words }) => `${count} ${words}`)
    .join(", ");
}
