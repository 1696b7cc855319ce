import { defined } from "../../domain/json";
import { isAnalysisPath } from "./analysis";
import {
  type Behaviour,
  behaviours,
  type CodeReuse,
  codeReuse,
  fileResult,
  type Metadata,
  metadata,
} from "./wire";

/** What Intezer knows about a file besides its verdict. */
export interface FileDetails {
  readonly codeReuse?: CodeReuse;
  readonly behaviours?: readonly Behaviour[];
  readonly metadata?: Metadata;
}

/** Reads the body at a path; `undefined` if there is none. Never throws. */
export type Read = (path: string) => Promise<unknown>;

/**
 * Details of a finished analysis. Reading by id costs no quota. Details that the plan does not include (403), that do not
 * exist (404, 409) or that cannot be read are omitted: they never change a verdict.
 */
export async function readDetails(result: unknown, read: Read): Promise<FileDetails> {
  const analysis = `/analyses/${fileResult.safeParse(result).data?.analysis_id ?? ""}`;
  if (!isAnalysisPath(analysis)) return {};
  const [reuse, ttps, root] = await Promise.all([
    read(`${analysis}/sub-analyses/root/code-reuse`),
    read(`${analysis}/dynamic-ttps`),
    read(`${analysis}/sub-analyses/root/metadata`),
  ]);
  return defined({
    codeReuse: codeReuse.safeParse(reuse).data,
    behaviours: behaviours.safeParse(ttps).data?.result,
    metadata: metadata.safeParse(root).data,
  });
}
