import { type Attempt, done } from "../domain/attempt";
import { shortView } from "../domain/comment/fit";
import { addendumView } from "../domain/comment/view";
import type { FollowedMerge, IncidentRef } from "../domain/incident/incident";
import type { IncidentStore, WrittenComment } from "../domain/incident/incident-store";
import { defined } from "../domain/json";
import { verdictOfTags } from "../domain/report/tags";
import type { Triage } from "../domain/report/triage";
import { commentIdFor, deliveryMark } from "../domain/run/own-comments";
import type { Verdict } from "../domain/verdict";
import { renderComment } from "../templates/render-comment";
import { briefReadMs, followMerge, type Invocation } from "./invocation";
import type { Printer } from "./post-comment";

export interface PostAddendumInput {
  /** The incident that the triage is about: the comment's id is derived from it, wherever it is written. */
  readonly incident: IncidentRef;
  /** The incident to write to, if it is another one because of a merge. */
  readonly place?: IncidentRef;
  /** Number of the incident that the triage is about, if it was merged. */
  readonly about?: number;
  /** Write even if the incident was merged, because the remaining incident is unknown. */
  readonly evenMerged?: boolean;
  readonly triage: Triage;
  readonly deliveryId: string;
  /** Instance id of the delivery, to which a short comment refers. */
  readonly instanceId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly dryRun: boolean;
}

export interface PostedAddendum {
  /** `merged`: nothing was written, and `merge` says where the addendum belongs. */
  readonly answer: WrittenComment | "merged" | "dryRun";
  readonly merge?: FollowedMerge;
  /** Number of the incident that was merged. */
  readonly number?: number;
  /** The comment, only in a dry run, which writes nothing. */
  readonly comment?: string;
  /** The incident that has the addendum, with the verdict of its tags; absent if another comment already has the triage. */
  readonly incident?: { readonly number: number; readonly verdict?: Verdict };
}

/** Writes a triage that arrived too late for its run's comment, unless a comment already has it. */
export function createPostAddendum(incidents: IncidentStore, printer: Printer) {
  const { version } = printer;
  const { commentLength: lengthLimit, commentsPerIncident, shortCommentsFrom } = incidents.limits;
  return async (input: PostAddendumInput, invocation: Invocation): Promise<Attempt<PostedAddendum>> => {
    const { incident: owner, place: ref = owner, about, triage, deliveryId, instanceId, at, dryRun } = input;
    const [incident, comments] = await Promise.all([
      incidents.readIncident(ref, briefReadMs),
      incidents.readComments(ref, briefReadMs),
    ]);
    if (incident.kind !== "done") return incident;
    const { merge, number } = incident.value;
    if (merge && !input.evenMerged) {
      const followed = await followMerge(incidents, ref, merge, invocation);
      return followed.kind === "done" ? done({ answer: "merged", merge: followed.value, number }) : followed;
    }
    if (comments.kind !== "done") return comments;
    const id = commentIdFor(owner, deliveryId, "addendum");
    const before = verdictOfTags(incident.value.tags);
    const there = { incident: { number, ...defined({ verdict: before }) } };
    if (comments.value.some(({ message }) => message.includes(deliveryMark(deliveryId)))) {
      const isOurs = comments.value.some((comment) => comment.id === id);
      return done({ answer: "alreadyThere", ...(isOurs ? there : {}) });
    }
    const view = addendumView(triage, deliveryId, {
      version,
      lengthLimit,
      at,
      incident: incident.value,
      before,
      ...defined({ about }),
    });
    const isShort = comments.value.length >= shortCommentsFrom;
    const counts = { present: comments.value.length, most: commentsPerIncident };
    const message = renderComment(isShort ? shortView(view, counts, instanceId) : view, printer);
    if (dryRun) return done({ answer: "dryRun", comment: message });
    const written = await incidents.writeComment(ref, { id, message });
    invocation.log("Wrote an addendum", {
      incidentId: ref.incidentId,
      alertId: triage.alertId,
      deliveryId,
      answer: written.kind,
    });
    if (written.kind !== "done") return written;
    return done({ answer: written.value, ...there });
  };
}
