/** How comments are written: see the setting COMMENT_FORMAT. */
export const commentFormats = ["html", "text"] as const;
export type CommentFormat = (typeof commentFormats)[number];
