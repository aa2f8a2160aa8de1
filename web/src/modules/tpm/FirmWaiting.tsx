import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { useSession } from '../../kit/session';
import { Note } from '../../ui/Note';
import { useToast } from '../../ui/useToast';
import { accessKeys, accessQuery, review, type Waiting, waitingQuery } from './firmAccess';
import styles from './FirmPeopleTab.module.css';
import { type FirmDetail, firmKeys } from './firmQueries';

/** The new people of a firm whom nobody has let in yet. Reviewers decide here, but not about those they asked for themselves. */
export function FirmWaiting({ firm }: { firm: FirmDetail }) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const { user, workspace } = useSession();
  const ws = workspace.code;
  const client = useQueryClient();
  const toast = useToast();
  const { data: waiting } = useQuery(waitingQuery(ws, firm.organization_id));
  const { data: rights } = useQuery(accessQuery(ws, firm.organization_id));
  const decide = useMutation({
    mutationFn: ({ person, decision }: { person: Waiting; decision: 'accept' | 'decline' }) => review(ws, person.id, decision),
    onSuccess: (_, { person, decision }) => {
      toast.success({ title: t(decision === 'accept' ? 'firm.accepted' : 'firm.declined', { name: nameOf(person), firm: firm.name }) });
    },
    onError: (error) => toast.error(error),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: accessKeys.waiting(ws, firm.organization_id) });
      void client.invalidateQueries({ queryKey: firmKeys.firm(ws, firm.id) });
    },
  });
  const people = waiting?.results ?? [];
  if (people.length === 0) return null;
  return (
    <div className={styles.waiting}>
      <Note tone="info" title={t('firm.waiting', { count: people.length })}>
        <ul className={styles.people}>
          {people.map((person) => {
            const reviews = rights?.can_review_user === true && person.requester.id !== user.id;
            return (
              <li key={person.id} className={styles.person}>
                <span className={styles.words}>
                  <bdi>{nameOf(person)}</bdi> · <bdi dir="ltr">{person.email}</bdi>
                  <span className={styles.quiet}> · {t('firm.askedBy', { name: person.requester.name, date: formats.date(person.created) })}</span>
                </span>
                {reviews ? (
                  <span className={styles.buttons}>
                    {(['decline', 'accept'] as const).map((decision) => (
                      <Button
                        key={decision}
                        size="xs"
                        variant="default"
                        disabled={decide.isPending}
                        aria-label={t(`firm.${decision}One`, { name: nameOf(person) })}
                        onClick={() => {
                          decide.mutate({ person, decision });
                        }}
                      >
                        {t(`firm.${decision}`)}
                      </Button>
                    ))}
                  </span>
                ) : null}
              </li>
            );
          })}
        </ul>
      </Note>
    </div>
  );
}

function nameOf({ first_name, last_name, email }: Waiting): string {
  return `${first_name} ${last_name}`.trim() || email;
}
