import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { paths } from './paths';
import { PersonPanel } from './PersonPanel';
import { personQuery } from './queries';
import { useKind } from './useKind';

/** Changes whom the page behind shows. */
export default function EditPersonPanel() {
  const ws = useWorkspace();
  const kind = useKind();
  const navigate = useNavigate();
  const { data: person } = useSuspenseQuery(personQuery(ws, kind, useParam('person')));
  return <PersonPanel kind={kind} person={person} onClose={(saved) => void navigate({ to: paths.one(ws, kind, person.id), ignoreBlocker: saved !== undefined })} />;
}
