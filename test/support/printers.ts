import type { Printer } from "../../activities/post-comment";

/** Where the links of the fixtures lead, and a domain with hosts of its own. */
const linkHosts = ["www.virustotal.com", ".intezer.com", "portal.azure.com", "security.microsoft.com"];

export const htmlPrinter: Printer = { version: "1.2.3", commentFormat: "html", linkHosts };
export const textPrinter: Printer = { version: "1.2.3", commentFormat: "text", linkHosts };
