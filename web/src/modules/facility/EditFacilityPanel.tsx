import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { FacilityPanel } from './FacilityPanel';
import { paths } from './paths';
import { facilityQuery } from './queries';

/** Changes the facility of the page behind. */
export default function EditFacilityPanel() {
  const ws = useWorkspace();
  const navigate = useNavigate();
  const { data: facility } = useSuspenseQuery(facilityQuery(ws, useParam('facility')));
  return <FacilityPanel facility={facility} onClose={(saved) => void navigate({ to: paths.facility(ws, facility.id), ignoreBlocker: saved !== undefined })} />;
}
