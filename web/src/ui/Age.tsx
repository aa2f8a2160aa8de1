import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../i18n/useFormats';
import { ageParts, isDay } from './age';

/** How long ago an instant was, short (`6 d`), with the absolute time as tooltip and accessible text. */
export function Age({ since, now }: { since: string; now?: number }) {
  const { t } = useTranslation('ui');
  const formats = useFormats();
  const { unit, count } = ageParts(since, now);
  return (
    <Tooltip label={isDay(since) ? formats.date(since) : formats.instant(since)}>
      <time dateTime={since} className="figures isolate">
        {unit === 'today' ? t('age.today') : t(`age.${unit}`, { count })}
      </time>
    </Tooltip>
  );
}
