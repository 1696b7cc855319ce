import { counted, cut } from "../text";
import type { Verdict } from "../verdict";
import { folded } from "./table";
import { type CommentView, noFindings } from "./view";

/** A way to make a comment shorter, in steps that each take something away and count it. */
interface Stage {
  readonly steps: (view: CommentView) => number;
  readonly shrink: (view: CommentView, step: number) => CommentView;
}

const foldable: readonly Verdict[] = ["clean", "unknown"];

const stages: readonly Stage[] = [
  { steps: ({ cards }) => cards.length, shrink: withoutCards },
  { steps: () => foldable.length, shrink: (view, step) => foldable.slice(0, step).reduce(withFold, view) },
  { steps: ({ rows, folds }) => rows.length + namesIn(folds), shrink: withoutNames },
  { steps: () => 1, shrink: withShortTexts },
];

/**
 * The view that fits its length limit and loses least: cards go first, the least bad one before the others, then
 * harmless rows fold into lines, then names and rows are only counted, and texts are cut at last. `lengthOf` tells how
 * long a view is when printed. A limit below some 20,000 may be too little for texts that are hostile throughout.
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

/** The smallest step that suffices; `all` does. */
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

function withFold(view: CommentView, verdict: Verdict): CommentView {
  const { rows, folds } = folded(view.rows, verdict);
  // Lines stand in the order of the rows, worst first.
  return { ...view, rows, folds: [...folds, ...view.folds] };
}

/** Takes names from the end: first from the lines of the least bad, then the last rows. */
function withoutNames(view: CommentView, step: number): CommentView {
  let left = step;
  const folds = view.folds
    .toReversed()
    .map((fold) => {
      const taken = Math.min(left, fold.values.length);
      left -= taken;
      return { ...fold, values: fold.values.slice(0, fold.values.length - taken), more: fold.more + taken };
    })
    .toReversed();
  return {
    ...view,
    folds,
    rows: view.rows.slice(0, view.rows.length - left),
    moreRows: view.moreRows + left,
  };
}

function namesIn(folds: CommentView["folds"]): number {
  return folds.reduce((sum, { values }) => sum + values.length, 0);
}

const fewest = 3;
const maxTextLength = 150;
const maxNoteLength = 300;

function withShortTexts(view: CommentView): CommentView {
  const { notes, reasons, triage, leftOut } = view;
  const shorter = (texts: readonly string[]) => texts.map((text) => cut(text, maxTextLength));
  const more = notes.length - fewest;
  return {
    ...view,
    notes: [...shorter(notes.slice(0, fewest)), ...(more > 0 ? [`And ${counted(more, "more note")}.`] : [])],
    reasons: shorter(reasons),
    ...(triage ? { triage: withShortNote(triage) } : {}),
    ...(leftOut ? { leftOut: { ...leftOut, values: [] } } : {}),
  };
}

function withShortNote(triage: NonNullable<CommentView["triage"]>): NonNullable<CommentView["triage"]> {
  const actions = triage.actions.slice(0, fewest).map((action) => cut(action, maxTextLength));
  return { ...triage, actions, ...(triage.note ? { note: cut(triage.note, maxNoteLength) } : {}) };
}

const mostNotes = 3;

/** For an incident that has little room left: verdict and counts, what is not checked, and where the rest is. */
export function shortView(view: CommentView, commentsCount: number, instanceId: string): CommentView {
  const { triage: _triage, leftOut: _leftOut, ...rest } = view;
  const where = `This comment is short, because the incident has ${commentsCount} comments and may have 100. Verdicts and findings are in the output of the orchestration ${instanceId}, in the app's task hub.`;
  return {
    ...rest,
    notes: [where, ...view.notes.slice(0, mostNotes)],
    ...noFindings,
  };
}
