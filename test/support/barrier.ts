/** Calls wait until there are `count` of them; later ones do not wait. */
export function barrier(count: number): () => Promise<void> {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let waiting = 0;
  return async () => {
    waiting++;
    if (waiting === count) open();
    await opened;
  };
}
