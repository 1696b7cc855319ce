/**
 * An entity of an incident as Sentinel sends it (`listEntities` or the trigger body). Only the envelope is
 * checked: `properties` is whatever the connector wrote, and every reader of it has to expect null or nonsense.
 */
export interface Entity {
  /** ARM id or bare GUID; `File.fileHashEntityIds` refers to either form. */
  readonly id: string;
  readonly kind: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A property as text; empty when it is missing or something else. */
export function textOf(entity: Entity, property: string): string {
  const value = entity.properties[property];
  return typeof value === "string" ? value : "";
}

/** The texts in a property that should be a list of them. */
export function textsOf(entity: Entity, property: string): readonly string[] {
  const value = entity.properties[property];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** Entities refer to each other by ARM id or bare GUID, in any case of letters: this is what both have in common. */
export function entityKey(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1).toLowerCase();
}

/**
 * Entities that are a mail or some of them; a `Mailbox` only says whose.
 * https://learn.microsoft.com/azure/sentinel/entities-reference
 */
const mailKinds: readonly string[] = ["mailmessage", "mailcluster", "submissionmail"];

/** Whether the incident is about mail: what is malicious in it then came as phishing. */
export function hasMail(entities: readonly Entity[]): boolean {
  return entities.some(({ kind }) => mailKinds.includes(kind.toLowerCase()));
}
