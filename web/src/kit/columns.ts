import type { ReactNode } from 'react';

/** A column of a list. Keep the array at module level or in a memo: a new one rebuilds the table. */
export interface Column<Row> {
  id: string;
  header: string;
  /** What the cell shows. Missing values are a dash; missing but needed ones words in warn. */
  cell: (row: Row) => ReactNode;
  /** The name the server sorts by; without it the column cannot be sorted. */
  sort?: string;
  /** Numbers and ages stand at the end edge. */
  align?: 'end';
  /** A CSS width; columns without one share the rest. */
  width?: string;
  /** Below this width of the table the column is left out. */
  from?: number;
}
