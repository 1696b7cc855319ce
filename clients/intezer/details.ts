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

/** What Intezer knows of a file beyond its verdict. */
export interface FileDetails {
  readonly codeReuse?: CodeReuse;
  readonly behaviours?: readonly Behaviour[];
  readonly metadata?: Metadata;
}

/** The body of what a path leads to, if anything. Never throws. */
export type Read = (path: string) => Promise<unknown>;

/**
 * Details of a finished analysis. Reading by id costs no quota. What the plan does not include (403), what does not
 * exist (404, 409) and what cannot be read is omitted: it never changes a verdict.
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
