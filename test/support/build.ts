import { execFileSync } from "node:child_process";

/** The local host loads the compiled app, as Azure does: so it is compiled once before all tests. */
export default function build(): void {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
}
