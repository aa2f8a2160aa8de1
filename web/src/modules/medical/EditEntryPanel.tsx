import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { EntryPanel } from './EntryPanel';
import { paths } from './paths';
import { entryQuery } from './queries';
import { useKind } from './useKind';

/** Changes something of the catalogue, over its list. */
export default function EditEntryPanel() {
  const ws = useWorkspace();
  const kind = useKind();
  const navigate = useNavigate();
  const { data: entry } = useSuspenseQuery(entryQuery(ws, kind, useParam('entry')));
  return <EntryPanel kind={kind} entry={entry} onClose={(saved) => void navigate({ to: paths.catalogue(ws, kind), search: true, ignoreBlocker: saved !== undefined })} />;
}
