/** A bucket that holds `burst` and refills by `perSecond`. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Takes one for this caller; returns 0, or in how many whole seconds to ask again (and takes nothing). */
export type Limiter = (caller: string) => number;

interface Bucket {
  level: number;
  at: number;
}

/** `each` holds for every caller by itself, `all` for all callers together. `now` is in milliseconds. */
export function createLimiter(each: Rate, all: Rate, now = () => performance.now()): Limiter {
  const together: Bucket = { level: all.burst, at: now() };
  const buckets = new Map<string, Bucket>();
  return caller => {
    const own = buckets.get(caller) ?? { level: each.burst, at: now() };
    buckets.set(caller, own);
    const wait = Math.max(refill(own, each, now()), refill(together, all, now()));
    if (wait > 0) return Math.ceil(wait);
    own.level -= 1;
    together.level -= 1;
    return 0;
  };
}

/** Seconds until the bucket holds one. */
function refill(bucket: Bucket, { perSecond, burst }: Rate, at: number): number {
  bucket.level = Math.min(burst, bucket.level + ((at - bucket.at) / 1000) * perSecond);
  bucket.at = at;
  return Math.max(0, (1 - bucket.level) / perSecond);
}
