/** What stands in a form after the record was read again: what was typed stays, and all else is as the others left it. */
export function rebased<Form extends object>(before: Form, typed: Form, newest: Form): Form {
  const names = Object.keys(newest) as (keyof Form)[]; // a form has all of its fields at all times
  const kept = names.filter((name) => JSON.stringify(typed[name]) !== JSON.stringify(before[name]));
  return Object.assign({}, newest, Object.fromEntries(kept.map((name) => [name, typed[name]])));
}
