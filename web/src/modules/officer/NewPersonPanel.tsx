import { useNavigate } from '@tanstack/react-router';
import { useWorkspace } from '../../kit/useWorkspace';
import { paths } from './paths';
import { PersonPanel } from './PersonPanel';
import { useKind } from './useKind';

/** Writes somebody down, over the list. */
export default function NewPersonPanel() {
  const ws = useWorkspace();
  const kind = useKind();
  const navigate = useNavigate();
  return (
    <PersonPanel
      kind={kind}
      onClose={(saved) => {
        if (saved === undefined) void navigate({ to: paths.list(ws, kind), search: true });
        else void navigate({ to: paths.one(ws, kind, saved.id), ignoreBlocker: true });
      }}
    />
  );
}
