// Times, durations and numbers for people, as the report of a back-test writes them; and words for labels.

const NO_BREAK = '\u00a0';
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far the server's clock is ahead of performance.now(). The clock of this computer decides nothing. */
let ahead;

/** Sets the clock by the stream of the server. */
export function setClock(now) {
  ahead = Date.parse(now) - performance.now();
}

/** Sets the clock by an answer, until the stream does: an answer can be older. */
export function startClock(now) {
  if (ahead === undefined) {
    setClock(now);
  }
}

/** The time of the server in milliseconds, or NaN before its first answer. */
export const now = () => ahead + performance.now();

/** 2026-03-02 09:15:00 */
export function time(iso) {
  return iso === undefined ? '–' : date(iso) + ' ' + clock(iso);
}

/** 09:15:00; on another day than the server's, with the date. */
export function shortTime(iso) {
  return iso === undefined || date(iso) !== date(now()) ? time(iso) : clock(iso);
}

function isoOf(moment) {
  const parsed = new Date(moment);
  return Number.isNaN(parsed.getTime()) ? undefined : parsed.toISOString();
}

const date = moment => isoOf(moment)?.slice(0, 10) ?? '–';
export const clock = moment => isoOf(moment)?.slice(11, 19) ?? '–';
export const monthDay = moment => isoOf(moment)?.slice(5, 10) ?? '–';

/** 140 ms, 8 s, 2 min 5 s, 3 h 20 min, 4 d 2 h */
export function duration(ms) {
  if (!(Math.abs(ms) >= 0)) {
    return '–';
  }
  if (ms < 0) {
    return '-' + duration(-ms);
  }
  if (ms > 0 && ms < SECOND) {
    return Math.round(ms) + NO_BREAK + 'ms';
  }
  const seconds = Math.floor(ms / SECOND);
  if (ms < MINUTE) {
    return seconds + NO_BREAK + 's';
  }
  if (ms < HOUR) {
    return two(seconds / 60, 'min', seconds % 60, 's');
  }
  const minutes = Math.floor(ms / MINUTE);
  return ms < DAY
    ? two(minutes / 60, 'h', minutes % 60, 'min')
    : two(minutes / (24 * 60), 'd', minutes / 60 % 24, 'h');
}

function two(large, largeUnit, small, smallUnit) {
  const rest = Math.floor(small);
  return Math.floor(large) + NO_BREAK + largeUnit + (rest === 0 ? '' : NO_BREAK + rest + NO_BREAK + smallUnit);
}

/** How long ago a time was. */
export function age(iso) {
  return iso === undefined ? '–' : duration(Math.max(0, Math.floor((now() - Date.parse(iso)) / SECOND) * SECOND));
}

/** How long until a deadline. After it, the end waits for the log: for the next record or clock tick. */
export function countdown(deadline) {
  const left = Date.parse(deadline) - now();
  return left > 0 ? 'in' + NO_BREAK + duration(Math.ceil(left / SECOND) * SECOND) : 'any moment';
}

export const count = number => number === undefined ? '–' : number.toLocaleString('en-US');

/** 1 handover, 2 handovers */
export const counted = (number, noun) => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;

export const rate = perSecond => perSecond === undefined ? '–' : perSecond.toFixed(1) + '/s';

const READINGS = {
  'customer-gone': 'the customer left',
  'served': 'an agent is there',
  'waiting': 'waits in a queue',
  'in-flow': 'a flow has it',
  'moving-on': 'moves on',
  'flow-disconnected': 'a flow disconnected it',
  'queue-abandoned': 'left the queue unanswered',
  'wrapped-up': 'all left, and wrapped up',
  'agent-left': 'all left, no acw yet',
  'acw-alone': 'acw without user.end',
  'customer-awaited': 'waits for customer.end',
  'nobody': 'no event says who has it',
};

/** The words of a reading; of an unknown one, its label. */
export const reading = label => READINGS[label?.toLowerCase().replaceAll('_', '-')] ?? label ?? '–';
