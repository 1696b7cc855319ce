import type { InvocationResult, TypedData } from "../function-app";

/**
 * The part used here of `@azure/functions-core`, the module that the Node.js worker of Azure Functions offers to
 * the library `@azure/functions`. No package holds its types.
 */
export interface CoreApi {
  setProgrammingModel(model: ProgrammingModel): void;
  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable;
  registerHook(name: string, callback: HookCallback): Disposable;
  log(level: LogLevel, category: string, text: string): void;
}

export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
}

interface Binding {
  readonly type: string;
  readonly direction: "in" | "out";
  readonly [setting: string]: unknown;
}

export type FunctionCallback = (...args: unknown[]) => unknown;

export type HookCallback = (context: object) => unknown;

type LogLevel = "trace" | "debug" | "information" | "warning" | "error" | "critical" | "none";

/** Takes the app's log lines; function and invocation are empty for what the library itself has to say. */
export type LogSink = (level: LogLevel, functionName: string, invocationId: string, text: string) => void;

interface Disposable {
  dispose(): void;
}

export interface ProgrammingModel {
  getInvocationModel(core: CoreInvocationContext): InvocationModel;
}

/** One invocation, as the worker describes it to the library. */
export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly metadata: FunctionMetadata;
  readonly request: {
    readonly invocationId: string;
    readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
    readonly triggerMetadata: Readonly<Record<string, TypedData>>;
  };
  state?: "preInvocationHooks" | "invocation" | "postInvocationHooks";
  log(level: LogLevel, category: string, text: string): void;
}

/** The library's half of an invocation: conversion of values both ways, and the call. */
interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(
    context: object,
    result: unknown,
  ): Promise<{ returnValue?: TypedData | null; outputData: InvocationResult["outputs"] }>;
}
