import { useNavigate } from '@tanstack/react-router';
import { useWorkspace } from '../../kit/useWorkspace';
import { InsureePanel } from './InsureePanel';
import { paths } from './paths';
import { useInsuree } from './useRecords';

/** Changes the insuree of the page behind. */
export default function EditInsureePanel() {
  const ws = useWorkspace();
  const navigate = useNavigate();
  const insuree = useInsuree();
  return <InsureePanel insuree={insuree} onClose={(saved) => void navigate({ to: paths.insuree(ws, insuree.id), ignoreBlocker: saved !== undefined })} />;
}
