import { Button, Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { QueryBoundary } from '../../kit/QueryBoundary';
import { UnsavedGuard } from '../../kit/UnsavedGuard';
import { useAct } from '../../kit/useAct';
import { useWorkspace } from '../../kit/useWorkspace';
import { Note } from '../../ui/Note';
import { SearchField } from '../../ui/SearchField';
import { SidePanel } from '../../ui/SidePanel';
import { useErrorText } from '../../ui/useErrorText';
import styles from './medical.module.css';
import { paths } from './paths';
import { priceText } from './prices';
import { changeLines, entriesQuery, keys, listedQuery } from './queries';
import { useKind } from './useKind';
import { usePricelist } from './usePricelist';

const shown = 50;

/** Takes many of the catalogue into the price list of the page behind: what is ticked stays ticked while one searches on. */
export default function AddLinesPanel() {
  const { t } = useTranslation('medical');
  const formats = useFormats();
  const ws = useWorkspace();
  const kind = useKind();
  const pricelist = usePricelist();
  const navigate = useNavigate();
  const errorText = useErrorText();
  const [search, setSearch] = useState('');
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const { data: listed } = useQuery(listedQuery(ws, kind, pricelist.id));
  const options = entriesQuery(ws, kind, { search: search.trim(), ordering: 'code', page_size: shown });
  const found = useQuery(options);
  const close = (saved: boolean) => navigate({ to: paths.pricelist(ws, kind, pricelist.id), search: true, ignoreBlocker: saved });
  const { run, busy, error } = useAct({
    reads: keys.all(ws),
    act: () => changeLines(ws, kind, pricelist, { added_details: ticked }),
    done: t('lines.added', { count: ticked.length }),
    then: () => close(true),
  });
  return (
    <>
      <SidePanel
        title={t(`${kind}.addTo`)}
        dirty={ticked.length > 0}
        onClose={() => void close(false)}
        foot={
          <>
            <Button variant="default" size="md" disabled={busy} onClick={() => void close(false)}>
              {t('ui:cancel')}
            </Button>
            <Button size="md" loading={busy} disabled={ticked.length === 0 || listed === undefined} onClick={() => { run(); }}>
              {t('lines.add', { count: ticked.length })}
            </Button>
          </>
        }
      >
        {error === undefined ? null : (
          <Note tone="danger" role="alert" title={errorText(error).title}>
            {errorText(error).text}
          </Note>
        )}
        <SearchField value={search} label={t(`${kind}.search`)} placeholder={t('searchHint')} onChange={setSearch} />
        <QueryBoundary query={found} queryKey={options.queryKey} title={t('failed')}>
          {(page) => (
            <>
              <ul className={styles.choices} aria-label={t(`${kind}.title`)}>
                {page.results.map((entry) => {
                  const there = listed?.includes(entry.id) ?? false;
                  return (
                    <li key={entry.id} className={styles.choice}>
                      <Checkbox
                        label={`${entry.code} · ${entry.name}`}
                        description={there ? t('lines.there') : priceText(formats, entry.price)}
                        disabled={there}
                        checked={there || ticked.includes(entry.uuid)}
                        onChange={(event) => {
                          const { checked } = event.currentTarget;
                          setTicked((now) => (checked ? [...now, entry.uuid] : now.filter((uuid) => uuid !== entry.uuid)));
                        }}
                      />
                    </li>
                  );
                })}
              </ul>
              {page.count > page.results.length ? <p className={styles.more}>{t('lines.more', { count: page.count - page.results.length })}</p> : null}
              {page.count === 0 ? <p className={styles.more}>{t('ui:list.noMatchSearch', { search })}</p> : null}
            </>
          )}
        </QueryBoundary>
      </SidePanel>
      <UnsavedGuard dirty={ticked.length > 0 && !busy} />
    </>
  );
}
