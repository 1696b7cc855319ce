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
