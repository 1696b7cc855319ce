import { workspaceOf } from "../../clients/sentinel/arm-id";
import { wrongRowsText } from "../../domain/indicators/screening";
import { counted } from "../../domain/text";
import type { Access } from "../deployment/access";
import { type Line, linesNamed } from "./line";

const line = linesNamed("allowed watchlist");

/** Whether the analysts' list of allowed indicators can be read, and what is wrong with its rows. */
export async function checkWatchlist({ watchlist }: Access, scope: string): Promise<readonly Line[]> {
  if (!watchlist) return [];
  const list = await watchlist.read(scope);
  const name = `${workspaceOf(scope).name}: ${list.alias}`;
  if (list.failure !== undefined) return [line.failed(`${name}: ${list.failure}`)];
  const entries = `has ${counted(list.allowed.length, "entry", "entries")}`;
  const wrong = wrongRowsText(list);
  if (wrong !== undefined)
    return [
      line.failed(`${name} ${entries}, and rows that are left out: ${wrong}. Correct them in the watchlist`),
    ];
  if (list.allowed.length === 0)
    return [line.note(`${name} ${entries}: check the alias in ALLOWED_WATCHLIST, or add rows`)];
  return [line.ok(`${name} ${entries}`)];
}
