import type { Place, PlaceChoice, Staff } from './wire';

/** What a place is called, without its level and code. */
export function placeName({ name_display, admin_level_name, p_code }: Pick<Place | PlaceChoice, 'name_display' | 'admin_level_name' | 'p_code'>): string {
  const tail = ` (${admin_level_name}: ${p_code})`;
  return name_display.endsWith(tail) ? name_display.slice(0, -tail.length) : name_display;
}

/** What a person of a firm is called; the address when the name is not known. */
export function staffName({ full_name, email }: Pick<Staff, 'full_name' | 'email'>): string {
  return full_name.trim() || email;
}

/** The number of a task by its place in the visit: `0003`. */
export function taskNumber(index: number): string {
  return String(index + 1).padStart(4, '0');
}
