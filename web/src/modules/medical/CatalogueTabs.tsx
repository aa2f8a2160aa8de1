import { useTranslation } from 'react-i18next';
import { Tabs } from '../../kit/Tabs';
import { useWorkspace } from '../../kit/useWorkspace';
import { paths } from './paths';

/** The parts of the catalogue. */
export function CatalogueTabs({ here }: { here: 'services' | 'items' | 'diagnoses' }) {
  const { t } = useTranslation('medical');
  const ws = useWorkspace();
  const tabs = [
    { key: 'services', to: paths.catalogue(ws, 'services') },
    { key: 'items', to: paths.catalogue(ws, 'items') },
    { key: 'diagnoses', to: paths.diagnoses(ws) },
  ];
  return <Tabs label={t('catalogue')} tabs={tabs.map((tab) => ({ ...tab, label: t(`${tab.key}.title`), here: tab.key === here }))} />;
}
