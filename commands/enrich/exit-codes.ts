export const exitCodes = { done: 0, failed: 3, incomplete: 4 } as const;
