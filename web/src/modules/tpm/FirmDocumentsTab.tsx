import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { UnsavedGuard } from '../../kit/UnsavedGuard';
import { useWorkspace } from '../../kit/useWorkspace';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { firmHolder } from './documentHolder';
import { documentsQuery } from './documentQueries';
import { DocumentShelf } from './DocumentShelf';
import styles from './ReportTab.module.css';
import { useUploads } from './uploads';
import { useFirm } from './useFirm';

/** The documents of a firm: contracts, terms, what its people are trained with. */
export default function FirmDocumentsTab() {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const holder = firmHolder(useFirm());
  const documents = useQuery(documentsQuery(ws, holder, 'attachments'));
  const uploads = useUploads(holder);
  if (documents.isError) {
    return <ErrorState error={documents.error} title={t('documents.failed')} onRetry={() => void documents.refetch()} retrying={documents.isFetching} />;
  }
  if (documents.data === undefined) return <SkeletonRows rows={5} />;
  if (documents.data === null) {
    return (
      <EmptyState drawing="nothing" title={t('documents.hidden')}>
        {t('firm.documentsHidden')}
      </EmptyState>
    );
  }
  return (
    <div className={styles.single}>
      <Card title={t('firm.documents')} note={t('documents.seenBy')}>
        <DocumentShelf holder={holder} shelf={{ list: 'attachments' }} label={t('firm.documents')} content={documents.data} uploads={uploads} none={t('documents.none')} />
      </Card>
      <UnsavedGuard dirty={uploads.underWay} />
    </div>
  );
}
