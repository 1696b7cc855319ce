import { defined } from "../../domain/json";
import type { Answer } from "../../domain/lookups/provider";
import { counted } from "../../domain/text";
import { dayText } from "../../domain/time";
import { cardOf, labelled, line, section, texts } from "../card";
import { untrustedText } from "../untrusted-text";
import type { Entry } from "./wire";

/** With at least this confidence, an entry makes its indicator suspicious. */
const suspiciousFrom = 75;

const mostTypes = 3;
const maxTypeLength = 40;
/** Maximum length of a fact after the figure, so that it fits into the line together with the types. */
const maxFactLength = 100;

/** What an entry says about its indicator. It never clears anything. */
export function answerFrom(entry: Entry): Answer {
  const { source, confidence, description, validUntil, entries } = entry;
  const by = untrustedText(source, 60) ?? "an unnamed source";
  const types = texts(entry.types, mostTypes, maxTypeLength);
  const about = untrustedText(description, maxFactLength);
  const fully = untrustedText(description, 600);
  const until = validUntil === undefined ? undefined : dayText(validUntil);
  const { verdict, summary, because } = assessmentOf(entry, by);
  const more = entries > 1 ? `, ${counted(entries, "entry", "entries")}` : "";
  return {
    verdict,
    reasons: [
      `The workspace's threat intelligence lists it ${because}.`,
      ...(types || about ? [[labelled("Threat type:", types), about].filter(Boolean).join(". ")] : []),
    ],
    summary: `${summary}${more}`,
    ...defined({
      card: cardOf(
        [
          section("Threat intelligence", [
            ["Source", by],
            ["Confidence", confidence],
            ["Threat type", types],
            ["Description", fully],
            ["Valid until", until],
            ["Entries", entries],
          ]),
        ],
        // The card does not repeat the reasons.
        line([fully === about ? undefined : fully, labelled("Valid until", until) ?? "Does not expire"]),
      ),
    }),
  };
}

interface Assessment extends Pick<Answer, "verdict" | "summary"> {
  /** Follows "lists it". */
  readonly because: string;
}

function assessmentOf({ confidence, types }: Entry, by: string): Assessment {
  if (types.length > 0 && types.every((type) => type.toLowerCase() === "benign"))
    return {
      verdict: "unknown",
      summary: `listed as benign by ${by}`,
      because: "as benign, which does not clear it",
    };
  if (confidence === undefined)
    return {
      verdict: "unknown",
      summary: `listed by ${by}, no confidence given`,
      because: "without a confidence, which is too little for a verdict",
    };
  // Rounded down, so that a value below the limit is shown as below it.
  const [summary, because] = [
    `listed by ${by}, confidence ${Math.floor(confidence)}`,
    `with confidence ${Math.floor(confidence)} of 100`,
  ];
  return confidence >= suspiciousFrom
    ? { verdict: "suspicious", summary, because }
    : {
        verdict: "unknown",
        summary: `${summary}, below ${suspiciousFrom}`,
        because: `${because}, below the ${suspiciousFrom} that would make it suspicious`,
      };
}
