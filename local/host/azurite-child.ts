/**
 * Runs Azurite's table service, with its command line, for as long as the process that started it lives: the channel
 * between the two closes however that one ends. Azurite then saves its tables, as when its own parent asks it to.
 */
process.once("disconnect", () => {
  const isStarted = process.emit("message", "shutdown", undefined);
  setTimeout(() => process.exit(), isStarted ? 5_000 : 0).unref();
});

require("azurite/dist/src/table/main.js");
