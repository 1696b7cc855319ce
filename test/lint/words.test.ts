import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const notOurs = /^(test\/fixtures\/|infra\/azuredeploy\.json|package-lock\.json|test\/lint\/words\.test\.ts)/;
const prose = /\.(md|bicep|eta|liquid|yml)$|createUiDefinition\.json$/;
const written = /\.(ts|mts|mjs|cjs|js|css)$/;

interface Word {
  readonly word: string;
  readonly pattern: RegExp;
  /** What a native speaker writes. */
  readonly instead: string;
  /** Has to be found. */
  readonly wrong: string;
  /** Must not be found. */
  readonly right: string;
  /** Also in code and its comments; default true. */
  readonly inCode?: false;
  /** Lines, as `file: text`, in which it is another word. */
  readonly except?: RegExp;
}

const words: readonly Word[] = [
  {
    word: "told",
    pattern: /told/i,
    instead: "what the thing is: shown, reported, known",
    wrong: "const told = await withTold(report);",
    right: "Indicators that were not checked are listed.",
    except: /^test\/local\/(durable\/recovery\.slow|host\/invoke)\.test/,
  },
  {
    word: "tell",
    pattern: /\btell(s|ing)?\b|\btell[A-Z]/i,
    instead: "report, say, show, return, distinguish",
    wrong: "Tells the new etag.",
    right: "Returns the new etag from satellites.",
  },
  {
    word: "afresh, anew",
    pattern: /afresh|\banew\b/i,
    instead: "again, refresh, start over",
    wrong: "secret.read({ afresh: true })",
    right: "secret.read({ refresh: true })",
  },
  {
    word: "whoever",
    pattern: /\bwhoever\b/i,
    instead: "operators, callers, any person who",
    wrong: "Whoever asks first",
    right: "The first caller",
  },
  {
    word: "nobody, somebody, everybody, anybody",
    pattern: /\b(no|some|every|any)body('s)?\b/i,
    instead: "no one, another run, all callers; best: who it is",
    wrong: "Nobody looks for it.",
    right: "Another run has it. Its body is empty.",
    except: /^test\/local\/(durable\/task-hub|host\/invoke)\.test/,
  },
  {
    word: "narrow",
    pattern: /narrow/i,
    instead: "exclude, restrict, without",
    wrong: "narrowedSettings",
    right: "withoutExcluded",
  },
  {
    word: "barred",
    pattern: /\bbarred/i,
    instead: "reject, refuse",
    wrong: "barredCaller",
    right: "rejectCaller",
  },
  {
    word: "foreign",
    pattern: /foreign/i,
    instead: "untrusted, of another site",
    wrong: "foreignText",
    right: "untrustedText",
  },
  {
    word: "unkind",
    pattern: /\bunkind/i,
    instead: "fault",
    wrong: "unkindClock",
    right: "in a kind of mankind",
  },
  {
    word: "worth",
    pattern: /worth(?![a-z])/i,
    instead: "priority; is needed",
    wrong: "byWorth",
    right: "trustworthy",
  },
  {
    word: "heed",
    pattern: /\b(un)?heed/i,
    instead: "apply, ignore",
    wrong: "is not heeded",
    right: "is ignored",
  },
  {
    word: "is to be",
    pattern: /\b(is|are|was|were) to be\b/i,
    instead: "must, will, should, can be",
    wrong: "The tags as they are to be.",
    right: "The tags that it should have; it has to run.",
  },
  {
    word: "look-up",
    pattern: /(?<!to-)\blook-ups?\b(?!-and)/i,
    instead: "lookup (noun), look up (verb)",
    wrong: "the look-ups of a run",
    right: "lookups are looked up by ./steps/look-up-and-submit",
  },
  {
    word: "leave (permission)",
    pattern: /\bleaveFor\b|\bleave to (?!its|their)\b|\b(interface|type|gives?|asks? for|without) leave\b/i,
    instead: "permission, grant, slot",
    wrong: "interface Leave {",
    right: "what others leave out",
  },
  {
    word: "ticket, holder",
    pattern: /\b(ticket|holder)(s|Of)?\b/i,
    instead: "claim id, owner",
    wrong: "claim.ticket",
    right: "a placeholder",
    except: /^domain\/indicators\/url-privacy/,
  },
  {
    word: "basis",
    pattern: /\bbasis(Of)?\b/i,
    instead: "settings key; what it depends on",
    wrong: "provider.basis",
    right: "provider.settingsKey",
  },
  {
    word: "make good",
    pattern: /\b(ma[dk]e|making) good\b/i,
    instead: "catch up",
    wrong: "Making good an outage",
    right: "Catching up after an outage",
  },
  {
    word: "trust border",
    pattern: /\btrust borders?\b/i,
    instead: "trust boundary",
    wrong: "Trust borders",
    right: "Trust boundaries",
  },
  {
    word: "mail, e-mail",
    pattern: /\b(e-)?mails?\b(?![.\w])/i,
    instead: "email",
    wrong: "One mail address.",
    right: "hxxps://webmail",
    inCode: false,
  },
  {
    word: "address",
    pattern: /(?<!\b(IP|IPv6|email) |[`,:])\baddress(es)?\b(?!['`"])/i,
    instead: "IP address, URL, endpoint",
    wrong: "Give Intezer the address of the webhook.",
    right: "IP addresses, `file,address`, an email address",
    inCode: false,
    except: /Address \d+\[|file, address, domain|\(private address\)/,
  },
  {
    word: "asked (a service)",
    pattern:
      /\b(is|are|was|were|be|not) asked about\b|\b(could|can) not be asked\b|\bno (other )?provider asked\b/i,
    instead: "look up, query, request",
    wrong: "VirusTotal was not asked about 1 file.",
    right: "Intezer was not asked for a triage.",
  },
  {
    word: "story, house, room",
    pattern: /\b(story|stories|house|rooms?)\b(?! for| left)/i,
    instead: "scenario, test, code base, folder",
    wrong: "the end-to-end stories",
    right: "no room for details",
    inCode: false,
  },
  {
    word: "turn away, strangers",
    pattern: /\bstrangers?\b|\bturn(s|ed)? away\b/i,
    instead: "refuse; callers without a token",
    wrong: "strangers are turned away",
    right: "a call without a token is refused",
    inCode: false,
  },
  {
    word: "blind (alerts)",
    pattern: /\balerts? (is|are) (then )?blind\b/i,
    instead: "cannot fire",
    wrong: "the alerts are blind",
    right: "the alerts cannot fire",
  },
  {
    word: "as many as it may have",
    pattern: /\bas (many|much) .{0,40}\bas (it|they) may\b/i,
    instead: "the maximum number of, has reached the limit",
    wrong: "has as many comments as it may have",
    right: "has the maximum number of comments",
  },
  {
    word: "left alone, left to itself",
    pattern: /\b(is|are|be|left) left alone\b|\bleaves? .{1,20} alone\b/i,
    instead: "ignore, does not change",
    wrong: "Closed incidents are left alone.",
    right: "Reconciliation ignores closed incidents.",
    inCode: false,
  },
  {
    word: "no valid, not readable",
    pattern: /["`]no valid \w|\b(is|are|was|were) not readable["`.]/i,
    instead: "not a valid, could not be read",
    wrong: 'unreadable("no valid hash")',
    right: 'unreadable("not a valid hash")',
  },
];

const files = execFileSync("git", ["ls-files"], { encoding: "utf8" }).trim().split("\n");
const lines = files
  .filter((file) => (prose.test(file) || written.test(file)) && !notOurs.test(file))
  .flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .map((text, i) => ({ file, text, place: `${file}:${i + 1}: ${text.trim()}` })),
  );

describe("code, docs and templates are in plain English", () => {
  it.each(words)("without $word: write $instead", ({ pattern, inCode = true, except }) => {
    const found = lines.filter(
      ({ file, text }) =>
        pattern.test(text) && (inCode || prose.test(file)) && !except?.test(`${file}: ${text}`),
    );
    expect(found.map(({ place }) => place)).toEqual([]);
  });

  it.each(words)("of $word only the wrong use is found", ({ pattern, wrong, right }) => {
    expect(wrong).toMatch(pattern);
    expect(right).not.toMatch(pattern);
  });

  it("in most of what is tracked", () => {
    expect(new Set(lines.map(({ file }) => file)).size).toBeGreaterThan(400);
  });
});
