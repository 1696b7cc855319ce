/** Account and key are the ones every Azurite has, documented by Microsoft; they open nothing else. */
export const developmentAccount = "devstoreaccount1";
const developmentKey =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/** A connection string for table storage that listens on loopback. It knows tables only. */
export function tableConnectionString(port: number | string): string {
  return [
    "DefaultEndpointsProtocol=http",
    `AccountName=${developmentAccount}`,
    `AccountKey=${developmentKey}`,
    `TableEndpoint=http://127.0.0.1:${port}/${developmentAccount}`,
  ].join(";");
}
