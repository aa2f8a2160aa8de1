/** The slug of a reference number: `KEN/2026/118/TPM` is `ken-2026-118-tpm`. */
export function slugOf(reference: string): string {
  return reference.toLowerCase().replaceAll('/', '-');
}

/** The id in a reference of an address, an id or a slugged reference number; undefined when it is neither. */
export function idOf(ref: string): number | undefined {
  const digits = /^\d{1,15}$/.exec(ref)?.[0] ?? /^[a-z]*-\d{4}-(\d{1,15})-tpm$/i.exec(ref)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A visit as its addresses know it. */
interface Addressed {
  reference_number: string;
}

function visit(ws: string, ref: string | Addressed): string {
  return `/${ws}/visits/${typeof ref === 'string' ? ref : slugOf(ref.reference_number)}`;
}

function firm(ws: string, id: number): string {
  return `/${ws}/firms/${id}`;
}

/** The addresses of this module's screens. A visit is named by its reference number, or by what stands in the address. */
export const paths = {
  visits: (ws: string, search: Readonly<Record<string, string>> = {}) => {
    const query = new URLSearchParams(search).toString().replaceAll('%2C', ',');
    return `/${ws}/visits${query === '' ? '' : `?${query}`}`;
  },
  newVisit: (ws: string) => `/${ws}/visits/new`,
  visit,
  edit: (ws: string, ref: string | Addressed) => `${visit(ws, ref)}/edit`,
  tasks: (ws: string, ref: string | Addressed) => `${visit(ws, ref)}/tasks`,
  newTask: (ws: string, ref: string | Addressed, copyOf?: number) => `${visit(ws, ref)}/tasks/new${copyOf === undefined ? '' : `?copy=${copyOf}`}`,
  task: (ws: string, ref: string | Addressed, task: number) => `${visit(ws, ref)}/tasks/${task}`,
  report: (ws: string, ref: string | Addressed) => `${visit(ws, ref)}/report`,
  documents: (ws: string, ref: string | Addressed) => `${visit(ws, ref)}/documents`,
  activity: (ws: string, ref: string | Addressed) => `${visit(ws, ref)}/activity`,
  firms: (ws: string) => `/${ws}/firms`,
  newFirm: (ws: string) => `/${ws}/firms/new`,
  firm,
  editFirm: (ws: string, id: number) => `${firm(ws, id)}/edit`,
  firmPeople: (ws: string, id: number) => `${firm(ws, id)}/people`,
  invite: (ws: string, id: number) => `${firm(ws, id)}/people/new`,
  firmVisits: (ws: string, id: number) => `${firm(ws, id)}/visits`,
  firmDocuments: (ws: string, id: number) => `${firm(ws, id)}/documents`,
};
