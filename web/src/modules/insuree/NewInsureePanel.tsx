import { useNavigate } from '@tanstack/react-router';
import { useWorkspace } from '../../kit/useWorkspace';
import { InsureePanel } from './InsureePanel';
import { paths } from './paths';

/** Registers somebody, over the list. */
export default function NewInsureePanel() {
  const ws = useWorkspace();
  const navigate = useNavigate();
  return (
    <InsureePanel
      onClose={(saved) => {
        if (saved === undefined) void navigate({ to: paths.insurees(ws), search: true });
        else void navigate({ to: paths.insuree(ws, saved.id), ignoreBlocker: true });
      }}
    />
  );
}
