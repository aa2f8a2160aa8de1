import { useNavigate } from '@tanstack/react-router';
import { useWorkspace } from '../../kit/useWorkspace';
import { InsureePanel } from './InsureePanel';
import { paths } from './paths';
import { useFamily } from './useRecords';

/** Registers somebody as a member of the family of the page behind. */
export default function NewMemberPanel() {
  const ws = useWorkspace();
  const navigate = useNavigate();
  const family = useFamily();
  return <InsureePanel family={family} onClose={(saved) => void navigate({ to: paths.family(ws, family.id), ignoreBlocker: saved !== undefined })} />;
}
