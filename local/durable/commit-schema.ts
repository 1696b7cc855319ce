import { z } from "zod";
import type { eventNumbers } from "./protocol";

/** What the engine relies on when it reads commits back; what else is in them passes. */
const text = z.string();
const optionalText = z.string().nullable();
const number = z.number();

const execution = z.looseObject({ InstanceId: text, ExecutionId: text });

/** Fields of the events, by the type of event. */
const eventFields: Readonly<Record<keyof typeof eventNumbers, z.ZodRawShape>> = {
  ExecutionStarted: { Name: text, Input: optionalText, OrchestrationInstance: execution },
  ExecutionCompleted: { OrchestrationStatus: text, Result: optionalText },
  ExecutionTerminated: { Input: optionalText },
  TaskScheduled: { EventId: number, Name: text, Input: optionalText },
  TaskCompleted: { TaskScheduledId: number, Result: optionalText },
  TaskFailed: { TaskScheduledId: number, Reason: optionalText, Details: optionalText },
  SubOrchestrationInstanceCreated: { EventId: number, Name: text, InstanceId: text, Input: optionalText },
  SubOrchestrationInstanceCompleted: { TaskScheduledId: number, Result: optionalText },
  SubOrchestrationInstanceFailed: { TaskScheduledId: number, Reason: optionalText, Details: optionalText },
  TimerCreated: { EventId: number, FireAt: z.iso.datetime() },
  TimerFired: { TimerId: number, FireAt: z.iso.datetime() },
  OrchestratorStarted: {},
  OrchestratorCompleted: {},
  EventRaised: { Name: text, Input: text },
  ExecutionSuspended: { Reason: optionalText },
  ExecutionResumed: { Reason: optionalText },
};

const eventOf = (type: keyof typeof eventNumbers) =>
  z.looseObject({ EventType: z.literal(type), Timestamp: z.iso.datetime(), ...eventFields[type] });

const [firstType, ...otherTypes] = Object.keys(eventFields) as [keyof typeof eventNumbers];
const event = z.discriminatedUnion("EventType", [eventOf(firstType), ...otherTypes.map(eventOf)]);

const started = eventOf("ExecutionStarted");
const message = z.looseObject({ to: text, executionId: text.optional(), event });

export const commitSchema = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("message"), message }),
  z.looseObject({ kind: z.literal("purge"), instanceIds: z.array(text) }),
  z.looseObject({
    kind: z.literal("turn"),
    instanceId: text,
    startedAt: number,
    endedAt: number,
    taken: number,
    customStatus: optionalText,
    scheduled: z.array(event),
    completed: eventOf("ExecutionCompleted").optional(),
    continued: z.looseObject({ started, events: z.array(eventOf("EventRaised")) }).optional(),
    sent: z.array(message),
  }),
  z.looseObject({
    kind: z.literal("instance"),
    instance: z.looseObject({
      id: text,
      started,
      history: z.array(event),
      inbox: z.array(event),
      status: text,
      customStatus: optionalText,
      output: optionalText,
      updatedAt: z.iso.datetime(),
      isContinued: z.boolean(),
    }),
  }),
]);
