import { expect, it } from "vitest";
import { plainText } from "../../../clients/intezer/triage";
import { slowTime } from "../../support/least-time";

it.each([
  ["<p>Intezer verdict: <b>Confirmed Threat</b>.</p>", "Intezer verdict: Confirmed Threat."],
  ["One<br>Two<br/>Three", "One Two Three"],
  ["a < b and c > d", "a < b and c > d"],
  ["Tom &amp; Jerry&#39;s &quot;note&quot;&nbsp;!", 'Tom & Jerry\'s "note" !'],
  ["&lt;script&gt;", "&lt;script&gt;"],
  ["<img src=x onerror=alert(1)>Text", "Text"],
  ["<script>alert(1)</script>Text<style>p{}</style>", "Text"],
  ["<scr<script>ipt>alert(1)", "scr ipt>alert(1)"],
  ["Text<img src=x onerror=alert(1) ", "Text img src=x onerror=alert(1)"],
  ["<<a>b", "b"],
  ["<<p>a>", "< a>"],
  ["<<<a", "a"],
  ["two\r\nlines\u202eand a turn", "two lines and a turn"],
])("makes %j the text %j", (markup, text) => {
  expect(plainText(markup, 200)).toBe(text);
});

it("cuts what is too long", () => {
  expect(plainText("x".repeat(50_000), 2000)).toHaveLength(2000);
});

it.each([undefined, "", " ", "<p></p>", "<<b>a>"])("makes nothing of %j", (markup) => {
  expect(plainText(markup, 200)).toBeUndefined();
});

it("takes no longer for deeply nested brackets", () => {
  for (const unit of ["<a", "<script>"])
    expect(slowTime(() => plainText(unit.repeat(10_000), 2000))).toBeUndefined();
});
