import { convert } from "html-to-text";
import type { Enricher } from "../../support/enricher";

/**
 * The playbooks of Intezer for Microsoft Sentinel (github.com/intezer/microsoft-sentinel-integration) as settings of
 * this app, and what went wrong in each of them.
 */

export const text = (html: string | undefined) => convert(html ?? "", { wordwrap: false });

export const asked = (app: Enricher, path: string) =>
  app.services.intezer.requests.filter((request) => request.path.endsWith(path));
