import type { IncomingHttpHeaders } from "node:http";

interface Request {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Hosts that a browser never takes for another site's: a page elsewhere may have its own name resolve to loopback. */
const loopbackHost = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Why a server of this machine does not answer a request, as a sentence; `undefined` for one that programs or pages of
 * this server sent. Web pages elsewhere can send requests to loopback (the user's browser does it for them), and read
 * the answers under a name of their own (DNS rebinding). Every browser names the origin of what changes something, and
 * current ones say of each request which site caused it (https://www.w3.org/TR/fetch-metadata/). The user may come
 * from anywhere by a link: such an answer is shown and not handed to the page with the link.
 */
export function refusalOfUntrusted({ method, headers }: Request): string | undefined {
  const { host = "", origin } = headers;
  if (!loopbackHost.test(host))
    return `Requests are answered under the names of this machine only (localhost, 127.0.0.1), not as "${host}". A tunnel or proxy has to send one of them as Host.`;
  const isOtherOrigin = origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`;
  const site = headers["sec-fetch-site"] ?? "none";
  const isOtherSite = site !== "none" && site !== "same-origin" && !isLink(method, headers);
  return isOtherOrigin || isOtherSite ? "Requests of web pages of other sites are not answered." : undefined;
}

const isLink = (method: string | undefined, headers: IncomingHttpHeaders) =>
  method === "GET" && headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
