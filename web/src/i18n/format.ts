import type { Language } from './languages';

// Arabic names of the months differ by country; the workspace's country decides.
const arabicCountries: Record<string, string> = {
  DZA: 'DZ',
  EGY: 'EG',
  IRQ: 'IQ',
  JOR: 'JO',
  LBN: 'LB',
  LBY: 'LY',
  MAR: 'MA',
  MRT: 'MR',
  PSE: 'PS',
  SDN: 'SD',
  SYR: 'SY',
  TUN: 'TN',
  YEM: 'YE',
};

/** Writes dates, times and numbers for one reader. Make one with `formats`. */
export interface Formats {
  /** `14 Nov 2026` from `2026-11-14`; never shifted by a time zone. A dash when missing. */
  date(day: string | null | undefined): string;
  /** `14 Nov` from `2026-11-14`. */
  dayMonth(day: string | null | undefined): string;
  /** `12 – 16 Oct 2026`; either end may be missing. */
  range(from: string | null | undefined, to: string | null | undefined): string;
  /** `Friday 20 November 2026`. */
  longDate(day: Date): string;
  /** `14 Nov 2026, 09:12` in the reader's zone, from an instant. */
  instant(at: string | number | Date | null | undefined): string;
  /** `09:12` in the reader's zone. */
  time(at: string | number | Date): string;
  /** `6 days ago`, `in 2 hours`, from an instant. */
  relative(at: string | number | Date, now?: number): string;
  number(value: number, options?: Intl.NumberFormatOptions): string;
  /** `2.4 MB`. */
  fileSize(bytes: number): string;
  /** `A, B and C`. */
  list(names: readonly string[]): string;
}

const missing = '–';

/** Formats of a language in a workspace: Latin digits also in Arabic, day before month also in English. */
export function formats(language: Language, workspaceCode?: string | null): Formats {
  const region = language === 'ar' ? (arabicCountries[workspaceCode ?? ''] ?? 'EG') : { en: 'GB', fr: 'FR', es: 'ES' }[language];
  const locale = `${language}-${region}-u-nu-latn-ca-gregory`;
  const day = dateFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const short = dateFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const long = dateFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const instant = dateFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false });
  const clock = dateFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false });

  return {
    date: (value) => (value ? tidy(day().format(utc(value))) : missing),
    dayMonth: (value) => (value ? tidy(short().format(utc(value))) : missing),
    range(from, to) {
      if (!from && !to) return missing;
      if (!from || !to || from === to) return tidy(day().format(utc(from || to || '')));
      return tidy(day().formatRange(utc(from), utc(to)));
    },
    longDate: (value) => long().format(value),
    instant: (at) => (at === null || at === undefined || at === '' ? missing : tidy(instant().format(new Date(at)))),
    time: (at) => clock().format(new Date(at)),
    relative(at, now = Date.now()) {
      const { value, unit } = distance((new Date(at).getTime() - now) / 1000);
      return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(value, unit);
    },
    number: (value, options) => new Intl.NumberFormat(locale, options).format(value),
    fileSize(bytes) {
      const step = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : bytes < 1_000_000_000 ? 2 : 3;
      const unit = (['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const)[step];
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: step > 1 ? 1 : 0 }).format(
        bytes / 1000 ** step,
      );
    },
    list: (names) => new Intl.ListFormat(locale).format(names),
  };
}

/** Whole days from one ISO date to another; negative when the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((utc(to).getTime() - utc(from).getTime()) / 86_400_000);
}

/** Today's date in the reader's zone, as `2026-11-20`. */
export function today(now = new Date()): string {
  const pad = (part: number) => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

// British data has one month of four letters; columns of dates look better with twelve of three.
function tidy(text: string): string {
  return text.replace(/\bSept\b/g, 'Sep');
}

function utc(day: string): Date {
  return new Date(`${day.slice(0, 10)}T00:00:00Z`);
}

// Formatters are slow to make and many rows use the same: one of each kind per reader, made on first use.
function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): () => Intl.DateTimeFormat {
  let made: Intl.DateTimeFormat | undefined;
  return () => (made ??= new Intl.DateTimeFormat(locale, options));
}

function distance(seconds: number): { value: number; unit: Intl.RelativeTimeFormatUnit } {
  const size = Math.abs(seconds);
  if (size < 45) return { value: 0, unit: 'second' };
  if (size < 3600) return { value: Math.round(seconds / 60), unit: 'minute' };
  if (size < 86_400) return { value: Math.round(seconds / 3600), unit: 'hour' };
  if (size < 30 * 86_400) return { value: Math.round(seconds / 86_400), unit: 'day' };
  if (size < 365 * 86_400) return { value: Math.round(seconds / (30.44 * 86_400)), unit: 'month' };
  return { value: Math.round(seconds / (365.25 * 86_400)), unit: 'year' };
}
