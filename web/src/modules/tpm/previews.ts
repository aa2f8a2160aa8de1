import type { StoredDocument } from './documentQueries';

/** How a document can be shown on the page. */
export type PreviewKind = 'picture' | 'pdf';

/** A document that can be shown, and what is said of it. */
export interface Preview {
  key: number;
  kind: PreviewKind;
  name: string;
  /** Where it is saved from; that of the picture or the pages themselves is `shownAt`. */
  address: string;
  by: StoredDocument['uploaded_by'];
  at: string;
}

// Drawings in SVG and pages of HTML can hold scripts: they are never among these.
const pictures = /\.(jpe?g|png|gif|webp)$/i;

/** Tells how a file of this name can be shown, `pages` saying whether the browser shows PDF by itself; undefined when it is only to be saved. */
export function previewKind(name: string, pages: boolean): PreviewKind | undefined {
  if (pictures.test(name)) return 'picture';
  return pages && /\.pdf$/i.test(name) ? 'pdf' : undefined;
}

/** The address that shows a stored file instead of saving it. The server decides by what the file is, whatever its name says. */
export function shownAt(address: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}inline=true`;
}

/** The place that an arrow key leads to from a place in a row of so many; the same at its ends. Reading goes on towards the end of the line. */
export function stepTo(key: string, at: number, count: number, direction: 'ltr' | 'rtl'): number {
  const forwards = direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const backwards = direction === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
  if (key === forwards) return Math.min(at + 1, count - 1);
  return key === backwards ? Math.max(at - 1, 0) : at;
}
