// The topology as a picture, from left to right: topics, source, processor, its stores and sinks, topics. A sink that
// writes to a topic that is read, as the clock ticks do, goes back below. Above the topic that is read are its partitions.

import {arrowHead, html, svg} from './dom.js';
import {count, rate} from './text.js';

const WIDTH = 184;
const HEIGHT = 46;
const GAP_X = 52;
const GAP_Y = 16;
const BELOW = 34;
const LETTERS = 22;
const LINE = 17;
const MOST_LINES = 8;

export function topology({nodes, edges}, partitions) {
  const byName = new Map(nodes.map(node => [node.name, {...node, column: columnOf(node, edges)}]));
  const columns = new Map();
  for (const node of byName.values()) {
    columns.set(node.column, [...(columns.get(node.column) ?? []), node]);
  }
  const lineCount = Math.min(partitions.length, MOST_LINES + 1);
  const tallest = Math.max(heightOf(columns), HEIGHT + 2 * lineCount * LINE);
  [...columns.keys()].sort((one, other) => one - other).forEach((column, i) => {
    const all = columns.get(column).sort((one, other) => rank(one, edges, byName) - rank(other, edges, byName));
    const top = (tallest - (all.length * (HEIGHT + GAP_Y) - GAP_Y)) / 2;
    all.forEach((node, j) => Object.assign(node, {x: i * (WIDTH + GAP_X), y: top + j * (HEIGHT + GAP_Y)}));
  });
  const lines = edges.map(({from, to}) => ({from: byName.get(from), to: byName.get(to)})).filter(({from, to}) => from && to);
  const back = lines.some(({from, to}) => to.column <= from.column);
  const width = columns.size * (WIDTH + GAP_X) - GAP_X;
  const height = tallest + (back ? BELOW : 0);
  return html('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Topology', 'data-key': 'topology'},
      svg('svg', {class: 'topology', viewBox: `-1 -1 ${width + 2} ${height + 2}`, role: 'img', 'aria-label': describe(lines)},
          arrowHead('head'),
          lines.map(line => edge(line, height)),
          [...byName.values()].map(node => box(node, isRead(node, edges) && partitions))));
}

const heightOf = columns => Math.max(...[...columns.values()].map(column => column.length)) * (HEIGHT + GAP_Y) - GAP_Y;

/** A partition that is so far behind is shown in red: its ends are late by that. */
export const BEHIND_MS = 1000;

const isRead = (node, edges) => node.type === 'topic' && edges.some(({from}) => from === node.name);

/** Topics that are read come first, those that are only written last. */
function columnOf(node, edges) {
  switch (node.type) {
    case 'topic':
      return isRead(node, edges) ? 0 : 4;
    case 'source':
      return 1;
    case 'processor':
      return 2;
    default:
      return 3;
  }
}

/** In a column: stores, then sinks, and last those that go back, so that their way crosses no other. */
function rank({name, type, column}, edges, byName) {
  const goesBack = edges.some(({from, to}) => from === name && byName.get(to)?.column < column);
  return type === 'store' ? 0 : goesBack ? 2 : 1;
}

function edge({from, to}, bottom) {
  const start = {x: from.x + WIDTH, y: from.y + HEIGHT / 2};
  const end = {x: to.x, y: to.y + HEIGHT / 2};
  if (to.column <= from.column) {
    const [right, low, left] = [start.x + GAP_X / 3, bottom - 1, to.x + WIDTH / 2];
    return svg('path', {class: 'edge', 'marker-end': 'url(#head)',
      d: `M${start.x} ${start.y}H${right}V${low}H${left}V${to.y + HEIGHT + 2}`});
  }
  const middle = (start.x + end.x) / 2;
  return svg('path', {class: 'edge', 'marker-end': to.type !== 'store' && 'url(#head)',
    d: `M${start.x} ${start.y}C${middle} ${start.y} ${middle} ${end.y} ${end.x - 2} ${end.y}`});
}

function box({name, type, x, y}, read) {
  const text = name.length <= LETTERS ? name : name.slice(0, LETTERS - 1) + '…';
  return svg('g', {class: `node ${type}`, 'data-key': `${type} ${name}`},
      svg('rect', {x, y, width: WIDTH, height: HEIGHT, rx: type === 'topic' ? 0 : type === 'store' ? HEIGHT / 2 : 6}),
      svg('text', {class: 'name', x: x + WIDTH / 2, y: y + 20, 'text-anchor': 'middle'}, text, svg('title', {}, name)),
      svg('text', {class: 'kind', x: x + WIDTH / 2, y: y + 36, 'text-anchor': 'middle'}, read ? load(read) : type),
      read && read.slice(0, MOST_LINES + 1).map((partition, i, all) => svg('text',
          {class: partition.lagMs >= BEHIND_MS ? 'kind behind' : 'kind', x, y: y - 10 - (all.length - 1 - i) * LINE},
          i < MOST_LINES
            ? `${partition.partition}: ${load([partition])}`
            : `and ${count(read.length - MOST_LINES)} more below`)));
}

/** The rate and the lag of partitions, as far as they are known. */
export function load(partitions, unit = '') {
  const sum = field => partitions.map(each => each[field]).filter(value => value !== undefined)
    .reduce((total, each) => (total ?? 0) + each, undefined);
  const [perSecond, behind] = [sum('rate'), sum('lagRecords')];
  const lag = behind === undefined ? 'lag unknown' : behind === 0 ? 'up to date' : `${count(behind)}${unit} behind`;
  return perSecond === undefined ? 'unknown' : `${rate(perSecond)}, ${lag}`;
}

function describe(lines) {
  return 'Topology: ' + lines.map(({from, to}) => `${from.type} ${from.name} to ${to.type} ${to.name}`).join('; ');
}
