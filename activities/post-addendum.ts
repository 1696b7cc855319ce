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
  /** Whose triage it is: the comment's id is made from it, wherever it is written. */
  readonly incident: IncidentRef;
  /** Where it is written, when the incident was merged. */
  readonly place?: IncidentRef;
  /** Number of the incident, when it was merged. */
  readonly about?: number;
  /** Also where the incident was merged: the one that took over is not known. */
  readonly evenMerged?: boolean;
  readonly triage: Triage;
  readonly deliveryId: string;
  /** Of the delivery: where the rest is, when the comment has to be short. */
  readonly instanceId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly dryRun: boolean;
}

export interface PostedAddendum {
  /** `merged`: nothing was written, `merge` says where it belongs. */
  readonly answer: WrittenComment | "merged" | "dryRun";
  readonly merge?: FollowedMerge;
  /** Number of the incident that was merged. */
  readonly number?: number;
  /** The text, in a dry run only: nothing was written then. */
  readonly comment?: string;
  /** The incident that the addendum is for, with the verdict that its tags show; absent where another comment has said it. */
  readonly incident?: { readonly number: number; readonly verdict?: Verdict };
}

/** Writes a triage that came too late for its run's comment. A delivery that some comment carries is not repeated. */
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
