import { expect, it } from "vitest";
import type { KeyStanding } from "../../../domain/lookups/quota";
import { halfOfDay } from "../../../domain/run/catch-up";

const quota = { perMinute: 4, perDay: 500, perMonth: 15_500 };
const usedToday = (day: number): KeyStanding => ({
  kind: "known",
  reading: { quota, used: { day, month: 0 }, goodForSeconds: 60 },
});
const hidden: KeyStanding = { kind: "hidden" };
const noKey: KeyStanding = { kind: "noKey" };
const half = (standing: KeyStanding, perDay: number | "auto") =>
  halfOfDay(
    {
      title: "VirusTotal",
      kinds: ["file"],
      quota: { perMinute: "auto", perDay, perMonth: "auto" },
      auto: { assumed: quota, read: async () => ({ quota, goodForSeconds: 60 }) },
    },
    standing,
  );

it.each<{
  readonly what: string;
  readonly standing: KeyStanding;
  readonly perDay: number | "auto";
  readonly left: number;
  readonly text: string;
}>([
  {
    what: "half of what the key has",
    standing: usedToday(142),
    perDay: "auto",
    left: 108,
    text: "142 of 500 requests used today; 108 may be",
  },
  {
    what: "half of what is set",
    standing: usedToday(20),
    perDay: 100,
    left: 30,
    text: "20 of 100 requests used today; 30 may be used here.",
  },
  {
    what: "half of a free key's day",
    standing: hidden,
    perDay: "auto",
    left: 250,
    text: "0 of 500 requests used today; 250 may be",
  },
  {
    what: "nothing when half is spent",
    standing: usedToday(400),
    perDay: "auto",
    left: 0,
    text: "400 of 500 requests used today; 0 may be",
  },
  {
    what: "without end when there is no limit",
    standing: usedToday(9),
    perDay: 0,
    left: Infinity,
    text: "VirusTotal sets no limit for a day.",
  },
  {
    what: "without end when there is no key",
    standing: noKey,
    perDay: "auto",
    left: Infinity,
    text: "VirusTotal has no key",
  },
])("leaves to many runs $what", ({ standing, perDay, left, text }) => {
  expect(half(standing, perDay)).toMatchObject({
    kind: "done",
    value: { title: "VirusTotal", kinds: ["file"], left, text: expect.stringContaining(text) },
  });
});

it("begins with no run when VirusTotal refuses the key", () => {
  const refusal: KeyStanding = { kind: "refused", reason: "Store a valid key." };
  expect(half(refusal, "auto")).toEqual({ kind: "refused", reason: "Store a valid key." });
});
