import { useTranslation } from 'react-i18next';
import { Timeline } from '../../ui/Timeline';
import type { Told } from './story';
import { useStory } from './useStory';
import type { Visit } from './wire';

/** What happened to a visit, in words, newest first. */
export function StoryList({ visit, told }: { visit: Visit; told: readonly Told[] }) {
  const { t } = useTranslation('tpm');
  const word = useStory(visit);
  return <Timeline events={told.map(word)} label={t('tab.activity')} />;
}
