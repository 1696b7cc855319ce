import { Eta } from "eta";
import { shrinkToFit } from "../domain/comment/fit";
import type { CommentView } from "../domain/comment/view";
import type { CommentFormat } from "../domain/run/settings";
import { encodePlain, encodeText, type LinkHosts, plainLink, safeLink } from "./encode";

/** Templates lie beside this module, in the source and in the compiled app. */
const etaWith = (escapeFunction: (value: unknown) => string) =>
  new Eta({ views: __dirname, cache: true, autoTrim: false, escapeFunction });

interface Format {
  readonly eta: Eta;
  readonly template: string;
  readonly link: (address: string | undefined, text: string, hosts: LinkHosts) => string;
  /** Separator between the non-empty lines of the template. */
  readonly lineEnd: string;
}

const formats: Readonly<Record<CommentFormat, Format>> = {
  // Line breaks within HTML become empty lines in the portal (https://github.com/Azure/Azure-Sentinel/issues/10459);
  // a blank instead keeps words apart if a portal removes the tags.
  html: { eta: etaWith(encodeText), template: "./comment", link: safeLink, lineEnd: " " },
  text: { eta: etaWith(encodePlain), template: "./comment-text", link: plainLink, lineEnd: "\n" },
};

/** The comment as one line of HTML or as lines of text, within the view's length limit. */
export function renderComment(
  view: CommentView,
  { commentFormat, linkHosts }: { readonly commentFormat: CommentFormat; readonly linkHosts: LinkHosts },
): string {
  const { eta, template, lineEnd, ...format } = formats[commentFormat];
  const link = (address: string | undefined, text: string) => format.link(address, text, linkHosts);
  const print = (candidate: CommentView) =>
    eta
      .render(template, { ...candidate, link })
      .split("\n")
      .flatMap((line) => line.trim() || [])
      .join(lineEnd)
      .replaceAll(" </", "</");
  return print(shrinkToFit(view, (candidate) => print(candidate).length));
}
