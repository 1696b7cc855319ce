import { expect, it } from "vitest";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address, fileHash, unknownHash } from "../support/entities";

const { maliciousFile } = knownToVirusTotal;
const sha256 = fileHash(maliciousFile.sha256);
const sha1 = fileHash(maliciousFile.sha1, "SHA1");
const md5 = fileHash(maliciousFile.md5, "MD5");
const others = Array.from({ length: 9 }, (_, i) => address(`93.184.216.${i + 1}`));

const filesAsked = ({ services }: Enricher) =>
  services.virustotal.requests
    .filter(({ path }) => path.includes("/files/"))
    .map(({ path }) => path.split("/").at(-1));

describeStories(
  {
    title: "Hashes of one file that nothing ties together",
    settings: { INTEZER_FILES: "false", VIRUSTOTAL_REQUESTS_PER_MINUTE: "4" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it.each([
      { what: "all three", entities: [md5, sha1, sha256], asked: [maliciousFile.sha256] },
      { what: "without the SHA-256", entities: [md5, sha1], asked: [maliciousFile.sha1] },
      {
        what: "among more than a minute's quota",
        entities: [md5, sha1, sha256, ...others],
        asked: [maliciousFile.sha256],
      },
      {
        what: "behind more files than a minute's quota",
        entities: [md5, ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => fileHash(unknownHash(n))), sha256],
        asked: [...[1, 2, 3, 4, 5, 6, 7, 8].map(unknownHash), maliciousFile.sha256],
      },
    ])("are looked up once: $what", async ({ entities, asked }) => {
      const before = filesAsked(app()).length;
      const { output } = await app().enrich({ entities });
      expect(filesAsked(app()).slice(before).toSorted()).toEqual(asked.toSorted());
      expect(output).toMatchObject({ verdict: "malicious", notChecked: 0 });
      expect(output.unknown + output.malicious).toBe(output.indicators);
    });

    it("are not looked up again when one comes after the comment has been written", async () => {
      const { sentinel } = app().services;
      const armId = sentinel.addIncident({ entities: [sha256, ...others] });
      await fetch(`${app().origin}/api/incidents`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(sentinel.triggerBody(armId)),
      });
      const before = filesAsked(app()).length;
      await expect.poll(() => filesAsked(app()).length, { interval: 1 }).toBe(before + 1);
      sentinel.addEntities(armId, [md5]);
      const { output } = await app().ended(armId);
      expect(filesAsked(app()).slice(before)).toEqual([maliciousFile.sha256]);
      expect(output).toMatchObject({ verdict: "malicious", notChecked: 0 });
    });

    it("are not looked up where the answer of one of them was kept from another incident", async () => {
      await app().enrich({ entities: [sha256] });
      const before = filesAsked(app()).length;
      const { output } = await app().enrich({ entities: [md5, sha1, sha256, ...others] });
      expect(filesAsked(app()).slice(before)).toEqual([]);
      expect(output).toMatchObject({ verdict: "malicious", notChecked: 0 });
    });
  },
);
