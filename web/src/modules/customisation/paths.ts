/** The addresses of this module's screens. */
export const paths = {
  fields: (ws: string, type = '') => `/${ws}/admin/fields${type === '' ? '' : `/${type}`}`,
  newField: (ws: string, type: string) => `/${ws}/admin/fields/${type}/new`,
  field: (ws: string, type: string, id: number) => `/${ws}/admin/fields/${type}/further/${id}`,
  control: (ws: string, type: string, name: string) => `/${ws}/admin/fields/${type}/field/${name}`,
};
