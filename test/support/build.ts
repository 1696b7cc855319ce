import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** The local host loads the compiled app, as Azure does: so it is compiled once before all tests. */
export default function build(): void {
  execFileSync(process.execPath, [join(__dirname, "../../commands/build.mjs")], { stdio: "inherit" });
}
