import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey } from '../../api/client';
import { wasAnswered } from '../../kit/form';
import { useWorkspace } from '../../kit/useWorkspace';
import { CommentDialog } from '../../ui/CommentDialog';
import { Note } from '../../ui/Note';
import { useToast } from '../../ui/useToast';
import { makeChange } from './queries';
import { toldAsOne } from './refusals';
import { longestNote } from './rulesList';
import { joined } from './sentence';
import { rulesChanged } from './useTakeBack';
import type { RuleRow } from './wire';

/** Asks for the reason before one of the program's rules is switched off, and says what that means. */
export function SwitchOffDialog({ row, sentence, onClose }: { row: RuleRow; sentence: string; onClose: () => void }) {
  const { t } = useTranslation('permission');
  const ws = useWorkspace();
  const client = useQueryClient();
  const toast = useToast();
  // One key until the server has answered: asking again after no answer withdraws once.
  const [key, setKey] = useState(newKey);
  const off = useMutation({
    mutationFn: (note: string) => makeChange(ws, { change: 'withdraw', effect: row.effect, kind: row.kind, target: row.target, when: joined(row.when), note }, key),
    onSuccess: async () => {
      await rulesChanged(client, ws);
      onClose();
      toast.success({ title: t('saved.off'), text: t('saved.soon') });
    },
    onError: (error) => {
      if (wasAnswered(error)) setKey(newKey());
    },
  });
  return (
    <CommentDialog
      opened
      onClose={onClose}
      onConfirm={(note) => {
        off.mutate(note);
      }}
      title={t('off.title')}
      confirm={t('off.confirm')}
      label={t('reason')}
      help={t('reasonHelp')}
      facts={sentence}
      tone="warn"
      busy={off.isPending}
      error={toldAsOne(off.error)}
      maxLength={longestNote}
    >
      <Note tone={row.effect === 'allow' ? 'info' : 'warn'}>{t(`off.${row.effect}`)}</Note>
    </CommentDialog>
  );
}
