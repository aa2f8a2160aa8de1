import { useNavigate } from '@tanstack/react-router';
import { useWorkspace } from '../../kit/useWorkspace';
import { EntryPanel } from './EntryPanel';
import { paths } from './paths';
import { useKind } from './useKind';

/** Puts something into the catalogue, over its list. */
export default function NewEntryPanel() {
  const ws = useWorkspace();
  const kind = useKind();
  const navigate = useNavigate();
  return <EntryPanel kind={kind} onClose={(saved) => void navigate({ to: paths.catalogue(ws, kind), search: true, ignoreBlocker: saved !== undefined })} />;
}
