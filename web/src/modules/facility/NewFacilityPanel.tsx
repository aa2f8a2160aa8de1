import { useNavigate } from '@tanstack/react-router';
import { useWorkspace } from '../../kit/useWorkspace';
import { FacilityPanel } from './FacilityPanel';
import { paths } from './paths';

/** Makes a facility, over the list. */
export default function NewFacilityPanel() {
  const ws = useWorkspace();
  const navigate = useNavigate();
  return (
    <FacilityPanel
      onClose={(saved) => {
        if (saved === undefined) void navigate({ to: paths.facilities(ws), search: true });
        else void navigate({ to: paths.facility(ws, saved.id), ignoreBlocker: true });
      }}
    />
  );
}
