import { basename, dirname, resolve } from "node:path";

const top = resolve(__dirname, "../..");

/** The folder of package.json and host.json, whether this file is the source or what it is compiled to in `dist`. */
export const packageRoot = basename(top) === "dist" ? dirname(top) : top;
