// The topology as a picture, from left to right: topics, source, processor, its stores and sinks, topics. A sink that
// writes to a topic that is read, as the clock ticks do, goes back below. Above the topic that is read are its partitions.
// On a phone the picture goes from top to bottom, as wide as the screen.

import {arrowHead, html, svg} from './dom.js';
import {count, rate} from './text.js';

const WIDTH = 184;
const HEIGHT = 46;
const GAP_X = 52;
const GAP_Y = 16;
const BELOW = 34;
const LETTER = 8.2;
const LINE = 17;
const MOST_LINES = 8;

/** From top to bottom: stores are on the left of the line from the processor, sinks and their topics on the right. */
const STORE_WIDTH = 108;
const GAP = 20;
const BESIDE = 14;

const phone = matchMedia('(max-width: 800px)');

export function topology({nodes, edges}, partitions) {
  const byName = new Map(nodes.map(node => [node.name, {...node, column: columnOf(node, edges)}]));
  const all = [...byName.values()];
  const lines = edges.map(({from, to}) => ({from: byName.get(from), to: byName.get(to)})).filter(({from, to}) => from && to);
  const columns = columnsOf(all, edges, byName);
  const lineCount = Math.min(partitions.length, MOST_LINES + 1);
  const {width, height, path} = phone.matches
    ? fromTopToBottom(columns, lines, lineCount)
    : fromLeftToRight(columns, lines, lineCount);
  return html('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Topology', 'data-key': 'topology'},
      svg('svg', {class: phone.matches ? 'topology down' : 'topology', viewBox: `-1 -1 ${width + 2} ${height + 2}`,
        role: 'img', 'aria-label': describe(lines)},
          arrowHead('head'),
          lines.map(line => svg('path',
              {class: 'edge', 'marker-end': line.to.type !== 'store' && 'url(#head)', d: path(line)})),
          all.map(node => box(node, isRead(node, edges) && partitions))));
}

/** The nodes of each column, from left to right. */
function columnsOf(all, edges, byName) {
  const columns = [];
  for (const node of all) {
    (columns[node.column] ??= []).push(node);
  }
  return columns.filter(Boolean)
    .map(column => column.sort((one, other) => rank(one, edges, byName) - rank(other, edges, byName)));
}

const goesBack = ({from, to}) => to.column <= from.column;

function fromLeftToRight(columns, lines, lineCount) {
  const most = Math.max(...columns.map(column => column.length));
  const tallest = Math.max(most * (HEIGHT + GAP_Y) - GAP_Y, HEIGHT + 2 * lineCount * LINE);
  columns.forEach((column, i) => {
    const top = (tallest - (column.length * (HEIGHT + GAP_Y) - GAP_Y)) / 2;
    column.forEach((node, j) => Object.assign(node, {x: i * (WIDTH + GAP_X), y: top + j * (HEIGHT + GAP_Y), width: WIDTH}));
  });
  const height = tallest + (lines.some(goesBack) ? BELOW : 0);
  const path = ({from, to}) => {
    const [x1, y1] = [from.x + WIDTH, from.y + HEIGHT / 2];
    const [x2, y2] = [to.x, to.y + HEIGHT / 2];
    if (goesBack({from, to})) {
      return `M${x1} ${y1}H${x1 + GAP_X / 3}V${height - 1}H${to.x + WIDTH / 2}V${to.y + HEIGHT + 2}`;
    }
    const middle = (x1 + x2) / 2;
    return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2 - 2} ${y2}`;
  };
  return {width: columns.length * (WIDTH + GAP_X) - GAP_X, height, path};
}

function fromTopToBottom(columns, lines, lineCount) {
  const middle = STORE_WIDTH + GAP / 2;
  const right = STORE_WIDTH + GAP;
  // The lines of the partitions are above the first box, with 10 between.
  let bottom = lineCount * LINE + 10;
  const placed = new Set();
  const place = (node, x, y, width = WIDTH) => {
    Object.assign(node, {x, y, width});
    placed.add(node);
    return y + HEIGHT + GAP_Y;
  };
  const all = columns.flat();
  for (const node of all.filter(({type, column}) => column < 3 && type !== 'store')) {
    bottom = place(node, middle - WIDTH / 2, bottom);
  }
  let [stores, sinks] = [bottom, bottom];
  for (const node of all) {
    if (node.type === 'store') {
      stores = place(node, 0, stores, STORE_WIDTH);
    } else if (!placed.has(node)) {
      sinks = place(node, right, sinks);
      for (const {to} of lines.filter(({from, to}) => from === node && !placed.has(to))) {
        sinks = place(to, right, sinks);
      }
    }
  }
  const width = right + WIDTH + BESIDE;
  const path = ({from, to}) => {
    const y = to.y + HEIGHT / 2;
    if (goesBack({from, to})) {
      return `M${from.x + from.width} ${from.y + HEIGHT / 2}H${width - 1}V${y}H${to.x + to.width + 2}`;
    }
    return to.x === from.x
      ? `M${from.x + from.width / 2} ${from.y + HEIGHT}V${to.y - 2}`
      : `M${middle} ${from.y + HEIGHT}V${y}H${to.type === 'store' ? to.x + to.width : to.x - 2}`;
  };
  return {width, height: Math.max(stores, sinks) - GAP_Y, path};
}

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
  const isBack = edges.some(({from, to}) => from === name && byName.get(to)?.column < column);
  return type === 'store' ? 0 : isBack ? 2 : 1;
}

function box({name, type, x, y, width}, read) {
  const letters = Math.floor(width / LETTER);
  const text = name.length <= letters ? name : name.slice(0, letters - 1) + '…';
  return svg('g', {class: `node ${type}`, 'data-key': `${type} ${name}`},
      svg('rect', {x, y, width, height: HEIGHT, rx: type === 'topic' ? 0 : type === 'store' ? HEIGHT / 2 : 6}),
      svg('text', {class: 'name', x: x + width / 2, y: y + 20, 'text-anchor': 'middle'}, text, svg('title', {}, name)),
      svg('text', {class: 'kind', x: x + width / 2, y: y + 36, 'text-anchor': 'middle'}, read ? load(read) : type),
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
