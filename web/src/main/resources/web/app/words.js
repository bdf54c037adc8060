/** Times and numbers as a person reads them, in the browser's language where that says more. */

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const DAY_OF_YEAR = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });

const DAY_MS = 86_400_000;

/** @param {number} time */
export const clockTime = (time) => CLOCK.format(time);

/** @param {number} time */
export const exactTime = (time) => EXACT.format(time);

/** The start of the day a moment falls in, here. @param {number} time */
export function dayOf(time) {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** @param {number} day @param {number} now */
export function dayName(day, now) {
  const today = dayOf(now);
  if (day === today) {
    return 'Today';
  }
  if (day === dayOf(today - DAY_MS / 2)) {
    return 'Yesterday';
  }
  return (today - day < 300 * DAY_MS ? DAY : DAY_OF_YEAR).format(day);
}

/** @param {number} time @param {number} now */
export function ago(time, now) {
  const seconds = Math.max(0, Math.round((now - time) / 1000));
  if (seconds < 60) {
    return 'just now';
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ago`;
  }
  if (seconds < 86_400) {
    return `${Math.floor(seconds / 3600)} h ago`;
  }
  return dayName(dayOf(time), now);
}

/** @param {number} count @param {string} one @param {string} [many] */
export function counted(count, one, many = `${one}s`) {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

/** A badge never grows beyond two digits. @param {number} count */
export const badge = (count) => (count > 99 ? '99+' : String(count));

/** "Mina is typing", "Mina and Jun are typing", "3 people are typing". @param {string[]} names */
export function typingLine(names) {
  if (names.length === 0) {
    return '';
  }
  if (names.length === 1) {
    return `${names[0]} is typing…`;
  }
  if (names.length === 2) {
    return `${names[0]} and ${names[1]} are typing…`;
  }
  return `${names.length} people are typing…`;
}

/**
 * What to tell a person about a failure: the service's own sentence where it wrote one.
 *
 * @param {any} error
 */
export function failureText(error) {
  return (
    {
      'no-answer': 'No answer came. Try again.',
      'not-sent': 'It could not be sent. Try again.',
    }[error?.code] ??
    error?.message ??
    'Something went wrong.'
  );
}
