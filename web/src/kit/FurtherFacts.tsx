import { type QueryKey, useQuery } from '@tanstack/react-query';
import { Fact, Facts } from '../ui/Facts';
import { type ExtensionValues, recordFieldsQuery } from './extensions';
import styles from './FurtherFacts.module.css';
import { useExtensionText } from './useExtensionText';
import { useWorkspace } from './useWorkspace';

/**
 * What administrators added to a record, below what it came with; nothing at all where they added nothing. `path` is where the server has the record, `reads` the
 * key below which everything of it is kept, `values` the record's own.
 */
export function FurtherFacts({ path, reads, values }: { path: string; reads: QueryKey; values: ExtensionValues | undefined }) {
  const ws = useWorkspace();
  const { data } = useQuery({ ...recordFieldsQuery(ws, path, reads), enabled: values !== undefined });
  const textOf = useExtensionText();
  if (values === undefined || data === undefined || data.shown.length === 0) return null;
  return (
    <div className={styles.facts}>
      <Facts>
        {data.shown.map((field) => (
          <Fact key={field.key} name={<bdi>{field.label}</bdi>}>
            <span className={field.long ? styles.long : undefined}>{textOf(field, values[field.key])}</span>
          </Fact>
        ))}
      </Facts>
    </div>
  );
}
