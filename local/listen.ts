import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Has a server listen on 127.0.0.1, at any free port for 0, and gives host and port. Throws when the port is taken. */
export async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    throw new Error(`Port ${port} is in use by another program. End that program, or choose another port.`);
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
