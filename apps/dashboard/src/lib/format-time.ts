/**
 * Times and durations as people read them: `41 s`, `1 min 12 s`, `14:02`, `3 Nov`. Pure; "now" is always the server's.
 */
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockWithSeconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayAndMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
const exact = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** A measured length: `41 s`, `1 min 12 s`, `2 h 5 min`. Below half a second it is `under 1 s`. */
export function formatDuration(ms: number): string {
  if (ms < second / 2) return 'under 1 s';
  const seconds = Math.round(ms / second);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return join(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** How long ago, in one unit: `12 s`, `4 min`, `3 h`, `2 days`. A time in the future counts as now. */
export function formatAge(at: number, now: number): string {
  const ms = Math.max(0, now - at);
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  if (ms < day) return `${Math.floor(ms / hour)} h`;
  const days = Math.floor(ms / day);
  return days === 1 ? '1 day' : `${days} days`;
}

/** A moment without its year: `14:02` on the same day, else `3 Nov, 14:02`. */
export function formatMoment(at: number, now: number): string {
  const time = clock.format(at);
  return dayAndMonth.format(at) === dayAndMonth.format(now) ? time : `${dayAndMonth.format(at)}, ${time}`;
}

/** `3 Nov` */
export function formatDay(at: number): string {
  return dayAndMonth.format(at);
}

/** `14:02` */
export function formatClock(at: number): string {
  return clock.format(at);
}

/** `14:02:41` */
export function formatClockExact(at: number): string {
  return clockWithSeconds.format(at);
}

/** The whole truth: `3 Nov 2026, 14:02:41`. */
export function formatExact(at: number): string {
  return exact.format(at);
}

/** Heading of a day in a feed: `Today`, `Yesterday`, `Monday 2 November`. */
export function formatDayHeading(at: number, now: number): string {
  if (formatDay(at) === formatDay(now)) return 'Today';
  if (formatDay(at) === formatDay(now - day)) return 'Yesterday';
  return weekday.format(at);
}

/** `about 4 min left`, `under a minute left`; rounded up, so that the estimate does not end before the work. */
export function formatTimeLeft(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 1 ? 'under a minute left' : `about ${minutes} min left`;
}

function join(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}
