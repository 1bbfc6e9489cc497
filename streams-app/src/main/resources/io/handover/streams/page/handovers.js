// What is open and what is held now.

import {get} from './api.js';
import {agent, asOf, conversationLink, html, row, svg, table} from './dom.js';
import {age, count, counted, countdown, reading, shortTime, startClock} from './text.js';

const PAGE = 50;
/** Stands for an instance where partitions move, and nobody processes them. */
const UNASSIGNED = 'unassigned';

export const title = () => 'Now';

/** The stream has the counts, too, and newer ones. */
export async function read({query}, latest) {
  const [counts, held, open] = await Promise.all(
    [latest.counts ?? get('handovers/counts'), get(list('held', query)), get(list('open', query))]);
  startClock(open.now);
  return {counts, held, open};
}

function list(name, query) {
  const after = query.get(name);
  return `handovers/${name}?limit=${PAGE}${after ? '&after=' + encodeURIComponent(after) : ''}`;
}

export function draw({counts, held, open}, latest, {query}) {
  const newest = latest.counts ?? counts;
  return html('div', {class: 'handovers'},
      html('h1', {}, 'Open handovers'),
      asOf(newest.now, held.now, open.now),
      figures(newest),
      missing(newest.unreachable),
      html('section', {'aria-labelledby': 'held-title'},
          html('h2', {id: 'held-title'}, 'Held'),
          html('p', {class: 'about'}, 'The end is concluded and waits for its deadline. An event can still refute it.'),
          table('Held ends, the next first',
              ['Ends', 'Reason', 'Conversation', 'Agent', 'Handover', 'Opened', 'Partition'],
              held.items.map(heldRow), {key: 'held', empty: 'No end is held.'}),
          pages('held', held, query)),
      html('section', {'aria-labelledby': 'open-title'},
          html('h2', {id: 'open-title'}, 'Open'),
          table('Open handovers, the oldest first',
              ['Age', 'Reading', 'Conversation', 'Agent', 'Handover', 'Last event', 'Partition'],
              open.items.map(openRow), {key: 'open', empty: 'No handover is open.'}),
          pages('open', open, query)));
}

function figures({open, held = {}, readings = {}}) {
  return html('div', {class: 'figures'},
      figure('open', open),
      figure('held', sum(held)),
      bars('Held, by reason', held, reason => reason),
      bars('Readings', readings, reading));
}

const sum = numbers => Object.values(numbers).reduce((total, each) => total + each, 0);

function figure(name, number) {
  return html('p', {class: 'figure', 'data-key': name}, html('strong', {}, count(number)), ` ${name}`);
}

/** Numbers with bars beside them; the longest bar is the largest number. */
function bars(title, numbers, nameOf) {
  const sorted = Object.entries(numbers).filter(([, many]) => many > 0).sort((one, other) => other[1] - one[1]);
  const most = sorted[0]?.[1];
  return sorted.length > 0 && html('table', {class: 'bars', 'data-key': title},
      html('caption', {}, title),
      html('tbody', {}, sorted.map(([label, many]) => row(label, nameOf(label), count(many),
          svg('svg', {width: 120, height: 10, 'aria-hidden': 'true'},
              svg('rect', {class: 'amount', width: `${100 * many / most}%`, height: 10}))))));
}

function heldRow(item) {
  return row(item.conversationId, html('strong', {class: 'countdown'}, countdown(item.deadline)), item.reason,
      conversationLink(item.conversationId), agentOf(item), count(item.cycle), shortTime(item.openedAt),
      count(item.partition));
}

function openRow(item) {
  return row(item.conversationId, age(item.openedAt),
      [reading(item.reading), item.held && html('div', {class: 'countdown'}, `ends ${countdown(item.held.deadline)}`)],
      conversationLink(item.conversationId), agentOf(item), count(item.cycle), age(item.lastEventAt) + ' ago',
      count(item.partition));
}

const agentOf = item => item.agentId || item.name ? agent(item) : '–';

/** Pages are links, so that the browser's back button goes back. */
function pages(name, {next}, query) {
  const link = (text, cursor) => {
    const other = new URLSearchParams(query);
    cursor ? other.set(name, cursor) : other.delete(name);
    return html('a', {href: `#/?${other}`}, text);
  };
  return (next || query.has(name)) && html('nav', {class: 'pages', 'aria-label': `Pages of ${name}`, 'data-key': `pages-${name}`},
      query.has(name) && link('First page', undefined),
      next && link(`Next ${PAGE}`, next));
}

/** Says what is missing here because an instance does not answer, or does not answer for all of its partitions yet. */
export function missing(unreachable = []) {
  return unreachable.map(({instance, partitions = []}) => html('p', {class: 'problem', 'data-key': `missing-${instance}`},
      instance === UNASSIGNED ? 'Nobody answers' : [html('bdi', {}, instance), ' does not answer'],
      partitions.length > 0 && ` for ${counted(partitions.length, 'partition')}, missing here: ${partitions.join(', ')}`,
      '.'));
}
