/** A value as the worker's protocol carries it: one of `string`, `json`, `int`, `double`, `bytes`, `http`; `{}` is nothing. */
export type TypedData = Readonly<Record<string, unknown>>;

export interface RegisteredFunction {
  readonly name: string;
  /** The trigger's binding: its name, and its settings with `type`. */
  readonly trigger: { readonly name: string; readonly type: string; readonly [setting: string]: unknown };
  /** Input bindings besides the trigger, e.g. the durable client. */
  readonly extraInputs: readonly { readonly name: string; readonly type: string }[];
}

export interface Invocation {
  /** One per input binding, the trigger's first. */
  readonly inputs: readonly { readonly name: string; readonly data: TypedData }[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
}

export interface InvocationResult {
  readonly returnValue: TypedData | undefined;
  readonly outputs: readonly { readonly name: string; readonly data: TypedData }[];
}

/** The loaded app: what it registered, and the one way to call it. */
export interface FunctionApp {
  /** By trigger type (`orchestrationTrigger`, `activityTrigger`, ...) and name; the host compares names without case. */
  find(triggerType: string, name: string): RegisteredFunction | undefined;
  all(): readonly RegisteredFunction[];
  /** Rejects with what the app threw. */
  invoke(fn: RegisteredFunction, invocation: Invocation): Promise<InvocationResult>;
}
