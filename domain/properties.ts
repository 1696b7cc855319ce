import type { Entity } from "./entity";

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
