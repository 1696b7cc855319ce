import type { Entity } from "./entity";

/**
 * Entities that are a mail or some of them; a `Mailbox` only says whose.
 * https://learn.microsoft.com/azure/sentinel/entities-reference
 */
const mailKinds: readonly string[] = ["mailmessage", "mailcluster", "submissionmail"];

/** Whether the incident is about mail: what is malicious in it then came as phishing. */
export function hasMail(entities: readonly Entity[]): boolean {
  return entities.some(({ kind }) => mailKinds.includes(kind.toLowerCase()));
}
