import Module, { createRequire } from "node:module";
import { sep } from "node:path";
import type { FunctionApp, RegisteredFunction } from "../function-app";
import type { CoreApi, FunctionMetadata, HookCallback, LogSink, ProgrammingModel } from "./core-api";
import { type Invokable, invoke } from "./invoke";

export interface LoadedApp extends FunctionApp {
  /** To be called once after the load, and once before the end. */
  runHooks(name: "appStart" | "appTerminate"): Promise<void>;
}

const hookNames = ["appStart", "appTerminate", "preInvocation", "postInvocation"] as const;
type HookName = (typeof hookNames)[number];

/** What one app has registered. */
interface Registry {
  /** By lower-case name: the host compares names without case. */
  readonly functions: Map<string, Invokable & { readonly fn: RegisteredFunction }>;
  readonly hooks: Record<HookName, HookCallback[]>;
  readonly log: LogSink;
  /** False once the app is loaded. */
  open: boolean;
}

/** The app that is being loaded or was loaded last. */
let current: Registry | undefined;
let model: ProgrammingModel | undefined;
let offered = false;
let filesOfLastApp: string[] = [];

/**
 * Loads a compiled CommonJS app and collects what it registers through `@azure/functions` and `durable-functions`.
 * It may be called again in the same process: the app's own files are then evaluated again. Throws what the app
 * throws while it loads, and when two functions have names that differ at most in case.
 */
export function loadApp(entryFile: string, log: LogSink): LoadedApp {
  offerCoreModule();
  const registry = emptyRegistry(log);
  current = registry;
  try {
    requireAgain(entryFile);
  } finally {
    registry.open = false;
  }
  if (model === undefined || registry.functions.size === 0)
    throw new Error(`${entryFile} registers no function with @azure/functions.`);
  return appFrom(registry, model);
}

function emptyRegistry(log: LogSink): Registry {
  return {
    functions: new Map(),
    hooks: { appStart: [], appTerminate: [], preInvocation: [], postInvocation: [] },
    log,
    open: true,
  };
}

/** The library keeps the first core module it is given, so there is one per process, for all apps. */
const core: CoreApi = {
  setProgrammingModel(given) {
    model = given;
  },
  registerFunction(metadata, callback) {
    if (!current?.open) throw new Error("A function can only be registered while the app is loaded.");
    const { functions } = current;
    const key = metadata.name.toLowerCase();
    const taken = functions.get(key);
    if (taken)
      throw new Error(
        `Function "${metadata.name}" cannot be registered: there is "${taken.fn.name}" already, and the host compares names without case.`,
      );
    functions.set(key, { metadata, callback, fn: functionFrom(metadata) });
    return { dispose: () => void functions.delete(key) };
  },
  registerHook(name, callback) {
    const hooks = current?.hooks[name as HookName];
    if (!hooks) throw new RangeError(`Hook "${name}" is not one of ${hookNames.join(", ")}.`);
    hooks.push(callback);
    return { dispose: () => void hooks.splice(hooks.indexOf(callback), 1) };
  },
  log: (level, _category, text) => current?.log(level, "", "", text),
};

/** As the worker does it (Azure/azure-functions-nodejs-worker `src/setupCoreModule.ts`). */
function offerCoreModule(): void {
  if (offered) return;
  offered = true;
  const ordinary = Module.prototype.require;
  Module.prototype.require = function (this: NodeJS.Module, name: string) {
    return name === "@azure/functions-core" ? core : ordinary.call(this, name);
  } as typeof ordinary;
}

/** Packages stay loaded: the libraries hold the core module and the programming model. */
function requireAgain(entryFile: string): void {
  const require = createRequire(entryFile);
  for (const file of filesOfLastApp) delete require.cache[file];
  const before = new Set(Object.keys(require.cache));
  try {
    const { settingsError } = require(entryFile) as { readonly settingsError?: string };
    if (settingsError !== undefined) throw new Error(settingsError);
  } finally {
    filesOfLastApp = Object.keys(require.cache).filter(
      (file) => !before.has(file) && !file.includes(`${sep}node_modules${sep}`),
    );
  }
}

function functionFrom({ name, bindings }: FunctionMetadata): RegisteredFunction {
  const inputs = Object.entries(bindings)
    .filter(([, binding]) => binding.direction === "in")
    .map(([bindingName, binding]) => ({ ...binding, name: bindingName }));
  const trigger = inputs.find((input) => /trigger$/i.test(input.type));
  if (!trigger) throw new Error(`Function "${name}" has no trigger.`);
  return { name, trigger, extraInputs: inputs.filter((input) => input !== trigger) };
}

function appFrom({ functions, hooks, log }: Registry, programmingModel: ProgrammingModel): LoadedApp {
  const runHooks = async (name: HookName, context: object) => {
    for (const hook of hooks[name]) await hook(context);
  };
  return {
    find(triggerType, name) {
      const fn = functions.get(name.toLowerCase())?.fn;
      return fn?.trigger.type === triggerType ? fn : undefined;
    },
    all: () => [...functions.values()].map(({ fn }) => fn),
    invoke(fn, invocation) {
      const registered = functions.get(fn.name.toLowerCase());
      if (!registered) throw new Error(`Function "${fn.name}" is not part of this app.`);
      return invoke(registered, invocation, { model: programmingModel, log, runHooks });
    },
    runHooks: (name) => runHooks(name, { hookData: {} }),
  };
}
