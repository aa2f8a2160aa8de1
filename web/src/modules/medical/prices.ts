import type { Formats } from '../../i18n/format';

/** An amount as people read it, with two decimals; what is exact stays text until here. */
export function priceText(formats: Formats, amount: string | null | undefined): string {
  return amount === null || amount === undefined ? '–' : formats.number(Number(amount), { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
