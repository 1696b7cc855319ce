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

/** A property as text, or a number as its digits; empty if it is missing or something else. */
export function textOf(entity: Entity, property: string): string {
  const value = propertyOf(entity, property);
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** The texts in a property that is a list of texts or a single text. */
export function textsOf(entity: Entity, property: string): readonly string[] {
  const value = propertyOf(entity, property);
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "string");
}

/** Connectors differ in case: `senderIP` and `senderIp` are the same property. */
function propertyOf({ properties }: Entity, property: string): unknown {
  if (Object.hasOwn(properties, property)) return properties[property];
  const name = Object.keys(properties).find((key) => key.toLowerCase() === property.toLowerCase());
  return name === undefined ? undefined : properties[name];
}

/**
 * Entities refer to each other by ARM id or bare GUID, in any case: this returns what both have in common. Empty for an
 * id that identifies nothing, as in recorded trigger bodies where it ends in `/Entities/`.
 */
export function entityKey(id: string): string {
  const key = id
    .slice(id.lastIndexOf("/") + 1)
    .trim()
    .toLowerCase();
  return /^(?:[0-]*|entities)$/.test(key) ? "" : key;
}

/**
 * Entities that are one or several emails; a `Mailbox` only names an owner.
 * https://learn.microsoft.com/azure/sentinel/entities-reference
 */
const mailKinds: readonly string[] = ["mailmessage", "mailcluster", "submissionmail"];

/** Whether the incident is about email, so that its malicious indicators mean phishing. */
export function hasMail(entities: readonly Entity[]): boolean {
  return entities.some(({ kind }) => mailKinds.includes(kind.toLowerCase()));
}
