import { cut } from "../text";
import type { Group } from "./groups";
import type { Item } from "./item";
import { withFewerLinks } from "./links";
import { fewerNotes } from "./notes";
import { type CommentView, noFindings } from "./view";

/** A way to shorten a comment, in steps that each remove something and count it. */
interface Stage {
  readonly steps: (view: CommentView) => number;
  readonly shrink: (view: CommentView, step: number) => CommentView;
}

const stages: readonly Stage[] = [
  { steps: ({ cards }) => cards.length, shrink: withoutCards },
  { steps: ({ earlier }) => earlier.length, shrink: withoutEarlier },
  { steps: ({ groups }) => itemsIn(groups), shrink: withoutGroupItems },
  { steps: ({ links }) => links.lines.length, shrink: withoutLinks },
  { steps: ({ bad }) => bad.length, shrink: withoutBad },
  { steps: () => 1, shrink: withShortTexts },
  { steps: () => 1, shrink: withoutTriageTexts },
  { steps: () => 1, shrink: countsOnly },
];

/**
 * The view that fits its length limit and loses the least. Details are removed first, those of the least bad indicator
 * before the others, then earlier incidents; then the unknown, clean and left-out indicators are only counted, then the
 * links and the bad indicators; finally texts are cut. `lengthOf` returns the printed length of a view. Any limit of
 * 1,000 or more is met, whatever the texts are.
 */
export function shrinkToFit(view: CommentView, lengthOf: (view: CommentView) => number): CommentView {
  const fits = (candidate: CommentView) => lengthOf(candidate) <= view.lengthLimit;
  if (fits(view)) return view;
  let shrunk = view;
  for (const { steps, shrink } of stages) {
    const all = steps(shrunk);
    const most = shrink(shrunk, all);
    if (fits(most))
      return shrink(
        shrunk,
        fewestSteps(all, (step) => fits(shrink(shrunk, step))),
      );
    shrunk = most;
  }
  return shrunk;
}

/** The smallest step that is enough; `all` is. */
function fewestSteps(all: number, suffices: (step: number) => boolean): number {
  let [tooFew, enough] = [0, all];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (suffices(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

function withoutCards(view: CommentView, step: number): CommentView {
  return { ...view, cards: view.cards.slice(0, view.cards.length - step), moreCards: view.moreCards + step };
}

function withoutEarlier({ earlier, moreEarlier, ...view }: CommentView, step: number): CommentView {
  return { ...view, earlier: earlier.slice(0, earlier.length - step), moreEarlier: moreEarlier + step };
}

/** Removes items from the end: first those not looked up, then clean ones, then unknown ones. */
function withoutGroupItems(view: CommentView, step: number): CommentView {
  let left = step;
  const groups = view.groups
    .toReversed()
    .map((group) => {
      const taken = Math.min(left, group.items.length);
      left -= taken;
      const kept = group.items.length - taken;
      return {
        ...group,
        items: group.items.slice(0, kept),
        more: group.more + countIn(group.items.slice(kept)),
      };
    })
    .toReversed();
  return { ...view, groups };
}

function withoutLinks(view: CommentView, step: number): CommentView {
  return { ...view, links: withFewerLinks(view.links, step) };
}

function withoutBad(view: CommentView, step: number): CommentView {
  const kept = view.bad.length - step;
  return { ...view, bad: view.bad.slice(0, kept), moreBad: view.moreBad + countIn(view.bad.slice(kept)) };
}

const countIn = (items: readonly Item[]) => items.reduce((sum, { count }) => sum + count, 0);
const itemsIn = (groups: readonly Group[]) => groups.reduce((sum, { items }) => sum + items.length, 0);

const fewest = 3;
const maxTextLength = 150;
const maxTriageNoteLength = 300;

function withShortTexts(view: CommentView): CommentView {
  const { triage, footer } = view;
  return {
    ...view,
    headline: cut(view.headline, maxTextLength),
    lead: view.lead.map((text) => cut(text, maxTextLength)),
    notes: fewerNotes(view.notes, fewest).map((note) => ({ ...note, text: cut(note.text, maxTextLength) })),
    footer: footer.map((text) => cut(text, maxTextLength)),
    ...(triage
      ? {
          triage: {
            ...triage,
            actions: cut(triage.actions, maxTextLength),
            ...(triage.note ? { note: cut(triage.note, maxTriageNoteLength) } : {}),
          },
        }
      : {}),
  };
}

function withoutTriageTexts({ triage, ...view }: CommentView): CommentView {
  if (!triage) return view;
  const { note: _note, ...rest } = triage;
  return { ...view, triage: { ...rest, facts: [], actions: "" }, notes: fewerNotes(view.notes, 1) };
}

const maxHeadlineLength = 120;

/** The minimum of every comment: the verdict, all counts, and the mark by which the comment is recognised. */
function countsOnly({ triage: _triage, ...view }: CommentView): CommentView {
  return {
    ...view,
    headline: cut(view.headline, maxHeadlineLength),
    lead: ["No room for details."],
    notes: fewerNotes(view.notes, 0).filter(({ count }) => count !== undefined),
    footer: view.footer.slice(-1).map((text) => cut(text, maxHeadlineLength)),
  };
}

/** For an incident with little room for comments: verdict, counts, what was not checked, and where to find the rest. */
export function shortView(
  view: CommentView,
  comments: {
    /** Number of comments that the incident has. */
    readonly present: number;
    /** Number of comments that it may have. */
    readonly most: number;
  },
  instanceId: string,
): CommentView {
  const { triage: _triage, ...rest } = view;
  const where = `This comment is short because the incident has ${comments.present} comments, and ${comments.most} is the limit. Verdicts and findings are in the output of the orchestration ${instanceId}, in the app's task hub.`;
  return { ...rest, ...noFindings, lead: [where], notes: fewerNotes(view.notes, fewest) };
}
