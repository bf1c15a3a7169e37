import { expect, test } from 'vitest';
import { isRealDate, latestToday } from '../../src/tracker/dates.js';

const two = (value: number) => String(value).padStart(2, '0');

test('a date is real exactly when the calendar has it', () => {
  for (const year of ['0001', '1900', '1999', '2000', '2023', '2024', '9999'])
    for (let month = 0; month <= 13; month++)
      for (let day = 0; day <= 32; day++) {
        const text = `${year}-${two(month)}-${two(day)}`;
        const time = Date.parse(`${text}T00:00:00Z`);
        const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
        expect(isRealDate(text), text).toBe(exists);
      }
});

test.for([
  '0000-01-01',
  '2024-1-01',
  '2024-01-011',
  '2024/01-01',
  '2024-01/01',
  '2024-0a-01',
  '20 4-01-01',
  '2024-01-0:',
  '2024-01-/1',
  '',
])('"%s" is no date', text => expect(isRealDate(text)).toBe(false));

test('today lasts until it ends in the last place on earth that begins it', () => {
  expect(latestToday(new Date('2026-03-01T09:59:59Z'))).toBe('2026-03-01');
  expect(latestToday(new Date('2026-03-01T10:00:00Z'))).toBe('2026-03-02');
});
