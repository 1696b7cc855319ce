import { expect, it } from "vitest";
import { faultReasonOf } from "../../clients/fault-reason";

it.each([
  { code: "ETIMEDOUT", reason: "no answer in time" },
  { code: "EPIPE", reason: "connection lost" },
  { code: "EAI_AGAIN", reason: "host name not found" },
  { code: "Z_DATA_ERROR", reason: "the answer could not be decompressed" },
  { code: "Z_BUF_ERROR", reason: "the answer could not be decompressed" },
  { code: "HPE_HEADER_OVERFLOW", reason: "the answer was not valid HTTP" },
  { code: "SELF_SIGNED_CERT_IN_CHAIN", reason: expect.stringContaining("certificate is not trusted") },
  {
    code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    reason: expect.stringContaining("certificate is not trusted"),
  },
  { code: "ERR_TLS_CERT_ALTNAME_INVALID", reason: expect.stringContaining("certificate is not trusted") },
  { code: "SOMETHING_ELSE", reason: "the exchange failed" },
  { code: "constructor", reason: "the exchange failed" },
  { code: undefined, reason: "the exchange failed" },
])("says in words what $code means", ({ code, reason }) => {
  expect(faultReasonOf(code)).toEqual(reason);
});
