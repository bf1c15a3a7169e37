import { isDigit } from './block-starts.js';

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const HOURS_AHEAD_OF_UTC = 14;

/** Whether `text` is `YYYY-MM-DD` and that day exists. */
export function isRealDate(text: string): boolean {
  if (text.length !== 10 || text.charAt(4) !== '-' || text.charAt(7) !== '-') return false;
  const year = numberAt(text, 0, 4);
  const month = numberAt(text, 5, 7);
  const day = numberAt(text, 8, 10);
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  return day <= (month === 2 && isLeap(year) ? 29 : (DAYS[month - 1] ?? 0));
}

export function utcDate(now: Date): string {
  return now.toISOString().slice(0, 10);
}

/** The latest date that is today somewhere on earth; what is later lies in the future for everybody. */
export function latestToday(now: Date): string {
  return utcDate(new Date(now.getTime() + HOURS_AHEAD_OF_UTC * 3_600_000));
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function numberAt(text: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (!isDigit(code)) return -1;
    value = value * 10 + code - 48;
  }
  return value;
}
