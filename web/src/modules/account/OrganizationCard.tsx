import { NativeSelect } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client';
import type { SignedIn } from '../../kit/session';
import { Card } from '../../ui/Card';
import { useToast } from '../../ui/useToast';
import styles from './ProfilePage.module.css';

/** For whom the person acts here, and the switch to another organisation when there are several. */
export function OrganizationCard({ session }: { session: SignedIn }) {
  const { t } = useTranslation('account');
  const client = useQueryClient();
  const toast = useToast();
  const { organization, organizations, workspace } = session;
  const change = useMutation({
    mutationFn: (id: number) => api.post<void>('/api/v3/users/changeorganization/', { organization: id }),
    onSuccess: async (_, id) => {
      // Roles, menu and every list depend on it.
      await client.invalidateQueries();
      toast.success({ title: t('organizationChanged', { organization: organizations.find((one) => one.id === id)?.name ?? '' }) });
    },
    onError: (error) => toast.error(error),
  });
  return (
    <Card title={t('acting')}>
      {organizations.length > 1 ? (
        <NativeSelect
          className={styles.field}
          label={t('organization')}
          description={t('organizationHelp')}
          inputWrapperOrder={['label', 'input', 'description']}
          disabled={change.isPending}
          value={String(change.isPending ? change.variables : (organization?.id ?? ''))}
          data={organizations.map((one) => ({ value: String(one.id), label: one.name }))}
          onChange={(event) => {
            change.mutate(Number(event.currentTarget.value));
          }}
        />
      ) : (
        <p>
          {organization === null
            ? t('noOrganization', { workspace: workspace.name })
            : t('oneOrganization', { workspace: workspace.name, organization: organization.name })}
        </p>
      )}
    </Card>
  );
}
