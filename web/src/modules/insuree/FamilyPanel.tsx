import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { placeName } from '../../kit/places';
import { RecordPanel } from '../../kit/RecordPanel';
import { useWorkspace } from '../../kit/useWorkspace';
import { InsureeField } from './InsureeField';
import { paths } from './paths';
import { changeFamily, families, familyQuery, keys } from './queries';
import { useFamily } from './useRecords';
import type { Family } from './wire';

const sections = [{ name: 'family', rows: [['location'], ['address'], ['family_type', 'poverty'], ['confirmation_type', 'confirmation_no']] }];

/** The panel in which a family is changed. Its members are changed on the page behind. */
export default function FamilyPanel() {
  const { t } = useTranslation('insuree');
  const ws = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const family = useFamily();
  return (
    <RecordPanel<Family, Family>
      title={t('family.edit')}
      submit={t('edit.save')}
      path={families}
      record={family}
      again={() => client.query({ ...familyQuery(ws, family.id), staleTime: 0 })}
      sections={sections}
      field={(props, read) => <InsureeField {...props} known={props.name === 'location' ? placeName(read?.location) : undefined} />}
      save={(input, _, read) => changeFamily(ws, family.id, (read ?? family).version, input)}
      done={() => t('family.saved')}
      reads={keys.all(ws)}
      onClose={(saved) => void navigate({ to: paths.family(ws, family.id), ignoreBlocker: saved !== undefined })}
    />
  );
}
