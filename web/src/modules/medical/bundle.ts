import type { Input } from '../../kit/form';
import type { Entry, Kind, Part } from './wire';

/** What can be put into a bundle. */
export type Held = Pick<Entry, 'id' | 'code' | 'name' | 'price'>;

/** One thing that a bundle holds, as its form shows it. */
export interface Row {
  /** Names it among all that could be in a bundle. */
  key: string;
  kind: Kind;
  of: Held;
  quantity: string;
  /** Its price in the bundle; nothing is that of the catalogue. */
  price: string;
  /** It is kept, but counts for nothing. */
  off: boolean;
}

/** What was typed of one thing in a bundle, or that it comes or goes. */
export interface Edit {
  added?: Held;
  gone?: boolean;
  quantity?: string;
  price?: string;
}

/** What was typed of a bundle, by the keys of its rows, in the order in which they were touched. */
export type Edits = Readonly<Record<string, Edit>>;

type Stored = Partial<Pick<Entry, Kind>> | undefined;

const kinds: readonly Kind[] = ['services', 'items'];
const one = { items: 'item', services: 'service' } as const;

/** The key of something in a bundle. */
export function keyOf(kind: Kind, id: number): string {
  return `${kind}.${id}`;
}

function heldBy(stored: Stored, kind: Kind): { key: string; part: Part; of: Held }[] {
  return (stored?.[kind] ?? []).flatMap((part) => {
    const of = part[one[kind]];
    return of === undefined ? [] : [{ key: keyOf(kind, of.id), part, of }];
  });
}

/** What a bundle holds with all that was typed: what is stored first, then what was added. */
export function rowsOf(stored: Stored, edits: Edits): Row[] {
  const there = kinds.flatMap((kind) =>
    heldBy(stored, kind).map(({ key, part, of }) => ({ key, kind, of, quantity: part.qty_provided === null ? '' : String(part.qty_provided), price: part.price_asked ?? '', off: !part.status })),
  );
  const known = new Set(there.map(({ key }) => key));
  const added = Object.entries(edits).flatMap(([key, { added: of }]) =>
    of === undefined || known.has(key) ? [] : [{ key, kind: key.startsWith('items.') ? ('items' as const) : ('services' as const), of, quantity: '', price: '', off: false }],
  );
  return [...there, ...added].flatMap((row) => {
    const { gone, quantity = row.quantity, price = row.price } = edits[row.key] ?? {};
    return gone ? [] : [{ ...row, quantity, price }];
  });
}

/** With another thing in the bundle, once. What was taken away in this form comes back as it was. */
export function withAdded(stored: Stored, edits: Edits, kind: Kind, of: Held): Edits {
  const key = keyOf(kind, of.id);
  if (rowsOf(stored, edits).some((row) => row.key === key)) return edits;
  const { [key]: before, ...others } = edits;
  return { ...others, [key]: heldBy(stored, kind).some((held) => held.key === key) ? { ...before, gone: false } : { added: of, quantity: '1' } };
}

/** Without a thing of the bundle. */
export function without(stored: Stored, edits: Edits, row: Pick<Row, 'key' | 'kind'>): Edits {
  const { [row.key]: before, ...others } = edits;
  return heldBy(stored, row.kind).some(({ key }) => key === row.key) ? { ...others, [row.key]: { ...before, gone: true } } : others;
}

/** What of a bundle has changed, as the server takes it, and the keys of the rows by the paths by which it speaks of them. `emptied` takes all away. */
export function changesIn(stored: Stored, edits: Edits, emptied: boolean): { input: Input; rows: Readonly<Record<string, string>> } {
  const input: Input = {};
  const rows: Record<string, string> = {};
  const now = new Map((emptied ? [] : rowsOf(stored, edits)).map((row) => [row.key, row]));
  for (const kind of kinds) {
    const list: Input[] = [];
    const send = (key: string, part: Input) => {
      rows[`${kind}.${list.length}`] = key;
      list.push(part);
    };
    for (const { key, part } of heldBy(stored, kind)) {
      const row = now.get(key);
      now.delete(key);
      const quantity = row?.quantity.trim() ?? '';
      const price = row?.price.trim() ?? '';
      if (row === undefined) send(key, { id: part.id, _delete: true });
      else if (quantity !== (part.qty_provided === null ? '' : String(part.qty_provided)) || price !== (part.price_asked ?? '')) send(key, { id: part.id, qty_provided: orNull(quantity), price_asked: orNull(price) });
    }
    for (const row of now.values()) {
      if (row.kind === kind) send(row.key, { [one[kind]]: row.of.id, qty_provided: orNull(row.quantity.trim()), price_asked: orNull(row.price.trim()) });
    }
    if (list.length > 0) input[kind] = list;
  }
  return { input, rows };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}

/** What the things in a bundle cost together, exactly; nothing while something that was typed is no number. */
export function totalOf(rows: readonly Row[]): string | undefined {
  let cents = 0;
  for (const { of, quantity, price, off } of rows) {
    const amount = price.trim() === '' ? of.price : price.trim();
    const many = quantity.trim() === '' ? '0' : quantity.trim();
    if (!/^\d+$/.test(many) || !/^\d+(\.\d{1,2})?$/.test(amount)) return undefined;
    if (!off) cents += Number(many) * Math.round(Number(amount) * 100);
  }
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
