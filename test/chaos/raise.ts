import type { Fault, SimulatorRequest } from "../../local/simulators/simulator";
import { drawItems, drawLateItem, type PoolItem } from "./pool";
import type { Random } from "./random";
import type { Addition, Raised, World } from "./world";

type Outside = Pick<World, "random" | "services">;

/**
 * Raises up to four incidents, with all that will become of their entities. Only incidents of Defender are merged, and at
 * least two of them.
 */
export function raise({ random, services }: Outside, isMerging: boolean): Raised[] {
  let drawn = 0;
  const serial = () => drawn++;
  const count = random.between(isMerging ? 2 : 1, 4);
  return Array.from({ length: count }, () => raiseOne({ random, services }, serial, isMerging));
}

const mail: PoolItem = {
  entities: [
    { kind: "MailMessage", properties: { recipient: "pat@contoso.com", subject: "Your invoice" } },
    { kind: "Mailbox", properties: { mailboxPrimaryAddress: "pat@contoso.com" } },
  ],
  values: [],
};

function raiseOne({ random, services }: Outside, serial: () => number, isMerging: boolean): Raised {
  const { sentinel, virustotal } = services;
  const isAboutMail = random.isTrue(0.3);
  const fromDefender = random.isTrue(0.3) || isMerging;
  const first = [...drawItems(random, serial), ...(isAboutMail ? [mail] : [])];
  const addition = drawAddition(random, isAboutMail || fromDefender);
  const items = [...first, ...(addition ? [addition.item] : [])];
  for (const { report } of items) if (report) virustotal.add(report);
  const armId = sentinel.addIncident({
    id: guidFrom(random),
    entities: first.flatMap(({ entities }) => entities),
    fromDefender,
  });
  const tagsOfOthers = Array.from({ length: random.between(0, 2) }, (_, i) => `other-${i}`);
  for (const tag of tagsOfOthers) sentinel.tagAfterRead(armId, tag);
  disturbReadings(armId, { random, services });
  return { armId, items, addition, tagsOfOthers };
}

/** Unannounced entities come late to incidents that go on collecting them. */
function drawAddition(random: Random, isGrowing: boolean): Addition | undefined {
  if (!random.isTrue(0.4)) return undefined;
  const item = drawLateItem(random);
  const after = random.oneOf(["raised", "tagged"] as const);
  const isAnnounced = !isGrowing || random.isTrue(0.3);
  return { item, isAnnounced, after, seconds: random.between(0, after === "raised" ? 60 : 500) };
}

const noIndicator = [
  { kind: "Account", properties: { accountName: "pat", upnSuffix: "contoso.com" } },
  { kind: "Mailbox", properties: { mailboxPrimaryAddress: "pat@contoso.com" } },
];
const error = { error: { code: "TooManyRequests", message: "injected" } };

/** What the first readings of an incident's entities show, and how the readings after the first one fail. */
function disturbReadings(armId: string, { random, services }: Outside): void {
  const ending = `${armId.split("/").at(-1)}/entities`.toLowerCase();
  const isReading = ({ path }: SimulatorRequest) => path.toLowerCase().endsWith(ending);
  const shown = random.oneOf([undefined, undefined, [], noIndicator]);
  const times = shown ? random.between(1, 2) : 0;
  const early = { status: 200, json: { entities: shown, metaData: [] } };
  services.sentinel.script({ match: isReading, fault: early, times });

  let readings = 0;
  const again = random.oneOf<Fault | undefined>([
    undefined,
    undefined,
    { status: 500, json: error },
    { status: 429, json: error, headers: { "retry-after": "300" } },
    { status: 429, json: error },
    "dropBefore",
  ]);
  if (!again) return;
  const isAgain = (request: SimulatorRequest) => isReading(request) && ++readings > 1;
  services.sentinel.script({ match: isAgain, fault: again, times: random.between(1, 6) });
}

function guidFrom(random: Random): string {
  const digits = Array.from({ length: 32 }, () => random.between(0, 15).toString(16)).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
