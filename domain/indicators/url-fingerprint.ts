import { createHash } from "node:crypto";

/**
 * VirusTotal's id of a URL: the SHA-256, in lower-case hex, of the URL as VirusTotal canonicalises it. The algorithm is
 * not published; recorded ids agree with the URL as WHATWG serialises it, without fragment, each escape decoded as
 * often as it is encoded, and then bytes up to the blank, from DEL on, `#` and `%` escaped (as Safe Browsing does).
 * Throws when `url` is none.
 */
export function urlFingerprint(url: string): string {
  return createHash("sha256").update(canonicalUrl(url)).digest("hex");
}

function canonicalUrl(url: string): string {
  const parsed = new URL(url);
  parsed.hash = "";
  return escaped(unescaped(Buffer.from(parsed.href)));
}

/** In one pass, however deeply it is encoded: what an escape leaves may complete the one around it. */
function unescaped(bytes: Buffer): Buffer {
  const decoded = Buffer.alloc(bytes.length);
  let length = 0;
  for (const byte of bytes) {
    decoded[length++] = byte;
    for (let value = escapeAt(decoded, length); value !== undefined; value = escapeAt(decoded, length)) {
      length -= 2;
      decoded[length - 1] = value;
    }
  }
  return decoded.subarray(0, length);
}

/** What the last three bytes stand for, where they are an escape. */
function escapeAt(bytes: Buffer, end: number): number | undefined {
  if (end < 3 || bytes[end - 3] !== 0x25) return undefined;
  const digits = bytes.toString("latin1", end - 2, end);
  return /^[\da-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

function escaped(bytes: Buffer): string {
  const isPlain = (byte: number) => byte > 0x20 && byte < 0x7f && byte !== 0x23 && byte !== 0x25;
  const hex = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  return [...bytes].map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : hex(byte))).join("");
}
