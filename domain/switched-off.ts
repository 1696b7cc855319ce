/** Why a provider is not asked about a kind of indicator, as a phrase for people. */
export function switchedOffBy(setting: string): string {
  return `the setting ${setting} switches this off`;
}
