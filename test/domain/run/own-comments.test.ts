import { expect, test } from "vitest";
import { incidentFrom } from "../../../clients/sentinel/arm-id";
import { commentIdFor } from "../../../domain/run/own-comments";
import { incidentArmId } from "../../support/requests";

test("a comment's id depends on incident, run and part, and on nothing else", () => {
  const idOf = (armId: string, run = 1, part: "first" | "update" = "first") => {
    const incident = incidentFrom(armId);
    return incident && commentIdFor(incident, run, part);
  };
  const id = idOf(incidentArmId);
  // Another id for the same comment would make every repeated write of an open run a second comment.
  expect(id).toMatchInlineSnapshot(`"b11aa177-c201-5fbe-9535-e338a47958df"`);
  expect(idOf(incidentArmId.toUpperCase())).toBe(id);
  const others = [
    idOf(incidentArmId.replace("siem-prod", "siem-test")),
    idOf(incidentArmId.replace(/.$/, "0")),
    idOf(incidentArmId, 2),
    idOf(incidentArmId, 1, "update"),
  ];
  expect(new Set([id, ...others]).size).toBe(5);
});
