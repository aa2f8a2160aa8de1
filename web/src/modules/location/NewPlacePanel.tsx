import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useWorkspace } from '../../kit/useWorkspace';
import { paths } from './paths';
import { PlacePanel } from './PlacePanel';
import { placeQuery } from './queries';
import { withinIn } from './within';

/** Adds a place, within the one that the address names. */
export default function NewPlacePanel() {
  const ws = useWorkspace();
  const navigate = useNavigate();
  const within = withinIn(useSearch({ strict: false }));
  const { data } = useQuery({ ...placeQuery(ws, within ?? 0), enabled: within !== undefined });
  if (within !== undefined && data === undefined) return null;
  return <PlacePanel within={data} onClose={(saved) => void navigate({ to: paths.places(ws), ignoreBlocker: saved !== undefined })} />;
}
