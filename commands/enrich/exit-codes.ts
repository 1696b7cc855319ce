export const exitCodes = { done: 0, wrong: 2, failed: 3, incomplete: 4 } as const;
