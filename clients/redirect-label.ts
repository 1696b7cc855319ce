interface Label {
  readonly labelName: string;
  readonly labelType?: string | undefined;
}

/**
 * Whether it is the label that the Defender portal sets on the source of a merge. A label of that name that a person or a
 * rule has set (`labelType` is `User`) does not mean a merge: otherwise anyone who may tag an incident could redirect its
 * enrichment.
 */
export function isRedirectLabel({ labelName, labelType }: Label): boolean {
  return labelName.trim().toLowerCase() === "redirected" && labelType?.toLowerCase() === "autoassigned";
}
