/** Of which indicators a comment shows details: see the setting COMMENT_DETAIL. */
export const commentDetails = ["worst", "full"] as const;
export type CommentDetail = (typeof commentDetails)[number];
