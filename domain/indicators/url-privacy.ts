/** What may be sent of URLs: see the setting URL_DETAIL. */
export const urlDetails = ["safe", "full"] as const;
export type UrlDetail = (typeof urlDetails)[number];

interface Private {
  readonly what: string;
  readonly isIn: (text: string) => boolean;
}

const emailAddress = /[\w.+'-]{1,64}@(?:[\w-]{1,63}\.)+\p{L}{2,}/u;

/** Header and payload of a JSON Web Token; the header is an object, whose `{"` is `eyJ` in base64url. */
const jsonWebToken = /eyJ[\w-]{8,}\.[\w-]+\./;

/** Names of parameters, also in the path (`;jsessionid=`) and in a URL within the query. */
const parameterName = /(?:^|[?&;#/])([^=&?;#/]{1,80})=/g;

/** Words that make a parameter's value a key to something, whatever stands around them. */
const secretWords = new Set(
  (
    "apikey auth authorization bearer code cookie credential credentials hmac jwt key nonce oobcode " +
    "otp pass passcode passphrase passwd password phpsessid pin pwd relaystate saml samlrequest samlresponse sas " +
    "secret session sessid sessionid jsessionid sid sig sign signature sso ticket token tokens"
  ).split(" "),
);
const secretEnding = /(?:token|secret|password|passwd|signature|session|sessionid|sessid|apikey|authkey)$/;

const privates: readonly Private[] = [
  { what: "an e-mail address", isIn: (text) => emailAddress.test(text) },
  { what: "a token (JWT)", isIn: (text) => jsonWebToken.test(text) },
  {
    what: "a secret parameter",
    isIn: (text) => [...text.matchAll(parameterName)].some(([, name = ""]) => isSecret(name)),
  },
];

/** `accessToken`, `access_token` and `X-Amz-Security-Token` all have the word `token`. */
function isSecret(name: string): boolean {
  const words = name
    .replace(/(?<=[a-z\d])(?=[A-Z])/g, " ")
    .toLowerCase()
    .split(/[^a-z\d]+/);
  return words.some((word) => secretWords.has(word)) || secretEnding.test(name.toLowerCase());
}

/** What makes a URL private to somebody, e.g. "an e-mail address"; `undefined` when nothing does. */
export function privateDetailIn(url: string): string | undefined {
  return detailIn(detailOf(url));
}

/** A URL for people to recognise it by: without what is private to somebody. Any other text is as it was. */
export function presentableUrl(text: string): string {
  if (!/^https?:/i.test(text) || !URL.canParse(text) || privateDetailIn(text) === undefined) return text;
  const { origin, pathname } = new URL(text);
  return detailIn(pathname) === undefined ? `${origin}${pathname}?…` : `${origin}/…`;
}

function detailOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function detailIn(text: string): string | undefined {
  const readings = readingsOf(text);
  return privates.find(({ isIn }) => readings.some(isIn))?.what;
}

const deepestEncoding = 4;

/** The text as it is and decoded, as often as it is encoded: a redirect's target stands encoded in its query. */
function readingsOf(text: string): readonly string[] {
  const readings = [text];
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
