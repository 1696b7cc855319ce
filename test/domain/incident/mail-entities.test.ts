import { expect, test } from "vitest";
import { hasMail } from "../../../domain/incident/entity";

test.each([
  [["Url", "MailMessage"], true],
  [["mailcluster"], true],
  [["SubmissionMail"], true],
  [["Mailbox", "Account", "Url"], false],
  [[], false],
])("entities of kinds %j are about mail: %s", (kinds, expected) => {
  expect(hasMail(kinds.map((kind) => ({ id: "x", kind, properties: {} })))).toBe(expected);
});
