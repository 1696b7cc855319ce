/** Length of a hostile text, in UTF-16 units. */
export const hostileLength = 100_000;

export const repeated = (text: string, length = hostileLength) =>
  text.repeat(Math.ceil(length / text.length)).slice(0, length);

const cjk = Array.from({ length: 20_000 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join("");

function nestedSafeLink(): string {
  let url = "https://contoso.com/";
  for (;;) {
    const outer = `https://x.safelinks.protection.outlook.com/?url=${encodeURIComponent(url)}`;
    if (outer.length > hostileLength) return url;
    url = outer;
  }
}

/** What makes a pattern or a parser try again and again: long runs, and almost what it looks for. */
export const worstTexts: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ..."a / \\ : . , ; ? # @ % & = _ - < > [ ] ( { \" ' ` * ! | 1 f ü 文 \u0301 \u05d0 \u2800 \ud800".split(
      " ",
    ),
    " ",
    "\t",
    "\r\n",
    ...'a. 1. a- a, a; a| .. ]( [. [.] @a a@ a@a. :// ://a a:// //a http:// http://a www. www.a. hxxp:// h**p:// url= &amp; &#38; &lt; %25 %2525 %3A%2F%2F http%3A%2F%2F eyJ eyJaaaaaaaa eyJaaaaaaaa.b token= &a= "a":'.split(
      " ",
    ),
    ...'<script> </script <br <a( ((( [[[ {{{ {"a": [1, \\\\a /subscriptions/ 0- 10.0.0.1, 8.8.8.8; a.com, :a: ::1 1:: [::1] 文. 文a e\u0301 \u05d0- 😀 \u200b a\u200b Ã© xn-- xn--a. Å'.split(
      " ",
    ),
    ", ",
    " ,",
    "a b.com ",
    "http://a.com ",
    "http://a.com,",
  ].map((unit) => [JSON.stringify(unit), repeated(unit)]),
);

/** The same within a URL, and other texts that begin well. */
export const worstUrls: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(worstTexts).flatMap(([name, text]) => [
      [`a URL with ${name}`, `https://contoso.com/${text}`],
      [`a query of ${name}`, `https://contoso.com/?a=${text}`],
    ]),
  ),
  "a host of distinct letters": `https://${repeated(cjk)}.com/`,
  "a domain of distinct letters": `${repeated(cjk)}.com`,
  "labels of distinct letters": repeated([...cjk].join(".")),
  "a host of one letter": `https://${repeated("a")}.com/`,
  "a host with a port of digits": `https://contoso.com:${repeated("1")}/`,
  "a user as long": `https://${repeated("a")}@contoso.com/`,
  "a fragment as long": `https://contoso.com/#${repeated("a")}`,
  "a Safe Link with a list": `https://x.safelinks.protection.outlook.com/?url=${encodeURIComponent(repeated("https://a.com/", 90_000))}`,
  "Safe Links within each other": nestedSafeLink(),
  "an incident's id": `/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/${repeated("a.")}`,
  "deep JSON": `${repeated("[", 50_000)}${repeated("]", 50_000)}`,
  "JSON of URLs": JSON.stringify(
    Array.from({ length: 3_000 }, (_, i) => `http://a${i}.com/${"x".repeat(15)}`),
  ),
  "distinct hosts": Array.from({ length: 9_000 }, (_, i) => `a.b${i.toString(36)}`)
    .join(" ")
    .slice(0, hostileLength),
};
