const tooLate = "no answer in time";
const unreachable = "the network does not reach the host";
const unknownName = "host name not found";
const untrustedServer =
  "the server's TLS certificate is not trusted: check the endpoint and any TLS inspection on the way";

/** Codes of Node's sockets, its HTTP parser, its decompression and the HTTP libraries. */
const reasons: ReadonlyMap<string, string> = new Map([
  ["ECONNABORTED", tooLate],
  ["ERR_CANCELED", tooLate],
  ["ETIMEDOUT", tooLate],
  ["ESOCKETTIMEDOUT", tooLate],
  ["ECONNREFUSED", "connection refused"],
  ["ECONNRESET", "connection lost"],
  ["EPIPE", "connection lost"],
  ["ENOTFOUND", unknownName],
  ["EAI_AGAIN", unknownName],
  ["EAI_FAIL", unknownName],
  ["EHOSTUNREACH", unreachable],
  ["ENETUNREACH", unreachable],
  ["ENETDOWN", unreachable],
  ["EADDRNOTAVAIL", "no free port for another connection"],
  ["EMFILE", "too many open connections"],
  ["ABORT_ERR", tooLate],
  ["ANSWER_CUT_OFF", "answer cut off"],
  ["ERR_STREAM_PREMATURE_CLOSE", "answer cut off"],
  ["ANSWER_TOO_LARGE", "answer too large"],
  ["ERR_INVALID_URL", "the endpoint is not a valid URL"],
]);

/** Families of codes: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const families: readonly (readonly [prefix: string, reason: string])[] = [
  ["Z_", "the answer could not be decompressed"],
  ["ERR__ERROR_FORMAT", "the answer could not be decompressed"],
  ["HPE_", "the answer was not valid HTTP"],
  ["ERR_TLS_", untrustedServer],
  ["ERR_SSL_", "the TLS connection failed"],
  ["EPROTO", "the TLS connection failed"],
  ["CERT_", untrustedServer],
  ["CRL_", untrustedServer],
  ["SELF_SIGNED_", untrustedServer],
  ["DEPTH_ZERO_", untrustedServer],
  ["UNABLE_TO_", untrustedServer],
  ["HOSTNAME_MISMATCH", untrustedServer],
];

/** For people: why there is no answer, by error code. Unlisted codes would mean nothing to them. */
export function faultReasonOf(code: string | undefined): string {
  const known = reasons.get(code ?? "") ?? families.find(([prefix]) => code?.startsWith(prefix))?.[1];
  return known ?? "the exchange failed";
}
