import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { sizeOf, spanOf } from './units';
import type { Setting, Value } from './wire';

const spanUnits: Record<string, string> = { s: 'second', m: 'minute', h: 'hour', d: 'day' };
const sizeUnits: Record<string, string> = { B: 'byte', KB: 'kilobyte', MB: 'megabyte', GB: 'gigabyte', TB: 'terabyte' };

/** Writes values of settings for people: `14 days`, `50 MB`, `Scripts and Archives`. */
export function useValueText(): (setting: Pick<Setting, 'kind' | 'choices'>, value: Value) => string {
  const { t, i18n } = useTranslation('setting');
  const formats = useFormats();
  const { language } = i18n;
  return useMemo(() => {
    const number = (n: number, options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options).format(n);
    const measured = (amount: { number: string; unit: string }, units: Record<string, string>, unitDisplay: 'long' | 'short') => {
      const unit = units[amount.unit];
      return unit === undefined ? `\u2068${number(Number(amount.number))} ${amount.unit}\u2069` : number(Number(amount.number), { style: 'unit', unit, unitDisplay });
    };
    return ({ kind, choices }, value) => {
      const label = (word: string) => choices.find((one) => one.value === word)?.label ?? word;
      switch (kind) {
        case 'integer':
          return number(value as number); // the kind says which of the types it is, here and below
        case 'size':
          return measured(sizeOf(value as string), sizeUnits, 'short');
        case 'duration':
          return measured(spanOf(value as string), spanUnits, 'long');
        case 'boolean':
          return t(value === true ? 'value.on' : 'value.off');
        case 'choice':
          return label(value as string);
        case 'choices':
          return (value as readonly string[]).length === 0 ? t('value.none') : formats.list((value as readonly string[]).map(label));
        case 'json':
          return JSON.stringify(value);
        case 'text':
          return value === '' ? t('value.empty') : `\u2068${value as string}\u2069`;
      }
    };
  }, [t, language, formats]);
}
