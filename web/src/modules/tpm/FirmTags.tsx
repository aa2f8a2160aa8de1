import { useTranslation } from 'react-i18next';
import { Tag } from '../../ui/Tag';
import type { Firm } from './wire';

/** What is out of the ordinary about a firm, each in a word. Nothing for a firm in order. */
export function FirmTags({ firm }: { firm: Pick<Firm, 'blocked' | 'deleted_flag' | 'vision_synced' | 'hidden'> }) {
  const { t } = useTranslation('tpm');
  return (
    <>
      {firm.blocked ? <Tag tone="danger">{t('firm.blocked')}</Tag> : null}
      {firm.deleted_flag ? <Tag tone="warn">{t('firm.marked')}</Tag> : null}
      {firm.vision_synced ? null : <Tag tone="info">{t('firm.notSynced')}</Tag>}
      {firm.hidden ? <Tag>{t('firm.hidden')}</Tag> : null}
    </>
  );
}
