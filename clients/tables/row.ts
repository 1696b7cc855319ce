export interface RowKey {
  readonly partition: string;
  /** Holds none of `/ \ # ?`. */
  readonly row: string;
}

export interface Row extends RowKey {
  readonly etag: string;
  /** JSON text, at most 32,000 characters. */
  readonly state: string;
  /** Epoch milliseconds; 0 if it does not expire. */
  readonly expiresAt: number;
}

export type Columns = Pick<Row, "state" | "expiresAt">;
