import { expect, test } from "vitest";
import { fileNameIn, readableFirst } from "../../domain/text";

test.each([
  { path: "C:\\Users\\jane.doe\\Desktop\\secret project\\x-copy.exe", name: "x-copy.exe" },
  { path: "/home/jane/x.sh", name: "x.sh" },
  { path: "\\\\srv\\share$\\x.dll", name: "x.dll" },
  { path: "C:/Users\\jane/x.exe", name: "x.exe" },
  { path: "C:\\Users\\jane\\", name: "" },
  { path: "archive.zip/inner/x.js", name: "x.js" },
  { path: " x.exe ", name: "x.exe" },
  { path: "x.exe", name: "x.exe" },
  { path: "///", name: "" },
  { path: "", name: "" },
])("the name in $path is $name", ({ path, name }) => expect(fileNameIn(path)).toBe(name));

test.each([
  "\ufffd\ufffd\ufffd\ufffd˵\ufffd\ufffd.doc",
  "Ã¼bersicht.doc",
  "Ð¾Ñ‚Ñ‡ÐµÑ‚.doc",
  "itâ€™s.doc",
  "ƒeƒXƒg.doc",
  "锟斤拷锟斤拷.doc",
  "????.doc",
  "\u0082\u0083.doc",
  "\ue000.doc",
])("%s comes after a readable name", (name) => {
  expect(readableFirst([name, "manual.doc"])).toEqual(["manual.doc", name]);
});

test.each([
  "Übersicht für Zoë.doc",
  "счёт.doc",
  "請求書.doc",
  "Ångström.doc",
  "São Tomé.doc",
  "what?.doc",
  "مستند.doc",
])("%s is as readable as any", (name) =>
  expect(readableFirst([name, "manual.doc"])).toEqual([name, "manual.doc"]),
);
