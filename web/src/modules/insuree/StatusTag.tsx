import { useTranslation } from 'react-i18next';
import { Tag } from '../../ui/Tag';
import type { Status } from './wire';

/** Whether somebody is covered at all: said only of those who are not. */
export function StatusTag({ status }: { status: Status }) {
  const { t } = useTranslation('insuree');
  return status === 'AC' ? null : <Tag tone={status === 'IN' ? 'warn' : undefined}>{t(`status.${status}`)}</Tag>;
}
