import { sentence } from "../../domain/text";
import { instantText } from "../../domain/time";
import { untrustedText } from "../untrusted-text";
import type { Attributes } from "./wire";

type Note = NonNullable<NonNullable<Attributes["crowdsourced_context"]>[number]>;

/** Community notes that are not empty, newest first; undated ones come last. */
export function communityNotesIn({ crowdsourced_context: notes = [] }: Attributes): readonly Note[] {
  return notes
    .flatMap((note) => (note && textOf(note) ? [note] : []))
    .toSorted((a, b) => (b.timestamp ?? 0) - (a.timestamp ?? 0));
}

/** "AsyncRAT botnet C2 server." */
export function textOf({ title, details }: Note): string {
  return untrustedText(details, 120) ?? untrustedText(title, 120) ?? "";
}

/** "2023-09-10 (ThreatFox, high)". */
export function originOf({ timestamp, source, severity }: Note): string {
  const date = timestamp === undefined ? "undated" : instantText(timestamp * 1000).slice(0, 10);
  const from = [untrustedText(source, 40), untrustedText(severity, 20)].filter(Boolean).join(", ");
  return from ? `${date} (${from})` : date;
}

/** The newest note with its date, as one sentence. A widely used resolver keeps notes for years. */
export function communityReasonIn(attributes: Attributes): string | undefined {
  const [newest] = communityNotesIn(attributes);
  return (
    newest && `Community note, ${originOf(newest)}, not part of the verdict: ${sentence(textOf(newest))}`
  );
}
