import { cardFrom } from "../../../clients/virustotal/card";
import type { IndicatorKind } from "../../../domain/indicators/indicator";
import { reportOf } from "../../support/virustotal-fixtures";

export const now = Date.UTC(2026, 10, 22, 14, 5);
export type Replaced = Readonly<Record<string, unknown>>;

export const cardOf = (kind: IndicatorKind, name: string, replaced?: Replaced) =>
  cardFrom(kind, reportOf(name, replaced).attributes, now);

export const sectionsOf = (kind: IndicatorKind, name: string, replaced?: Replaced) =>
  Object.fromEntries(cardOf(kind, name, replaced)?.sections.map(({ title, rows }) => [title, rows]) ?? []);
