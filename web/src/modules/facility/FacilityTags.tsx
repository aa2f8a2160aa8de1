import { useTranslation } from 'react-i18next';
import { Tag } from '../../ui/Tag';
import type { Facility } from './wire';

const tones = { AC: 'ok', IN: 'warn', DE: 'danger', ID: undefined } as const;

/** Whether a facility is in use; one that is needs no word unless it is asked for. */
export function FacilityTags({ facility: { status }, always = false }: { facility: Pick<Facility, 'status'>; always?: boolean }) {
  const { t } = useTranslation('facility');
  if (status === 'AC' && !always) return null;
  const tone = status in tones ? tones[status as keyof typeof tones] : undefined; // asked one word before
  return <Tag {...(tone !== undefined && { tone })}>{t(`status.${status}`)}</Tag>;
}
