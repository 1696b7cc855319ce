import { randomUUID } from "node:crypto";
import type { Invocation, InvocationResult } from "../function-app";
import type {
  CoreInvocationContext,
  FunctionCallback,
  FunctionMetadata,
  LogSink,
  ProgrammingModel,
} from "./core-api";

export interface Invokable {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

interface InvocationHost {
  readonly model: ProgrammingModel;
  readonly log: LogSink;
  runHooks(name: "preInvocation" | "postInvocation", context: object): Promise<void>;
}

/**
 * Runs one invocation through the library's own invocation model, hooks included, in the worker's order
 * (Azure/azure-functions-nodejs-worker `src/eventHandlers/InvocationHandler.ts`). Rejects with what the app threw.
 */
export async function invoke(
  { metadata, callback }: Invokable,
  { inputs: inputData, triggerMetadata }: Invocation,
  host: InvocationHost,
): Promise<InvocationResult> {
  const invocationId = randomUUID();
  const core: CoreInvocationContext = {
    invocationId,
    metadata,
    request: { invocationId, inputData, triggerMetadata },
    log: (level, _category, text) => host.log(level, metadata.name, invocationId, text),
  };
  const model = host.model.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  const shared = { hookData: {}, invocationContext: context };

  const before = { ...shared, inputs, functionCallback: callback };
  core.state = "preInvocationHooks";
  await host.runHooks("preInvocation", before);

  const after = { ...shared, inputs: before.inputs, result: null as unknown, error: null as unknown };
  core.state = "invocation";
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error;
  }
  core.state = "postInvocationHooks";
  await host.runHooks("postInvocation", after);
  delete core.state;

  if (after.error !== null && after.error !== undefined) throw after.error;
  const response = await model.getResponse(context, after.result);
  return { returnValue: response.returnValue ?? undefined, outputs: response.outputData };
}
