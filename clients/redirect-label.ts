interface Label {
  readonly labelName: string;
  readonly labelType?: string | undefined;
}

/**
 * What the Defender portal sets on the source of a merge. A label of that name which a person or a rule has set
 * (`labelType` is `User`) is their word and no merge: with it, all who may tag an incident could lead its enrichment
 * elsewhere.
 */
export function isRedirectLabel({ labelName, labelType }: Label): boolean {
  return labelName.trim().toLowerCase() === "redirected" && labelType?.toLowerCase() === "autoassigned";
}
