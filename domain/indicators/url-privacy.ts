/** What is sent if a URL is private to a person: see the setting URL_DETAIL. */
export const urlDetails = ["safe", "full"] as const;
export type UrlDetail = (typeof urlDetails)[number];

interface Private {
  readonly what: string;
  readonly isIn: (text: string) => boolean;
}

const emailAddress = /(?<=[\p{L}\p{N}_.+'-])@(?:[\p{L}\p{N}_-]{1,63}\.)+\p{L}{2,}/u;

/** A possible header of a JSON Web Token, followed by its payload. */
const tokenHeader = /(?<![\w-])[\w-]{11,}(?=\.[\w-]+\.)/g;

/** Names of parameters, also in the path (`;jsessionid=`), in a URL within the query, and as keys of JSON. */
const parameterName = /(?:^|[?&;#/])([^=&?;#/]{1,80})=|"([^"]{1,80})"\s{0,3}:/g;

/** Words in a parameter's name that make its value a secret. */
const secretWords = new Set(
  (
    "apikey auth authorization bearer code cookie credential credentials hmac jwt key nonce oobcode " +
    "otp pass passcode passphrase passwd password phpsessid pin pwd relaystate saml samlrequest samlresponse sas " +
    "secret session sessid sessionid jsessionid sid sig sign signature sso ticket token tokens"
  ).split(" "),
);
const secretEnding = /(?:token|secret|password|passwd|signature|session|sessionid|sessid|apikey|authkey)$/;

const privates: readonly Private[] = [
  { what: "an email address", isIn: (text) => emailAddress.test(text) },
  { what: "a token (JWT)", isIn: hasJsonWebToken },
  {
    what: "a secret parameter",
    isIn: (text) => [...text.matchAll(parameterName)].some(([, name, key]) => isSecret(name ?? key ?? "")),
  },
];

/** The header is an object, whose `{"` is `eyJ` in base64url; it is at least eight characters longer. */
function hasJsonWebToken(text: string): boolean {
  return [...text.matchAll(tokenHeader)].some(([header]) => header.slice(0, -8).includes("eyJ"));
}

/** `accessToken`, `access_token` and `X-Amz-Security-Token` all have the word `token`. */
function isSecret(name: string): boolean {
  const words = name
    .replace(/(?<=[a-z\d])(?=[A-Z])/g, " ")
    .toLowerCase()
    .split(/[^a-z\d]+/);
  return words.some((word) => secretWords.has(word)) || secretEnding.test(name.toLowerCase());
}

/** What makes a canonical URL private to a person, e.g. "an email address"; `undefined` if nothing does. */
export function privateDetailIn(url: string): string | undefined {
  const { pathname, search } = new URL(url);
  return detailIn(pathname + search);
}

/** Whether a URL's fragment is private to a person. */
export function isPrivateFragment(fragment: string): boolean {
  return detailIn(fragment) !== undefined;
}

/** Longer texts are cut first. */
const longestShown = 4_000;

/**
 * A URL, canonical or as written, without what is private to a person, so that people can recognise it. Any other text
 * is unchanged, but cut to 4,000 UTF-16 units.
 */
export function presentableUrl(written: string): string {
  const text = written.slice(0, longestShown);
  if (!/^h(?:tt|xx)ps?:|^[^:]*\//i.test(text) || detailIn(text) === undefined) return text;
  const [, before = "", authority = "", path = "", mark = ""] = urlParts.exec(text) ?? [];
  const origin = before + authority.slice(authority.lastIndexOf("@") + 1);
  return detailIn(path) === undefined ? `${origin}${path}${mark && `${mark}…`}` : `${origin}/…`;
}

const urlParts = /^([a-z]*:?\/{0,2})([^/?#]*)([^?#]*)([?#]?)/i;

function detailIn(text: string): string | undefined {
  const readings = readingsOf(text);
  return privates.find(({ isIn }) => readings.some(isIn))?.what;
}

const deepestEncoding = 4;

/** The text as it is and decoded, as often as it is encoded: a redirect's target stands encoded in its query. */
function readingsOf(text: string): readonly string[] {
  // A percent sign may be encoded any number of times.
  const readings = [text, text.replace(/%(?:25)+/g, "%")];
  for (let depth = 0; depth < deepestEncoding; depth++) {
    const decoded = percentDecoded(readings.at(-1) ?? "");
    if (decoded === readings.at(-1)) break;
    readings.push(decoded);
  }
  return readings;
}

/** Every well-formed sequence by itself: one that is broken hides nothing. */
function percentDecoded(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll("%", ""), "hex").toString(),
  );
}
