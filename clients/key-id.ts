import { createHash } from "node:crypto";
import { type Attempt, done, type Secret } from "../domain/attempt";

/** Identifies a key without revealing it: the first 16 hex digits of its SHA-256. */
export async function keyIdOf(key: Secret): Promise<Attempt<string | undefined>> {
  const read = await key.read();
  if (read.kind !== "done" || !read.value) return read;
  return done(createHash("sha256").update(read.value).digest("hex").slice(0, 16));
}
