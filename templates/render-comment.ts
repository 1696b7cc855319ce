import { Eta } from "eta";
import type { CommentView } from "../domain/comment-view";
import { shrinkToFit } from "../domain/shrink-to-fit";
import { encodeText } from "./encode";
import { safeLink } from "./safe-link";

/** Templates lie beside this module, in the source and in the compiled app. */
const eta = new Eta({ views: __dirname, cache: true, autoTrim: false, escapeFunction: encodeText });

/**
 * The comment as one line of HTML, at most as long as the view allows. Line breaks within a comment become empty lines
 * in the portal (https://github.com/Azure/Azure-Sentinel/issues/10459); the blank in place of each keeps words apart
 * where a portal removes the tags.
 */
export function renderComment(view: CommentView): string {
  return markup(shrinkToFit(view, (candidate) => markup(candidate).length));
}

function markup(view: CommentView): string {
  return eta
    .render("./comment", { ...view, link: safeLink })
    .replace(/\s*\n\s*/g, " ")
    .trim();
}
