// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { changedFields, emptyTask, isNeeded, missingFields, needsAgreement, newTaskInput, sameTask, taskInput, type TaskRules, valuesOf } from './taskValues';
import { someTask } from './testing';

const base = valuesOf(someTask());

describe('a task as its form', () => {
  test('says what the task says', () => {
    expect(base).toEqual({
      partner: '2',
      agreement: null,
      output: null,
      section: '1',
      date: '2026-12-01',
      places: [{ id: 12, name: 'Lodwar' }],
      focalPoints: [{ id: 3, name: 'Daniel Cheruiyot' }],
      offices: ['1'],
      information: '',
      extensions: {},
    });
  });

  test('the order of chosen things is no change', () => {
    const two = { ...base, offices: ['1', '2'], places: [...base.places, { id: 5, name: 'Kitui' }] };
    const turned = { ...two, offices: ['2', '1'], places: [...two.places].reverse() };
    expect(changedFields(two, turned)).toEqual([]);
    expect(changedFields(base, two)).toEqual(['places', 'offices']);
  });
});

describe('what is sent', () => {
  test('only what changed, so that what others wrote elsewhere stays', () => {
    expect(taskInput(base, { ...base, information: 'Bring boots' })).toEqual({ additional_information: 'Bring boots' });
    expect(taskInput(base, base)).toEqual({});
  });

  test('partner, agreement and output go together: alone, a partner would reset the agreement', () => {
    expect(taskInput(base, { ...base, output: '9' })).toEqual({ partner: 2, intervention: null, cp_output: 9 });
  });

  test('an emptied choice is sent as empty', () => {
    expect(taskInput({ ...base, output: '9' }, base)).toEqual({ partner: 2, intervention: null, cp_output: null });
    expect(taskInput({ ...base, information: 'x' }, base)).toEqual({ additional_information: '' });
  });

  test('of what administrators added, what changed, and nothing clears', () => {
    const rainy = { ...base, extensions: { rain: true, households: 3 } };
    expect(sameTask(base, { ...base, extensions: { rain: null } })).toBe(true);
    expect(sameTask(base, rainy)).toBe(false);
    expect(taskInput(rainy, { ...rainy, extensions: { rain: true, households: '' } })).toEqual({ extensions: { households: null } });
    expect(newTaskInput(rainy).extensions).toEqual({ rain: true, households: 3 });
    expect(newTaskInput(base)).not.toHaveProperty('extensions');
  });

  test('a new task is sent whole', () => {
    expect(newTaskInput(base)).toEqual({
      partner: 2,
      intervention: null,
      cp_output: null,
      section: 1,
      date: '2026-12-01',
      locations: [12],
      unicef_focal_points: [3],
      offices: [1],
      additional_information: '',
    });
  });
});

describe('what is missing', () => {
  const rules: TaskRules = { offers: () => true, requires: () => false };

  test('what an administrator requires, and nothing that is hidden', () => {
    const own: TaskRules = { offers: (field) => field !== 'offices', requires: (field) => field === 'information' };
    expect(missingFields({ ...base, offices: [] }, false, own)).toEqual(['information']);
    expect(isNeeded('information', false, own)).toBe(true);
    expect(isNeeded('information', false, rules)).toBe(false);
  });

  test('a blank form misses all that is required, but not yet the agreement of an unknown partner', () => {
    expect(missingFields(emptyTask, true, rules)).toEqual(['partner', 'section', 'date', 'places', 'focalPoints', 'offices']);
  });

  test('the agreement, where the partner works under one', () => {
    expect(missingFields(base, true, rules)).toEqual(['agreement']);
    expect(missingFields(base, false, rules)).toEqual([]);
  });

  test.each([
    ['Government', false],
    ['Bilateral / Multilateral', false],
    ['Civil Society Organization', true],
    [null, true],
  ])('a partner of type %s', (type, needed) => {
    expect(needsAgreement(type)).toBe(needed);
  });
});
