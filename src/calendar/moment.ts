const MOMENT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/** Whether a text `2026-01-31` is a day. To a `Date`, 31 February is in March. */
export function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/**
 * The milliseconds since 1970 of a day, or of a day and a time, in UTC unless it says otherwise: `2026-01-31`,
 * `2026-01-31T12:00Z`, `2026-01-31T12:00:00.5+02:00`. Undefined for anything else, also for what only looks like one.
 */
export function parseMoment(text: string): number | undefined {
  if (!MOMENT.test(text) || !isDay(text.slice(0, 10))) return undefined;
  const moment = Date.parse(/T(?!.*(?:Z|[+-]\d\d:\d\d)$)/.test(text) ? `${text}Z` : text);
  return Number.isNaN(moment) ? undefined : moment;
}
