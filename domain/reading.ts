/** What one value of an entity is: something to look up, in canonical form, or left out for a reason. */
export type Reading =
  | { readonly kind: "lookUp"; readonly value: string }
  /** A short phrase that many values share: the comment counts by it. */
  | { readonly kind: "leftOut"; readonly reason: string };

export function lookUp(value: string): Reading {
  return { kind: "lookUp", value };
}

export function leaveOut(reason: string): Reading {
  return { kind: "leftOut", reason };
}
