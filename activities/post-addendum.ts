import { type Attempt, done } from "../domain/attempt";
import { addendumView } from "../domain/comment/addendum";
import { shortView } from "../domain/comment/fit";
import { deliveryMark } from "../domain/comment/footer";
import { commentIdFor } from "../domain/comment/id";
import type { IncidentRef } from "../domain/incident/incident";
import type { IncidentStore, WrittenComment } from "../domain/incident/incident-store";
import { verdictOfTags } from "../domain/report/tags";
import type { Triage } from "../domain/report/triage";
import { renderComment } from "../templates/render-comment";
import type { Invocation } from "./invocation";
import { briefReadMs } from "./invocation";
import type { Printer } from "./post-comment";

interface PostAddendumInput {
  readonly incident: IncidentRef;
  readonly triage: Triage;
  readonly deliveryId: string;
  /** Of the delivery: where the rest is, when the comment has to be short. */
  readonly instanceId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly dryRun: boolean;
}

export interface PostedAddendum {
  readonly answer: WrittenComment | "merged" | "dryRun";
  /** The text, in a dry run only: nothing was written then. */
  readonly comment?: string;
}

/** Writes a triage that came too late for its run's comment. A delivery that some comment carries is not repeated. */
export function createPostAddendum(incidents: IncidentStore, printer: Printer) {
  const { version } = printer;
  const { commentLength: lengthLimit, commentsPerIncident, shortCommentsFrom } = incidents.limits;
  return async (input: PostAddendumInput, { log }: Invocation): Promise<Attempt<PostedAddendum>> => {
    const { incident: ref, triage, deliveryId, instanceId, at, dryRun } = input;
    const [incident, comments] = await Promise.all([
      incidents.readIncident(ref, briefReadMs),
      incidents.readComments(ref, briefReadMs),
    ]);
    if (incident.kind !== "done") return incident;
    if (comments.kind !== "done") return comments;
    if (incident.value.mergedInto !== undefined) return done({ answer: "merged" });
    if (comments.value.some(({ message }) => message.includes(deliveryMark(deliveryId)))) {
      return done({ answer: "alreadyThere" });
    }
    const view = addendumView(triage, deliveryId, {
      version,
      lengthLimit,
      at,
      incident: incident.value,
      before: verdictOfTags(incident.value.tags),
    });
    const isShort = comments.value.length >= shortCommentsFrom;
    const counts = { present: comments.value.length, most: commentsPerIncident };
    const message = renderComment(isShort ? shortView(view, counts, instanceId) : view, printer);
    if (dryRun) return done({ answer: "dryRun", comment: message });
    const written = await incidents.writeComment(ref, {
      id: commentIdFor(ref, deliveryId, "addendum"),
      message,
    });
    log("Wrote an addendum", {
      incidentId: ref.incidentId,
      alertId: triage.alertId,
      deliveryId,
      answer: written.kind,
    });
    return written.kind === "done" ? { kind: "done", value: { answer: written.value } } : written;
  };
}
