import { defined } from "../json";
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
  { steps: (view) => sparable.reduce((sum, { count }) => sum + count(view), 0), shrink: withoutSparable },
  { steps: () => 1, shrink: headlineOnly },
];

/**
 * The view that fits its length limit and loses least: cards go first, the least bad one before the others, then
 * harmless rows fold into lines, then names and rows are only counted, and texts are cut at last. `lengthOf` tells how
 * long a view is when printed. Any limit of 1,000 or more is kept, whatever the texts are.
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
    ...defined({
      triage: triage && withShortNote(triage),
      leftOut: leftOut && { ...leftOut, values: [] },
    }),
  };
}

function withShortNote(triage: NonNullable<CommentView["triage"]>): NonNullable<CommentView["triage"]> {
  const actions = triage.actions.slice(0, fewest).map((action) => cut(action, maxTextLength));
  return { ...triage, actions, ...defined({ note: triage.note && cut(triage.note, maxNoteLength) }) };
}

/** What goes when short texts are still too long: this first, and each from its end. */
const sparable: readonly {
  readonly noun: string;
  readonly count: (view: CommentView) => number;
  readonly without: (view: CommentView, taken: number) => Partial<CommentView>;
}[] = [
  {
    noun: "triage note",
    count: ({ triage }) => (triage?.note === undefined ? 0 : 1),
    without: ({ triage }, taken) => (triage && taken > 0 ? { triage: withoutNote(triage) } : {}),
  },
  {
    noun: "recommended action",
    count: ({ triage }) => triage?.actions.length ?? 0,
    without: ({ triage }, taken) =>
      triage ? { triage: { ...triage, actions: dropped(triage.actions, taken) } } : {},
  },
  {
    noun: "reason",
    count: ({ reasons }) => reasons.length,
    without: ({ reasons }, taken) => ({ reasons: dropped(reasons, taken) }),
  },
  {
    noun: "note",
    count: ({ notes }) => Math.max(0, notes.length - 1),
    without: ({ notes }, taken) => ({ notes: dropped(notes, taken) }),
  },
];

function withoutNote({ note: _note, ...triage }: NonNullable<CommentView["triage"]>) {
  return triage;
}

const dropped = <T>(items: readonly T[], count: number) => items.slice(0, items.length - count);

function withoutSparable(view: CommentView, step: number): CommentView {
  let left = step;
  let rest = view;
  const taken = sparable.flatMap(({ noun, count, without }) => {
    const here = Math.min(left, count(view));
    left -= here;
    rest = { ...rest, ...without(rest, here) };
    return here > 0 ? [counted(here, noun)] : [];
  });
  return taken.length === 0 ? rest : { ...rest, notes: [...rest.notes, `No room for ${taken.join(", ")}.`] };
}

const maxHeadlineLength = 120;

/** What has to be in every comment: the verdict, how many indicators there are, and how the comment is recognised. */
function headlineOnly(view: CommentView): CommentView {
  const { triage: _triage, leftOut: _leftOut, incident: _incident, ...rest } = view;
  return {
    ...rest,
    headline: cut(view.headline, maxHeadlineLength),
    notes: ["No room for details."],
    reasons: [],
  };
}

const mostNotes = 3;

/** For an incident that has little room left: verdict and counts, what is not checked, and where the rest is. */
export function shortView(
  view: CommentView,
  comments: {
    /** That the incident has. */
    readonly present: number;
    /** That it may have. */
    readonly most: number;
  },
  instanceId: string,
): CommentView {
  const { triage: _triage, leftOut: _leftOut, ...rest } = view;
  const where = `This comment is short, because the incident has ${comments.present} comments and may have ${comments.most}. Verdicts and findings are in the output of the orchestration ${instanceId}, in the app's task hub.`;
  return {
    ...rest,
    notes: [where, ...view.notes.slice(0, mostNotes)],
    ...noFindings,
  };
}
