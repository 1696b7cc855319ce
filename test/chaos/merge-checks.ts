import { convert } from "html-to-text";
import { defangHost } from "../../domain/indicators/defang";
import type { IndicatorKind } from "../../domain/indicators/indicator";
import { grouped } from "../../domain/text";
import { worstOf } from "../../domain/verdict";
import { checkVerdicts, deliveriesIn, type RunSeen, verdictsIn } from "./checks";
import type { PoolItem } from "./pool";
import type { PlannedMerge, Raised, World } from "./world";

/** An incident that others were merged into, with all their runs, its own among them. */
export interface Group {
  readonly living: Raised;
  readonly members: readonly Raised[];
  readonly run: RunSeen;
  readonly runs: readonly RunSeen[];
  readonly merges: readonly PlannedMerge[];
}

/** What must hold of an incident that others were merged into, when its last run has ended. */
export function checkGroup(world: World, group: Group): string[] {
  const { living, members, run, runs } = group;
  const views = members.map(({ armId }) => world.services.sentinel.incident(armId));
  const { comments, tags } = world.services.sentinel.incident(living.armId);
  const all: Raised = { ...living, items: unitedItems(members.flatMap(({ items }) => items)) };
  const everywhere = views.flatMap((view) => view.comments);
  const others = members.flatMap(({ tagsOfOthers }) => tagsOfOthers);
  const labels = views.flatMap((view) => [...view.tags, ...view.tagsToCome]);
  return [
    ...runs
      .filter(({ runtimeStatus }) => runtimeStatus !== "Completed")
      .map(({ runtimeStatus, output }) => `a run ended as ${runtimeStatus}: ${JSON.stringify(output)}`),
    ...(views.every(({ writes, comments: { length } }) => writes.comments === length)
      ? []
      : ["a comment was written over"]),
    ...(others.every((tag) => labels.includes(tag)) ? [] : ["another writer's tag is gone"]),
    ...checkVerdicts(all, run.output),
    ...checkShown(run, comments),
    ...checkOwners(runs, comments),
    ...checkTriages(world, group),
    ...checkTag(all, run, comments, everywhere, tags),
  ];
}

type Comments = readonly { readonly id: string; readonly html: string }[];

/** A file that several incidents hold by other hashes is one, with all of them. What cannot be read is counted once. */
function unitedItems(items: readonly PoolItem[]): readonly PoolItem[] {
  const isIndicator = ({ values }: PoolItem) => values.length > 0;
  const same = grouped(items.filter(isIndicator), ({ values: [first = ""] }) => first);
  return [
    ...new Set(items.filter((item) => !isIndicator(item))),
    ...same.map(([first, ...others]) => ({
      ...first,
      entities: [first, ...others].flatMap(({ entities }) => entities),
    })),
  ];
}

/** No threat is without a comment on the incident that lives. Hashes are shortened there; a URL is recognised by its host. */
function checkShown({ output }: RunSeen, comments: Comments): string[] {
  const text = comments.map(({ html }) => convert(html, { wordwrap: false })).join("\n");
  return output.findings
    .filter(({ kind, value, verdict }) => verdict === "malicious" && !text.includes(shownAs(kind, value)))
    .map(({ value }) => `${value} is malicious and in no comment on the incident that lives`);
}

function shownAs(kind: IndicatorKind, value: string): string {
  if (kind === "file") return value.slice(0, 8);
  return defangHost(kind === "url" ? new URL(value).hostname : value);
}

/** Every comment is of one run or brings one triage, and none says the same as another. */
function checkOwners(runs: readonly RunSeen[], comments: Comments): string[] {
  const ofRuns = runs.flatMap(({ input, output }) => [
    ...(input.previous?.commentIds ?? []),
    ...output.commentIds,
  ]);
  const deliveries = comments.flatMap(({ html }) => deliveriesIn(html));
  return [
    ...comments
      .filter(({ id, html }) => !ofRuns.includes(id) && deliveriesIn(html).length !== 1)
      .map(({ id }) => `comment ${id} belongs to no run`),
    ...(new Set(comments.map(({ html }) => html)).size < comments.length
      ? ["two comments are the same"]
      : []),
    ...(new Set(deliveries).size < deliveries.length ? ["a triage was reported twice"] : []),
  ];
}

/**
 * No triage is left behind in a closed incident, unless that does not say where its alerts have gone, or its run never
 * learned the id of its alert: Intezer's answer was lost, and only the webhook named it.
 */
function checkTriages({ services: { sentinel } }: World, { living, members, merges, runs }: Group): string[] {
  const knowsAlert = ({ armId }: Raised) =>
    runs.some(
      ({ input, output }) => armId.endsWith(input.incident.incidentId) && output.alertId !== undefined,
    );
  const isFollowed = (member: Raised): boolean =>
    member === living ||
    merges.some(
      ({ source, target, how }) => source === member && how.shownBy !== "label" && isFollowed(target),
    );
  const triagesOf = ({ armId }: Raised) =>
    sentinel.incident(armId).comments.flatMap(({ html }) => deliveriesIn(html));
  const present = triagesOf(living);
  return members
    .filter(isFollowed)
    .filter(knowsAlert)
    .flatMap(triagesOf)
    .filter((delivery) => !present.includes(delivery))
    .map((delivery) => `the triage ${delivery} was left behind`);
}

/** One verdict tag, at least as bad as what is commented. */
function checkTag(
  { items }: Raised,
  { output }: RunSeen,
  comments: Comments,
  everywhere: Comments,
  tags: readonly string[],
): string[] {
  const shown = verdictsIn(tags);
  const isTriaged = (some: Comments) => some.some(({ html }) => deliveriesIn(html).length > 0);
  const verdict = worstOf(isTriaged(comments) ? [output.verdict, "malicious"] : [output.verdict]);
  const mayBeKept = isTriaged(everywhere) || items.some((item) => item.verdict === "malicious");
  const isRight = shown[0] === verdict || (shown[0] === "malicious" && mayBeKept);
  return [
    ...(tags.includes("enriched") ? [] : ["the tag enriched is missing"]),
    ...(shown.length === 1 && isRight ? [] : [`tagged ${shown.join(" and ")}, and is ${verdict}`]),
  ];
}
