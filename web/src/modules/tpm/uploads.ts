import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useReducer, useRef } from 'react';
import { ApiError } from '../../api/ApiError';
import { newKey } from '../../api/client';
import { useWorkspace } from '../../kit/useWorkspace';
import { dependentKeys, type Holder } from './documentHolder';
import { type DocumentList, documentKeys, documentsPath, type Documents, type StoredDocument } from './documentQueries';
import { uploadFile } from './uploadFile';

/** The place a file goes to: a list of the holder, and a task in the lists of tasks. */
export interface Shelf {
  list: DocumentList;
  task?: number;
}

/** Why a file is not even sent. */
export type Refusal = 'empty' | 'large' | 'duplicate' | 'program';

/** A file on its way. What has arrived is among the documents, and here no more. */
export interface Upload extends Shelf {
  key: string;
  file: File;
  type: number;
  state: 'waiting' | 'sending' | 'failed' | 'refused';
  /** How much of it is there, 0 to 1. */
  sent: number;
  refusal?: Refusal;
  error?: unknown;
}

type Step = { do: 'add'; uploads: Upload[] } | { do: 'change'; key: string; to: Partial<Upload> } | { do: 'drop'; key: string };

function step(uploads: readonly Upload[], action: Step): readonly Upload[] {
  if (action.do === 'add') return [...uploads, ...action.uploads];
  if (action.do === 'drop') return uploads.filter(({ key }) => key !== action.key);
  return uploads.map((upload) => (upload.key === action.key ? { ...upload, ...action.to } : upload));
}

/** So many files are sent at a time: a slow line carries two better than ten. */
const lanes = 2;

const program = /\.(exe|msi|msp|dll|scr|com|cpl|lnk|apk)$/i;

/** Tells why a file cannot be sent to a shelf on which there are files of these names; no file may be larger than `most` bytes, where that is known. */
export function refusalOf(file: Pick<File, 'name' | 'size'>, names: ReadonlySet<string>, most = Infinity): Refusal | undefined {
  if (file.size === 0) return 'empty';
  if (file.size > most) return 'large';
  if (program.test(file.name)) return 'program';
  return names.has(file.name) ? 'duplicate' : undefined;
}

/** Whether two places for files are the same. */
export function sameShelf(a: Shelf, b: Shelf): boolean {
  return a.list === b.list && a.task === b.task;
}

/** Sends files to the shelves of a holder, two at a time, each with its progress; they can be taken back and tried again. Leaving the page takes all back. */
export function useUploads({ kind, id }: Pick<Holder, 'kind' | 'id'>) {
  const ws = useWorkspace();
  const client = useQueryClient();
  const [uploads, change] = useReducer(step, []);
  const running = useRef(new Map<string, AbortController>());
  const attempts = useRef(new Map<string, string>());

  const begin = useCallback(
    async (upload: Upload) => {
      const holder = { kind, id };
      const control = new AbortController();
      running.current.set(upload.key, control);
      const idempotencyKey = attempts.current.get(upload.key) ?? newKey();
      attempts.current.set(upload.key, idempotencyKey);
      change({ do: 'change', key: upload.key, to: { state: 'sending', sent: 0 } });
      try {
        const fields = { file_type: upload.type, ...(upload.task === undefined ? {} : { object_id: upload.task }) };
        const stored = await uploadFile<StoredDocument>(
          { path: documentsPath(holder, upload.list), workspace: ws, file: upload.file, fields, idempotencyKey },
          (sent) => {
            change({ do: 'change', key: upload.key, to: { sent } });
          },
          control.signal,
        );
        client.setQueriesData<Documents | null>({ queryKey: documentKeys.list(ws, holder, upload.list) }, (known) => known && { ...known, documents: [...known.documents.filter((one) => one.id !== stored.id), stored] });
        change({ do: 'drop', key: upload.key });
        for (const queryKey of dependentKeys(ws, holder)) void client.invalidateQueries({ queryKey });
      } catch (error) {
        if (control.signal.aborted) return;
        // Without an answer the file may have arrived: the same key keeps it from being stored twice.
        if (!(error instanceof ApiError && error.status === 0)) attempts.current.delete(upload.key);
        change({ do: 'change', key: upload.key, to: { state: 'failed', error } });
      } finally {
        running.current.delete(upload.key);
      }
    },
    [client, kind, id, ws],
  );

  useEffect(() => {
    const sending = uploads.filter(({ state }) => state === 'sending').length;
    for (const upload of uploads.filter(({ state, key }) => state === 'waiting' && !running.current.has(key)).slice(0, Math.max(0, lanes - sending))) void begin(upload);
  }, [begin, uploads]);

  useEffect(() => {
    const under = running.current;
    return () => {
      for (const control of under.values()) control.abort();
    };
  }, []);

  /** Sends files to a shelf; `names` are those of the files that are there, and none may be larger than `most` bytes. */
  function add(shelf: Shelf, files: readonly File[], typeOf: (file: File) => number, names: Iterable<string>, most?: number): void {
    const taken = new Set([...names, ...uploads.filter((upload) => sameShelf(upload, shelf)).map(({ file }) => file.name)]);
    const more = files.map((file): Upload => {
      const refusal = refusalOf(file, taken, most);
      taken.add(file.name);
      return { ...shelf, key: newKey(), file, type: typeOf(file), sent: 0, ...(refusal ? { state: 'refused', refusal } : { state: 'waiting' }) };
    });
    change({ do: 'add', uploads: more });
  }

  function drop(key: string): void {
    running.current.get(key)?.abort();
    change({ do: 'drop', key });
  }

  function retry(key: string): void {
    change({ do: 'change', key, to: { state: 'waiting', error: undefined } });
  }

  return { uploads, add, drop, retry, underWay: uploads.some(({ state }) => state === 'waiting' || state === 'sending' || state === 'failed') };
}

/** What `useUploads` gives. */
export type Uploads = ReturnType<typeof useUploads>;
