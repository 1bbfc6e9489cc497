// The life of one handover as a picture: flows, queues and agents as lanes, the hold, and the commands. The places are
// percentages, so that the picture is as wide as the window lets it be and its texts keep their size.

import {agent, arrowHead, html, svg} from './dom.js';
import {clock, countdown, duration, monthDay, now, shortTime} from './text.js';

const LANE = 40;
const BAR = 14;
const AXIS = 28;
const MARGIN = 0.03;
const DAY_MS = 86_400_000;
const STEPS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800]
  .map(seconds => seconds * 1000);
const MOST_TICKS = 5;
/** How far the times of two sessions that begin and end together may differ. */
const CLOCKS_MS = 1000;

export function timeline(conversation, cycle) {
  const life = lifeOf(conversation, cycle);
  if (life.times.length === 0) {
    return html('p', {class: 'none'}, 'No time of this handover is known.');
  }
  const scale = scaleOf(life);
  const height = life.lanes.length * LANE + AXIS;
  return html('figure', {class: 'timeline', 'data-key': `timeline-${cycle}`},
      html('ul', {class: 'lanes', 'aria-hidden': 'true'}, life.lanes.map(lane => html('li', {'data-key': lane.key}, lane.head))),
      svg('svg', {class: 'tracks', width: '100%', height, role: 'img', 'aria-label': describe(life)},
          arrowHead('arrow'),
          axis(scale, life.lanes.length * LANE),
          life.lanes.map((lane, i) => track(lane, i, scale)),
          life.moves.map(move => arrow(move, life, scale)),
          life.open && svg('line', {class: 'now', x1: scale.at(scale.now), x2: scale.at(scale.now), y1: 0, y2: height - AXIS})),
      legend(life));
}

function lifeOf(conversation, cycle) {
  const {open, held} = conversation;
  const current = cycle === conversation.cycle;
  const agents = (conversation.agents ?? []).filter(each => each.cycle === cycle);
  const queues = (conversation.queues ?? []).filter(each => each.cycle === cycle);
  const commands = (conversation.recent ?? []).flatMap(each => each.commands ?? []).filter(each => each.cycle === cycle);
  const times = [
    current && conversation.openedAt,
    ...agents.flatMap(each => [each.startedAt, each.leftAt, each.wrappedUpAt]),
    ...queues.flatMap(each => [each.enteredAt, each.leftAt]),
    ...commands.flatMap(each => [each.occurredAt, each.decidedAt]),
    current && open && held?.deadline,
  ].filter(Boolean).map(Date.parse);
  const isOpen = Boolean(current && open);
  const first = Math.min(...times);
  const last = Math.max(...times, ...(isOpen ? [now()] : []));
  // A flow does not say to which handover it belongs, but when it ran.
  const flows = (conversation.flows ?? [])
    .filter(each => Date.parse(each.startedAt ?? each.endedAt) <= last && (!each.endedAt || Date.parse(each.endedAt) >= first));
  return {
    times: [...times, ...flows.flatMap(each => [each.startedAt, each.endedAt]).filter(Boolean).map(Date.parse)],
    open: isOpen,
    end: last,
    lanes: lanesOf(flows, queues, agents, isOpen && held, commands),
    moves: movesOf(agents, queues, flows),
  };
}

function lanesOf(flows, queues, agents, held, commands) {
  const lanes = [];
  if (flows.length > 0) {
    lanes.push({key: 'flow', head: 'Flow', spans: flows.map(each =>
      ({kind: each.routing ? 'flow' : 'flow beside', from: each.startedAt, to: each.endedAt, word: each.exit, what: 'Flow'}))});
  }
  if (queues.length > 0) {
    lanes.push({key: 'queue', head: 'Queue', spans: queues.map(each =>
      ({kind: 'queue', from: each.enteredAt, to: each.leftAt, word: each.exit, what: 'Queue'}))});
  }
  for (const session of [...agents].sort((one, other) => startOf(one) - startOf(other))) {
    const key = agentKey(session);
    let lane = lanes.find(each => each.key === key);
    if (!lane) {
      lane = {key, head: agent(session), spans: []};
      lanes.push(lane);
    }
    const what = session.name ?? session.agentId ?? 'Agent';
    lane.spans.push({
      kind: session.departure === 'declined' ? 'declined' : 'agent',
      from: session.startedAt,
      to: session.leftAt ?? session.wrappedUpAt,
      word: session.departure,
      what,
    });
    if (session.leftAt && session.wrappedUpAt > session.leftAt) {
      lane.spans.push({kind: 'acw', from: session.leftAt, to: session.wrappedUpAt, what: `After-call work of ${what}`});
    }
  }
  if (held) {
    const from = held.evidence?.at(-1)?.eventTime ?? held.deadline;
    lanes.push({key: 'held', head: 'Held end', spans: [{kind: 'held', from, to: held.deadline, word: held.reason,
      what: 'Held end', label: `ends ${countdown(held.deadline)}`}]});
  }
  if (commands.length > 0) {
    lanes.push({key: 'commands', head: 'Commands', spans: [], points: commands});
  }
  return lanes;
}

const startOf = session => Date.parse(session.startedAt ?? session.leftAt ?? session.wrappedUpAt);
const agentKey = session => `agent ${session.agentId ?? session.sessionId}`;

/**
 * How the conversation moved: from who transferred it to whatever began next, and from a queue to the agent who answered,
 * who was alerted before.
 */
function movesOf(agents, queues, flows) {
  const begins = [
    ...agents.map(each => ({key: agentKey(each), agentId: each.agentId, at: Date.parse(each.startedAt)})),
    ...queues.map(each => ({key: 'queue', at: Date.parse(each.enteredAt)})),
  ].filter(({at}) => at).sort((one, other) => one.at - other.at);
  const answered = queues.filter(each => each.answeredBy && each.leftAt).map(({answeredBy, leftAt}) => ({
    from: 'queue', at: Date.parse(leftAt),
    to: begins.findLast(({agentId, at}) => agentId === answeredBy && at <= Date.parse(leftAt) + CLOCKS_MS)}));
  const transferred = [
    ...agents.map(each => ({from: agentKey(each), at: each.leftAt, how: each.departure})),
    ...queues.map(each => ({from: 'queue', at: each.leftAt, how: each.exit})),
    ...flows.map(each => ({from: 'flow', at: each.endedAt, how: each.exit})),
  ].filter(({at, how}) => at && how === 'transferred')
    .map(({from, at}) => ({from, at: Date.parse(at), to: begins.find(next => next.at >= Date.parse(at) && next.key !== from)}));
  return [...answered, ...transferred].filter(({to}) => to);
}

function scaleOf({times, end}) {
  const first = Math.min(...times);
  const last = Math.max(...times, end);
  const length = Math.max(last - first, 1000);
  const start = first - length * MARGIN;
  const whole = length * (1 + 2 * MARGIN);
  return {first: start, last: start + whole, length, now: now(),
    at: moment => `${(100 * Math.min(1, Math.max(0, (moment - start) / whole))).toFixed(3)}%`,
    width: (from, to) => `${(100 * Math.max(0, to - from) / whole).toFixed(3)}%`};
}

function axis(scale, bottom) {
  const step = STEPS.find(each => scale.length / each <= MOST_TICKS) ?? Math.ceil(scale.length / MOST_TICKS / DAY_MS) * DAY_MS;
  const ticks = [];
  for (let at = Math.ceil(scale.first / step) * step; at <= scale.last; at += step) {
    const x = scale.at(at);
    const share = (at - scale.first) / (scale.last - scale.first);
    ticks.push(svg('line', {class: 'grid', x1: x, x2: x, y1: 0, y2: bottom}));
    // A text near a side would be cut.
    if (share > 0.07 && share < 0.93) {
      ticks.push(svg('text', {class: 'tick', x, y: bottom + 19, 'text-anchor': 'middle'},
          step >= DAY_MS ? monthDay(at) : clock(at).slice(0, step >= 60_000 ? 5 : 8)));
    }
  }
  return ticks;
}

function track(lane, index, scale) {
  const middle = index * LANE + LANE / 2;
  return [
    svg('line', {class: 'lane', x1: 0, x2: '100%', y1: middle, y2: middle}),
    lane.spans.map(span => bar(span, middle, scale)),
    (lane.points ?? []).map(({type, reason, decidedAt}) => svg('circle',
        {class: `point ${type}`, cx: scale.at(Date.parse(decidedAt)), cy: middle, r: 6},
        svg('title', {}, `${type} ${reason}, ${shortTime(decidedAt)}`))),
  ];
}

function bar({kind, from, to, word, what, label}, middle, scale) {
  const start = Date.parse(from ?? to);
  const end = to ? Date.parse(to) : scale.now;
  return [
    svg('rect', {class: `bar ${kind}`, x: scale.at(start), y: middle - BAR / 2, width: scale.width(start, end), height: BAR},
        svg('title', {}, `${what}: ${shortTime(from)} to ${to ? shortTime(to) : 'now'}${word ? ', ' + word : ''}`)),
    label && svg('text', {class: 'label', x: scale.at(end), y: middle - BAR / 2 - 3, 'text-anchor': 'end'}, label),
    to && kind === 'agent' && svg('line',
        {class: 'end', x1: scale.at(end), x2: scale.at(end), y1: middle - BAR, y2: middle + BAR}),
  ];
}

function arrow({from, at, to}, {lanes}, scale) {
  const y = key => lanes.findIndex(lane => lane.key === key) * LANE + LANE / 2;
  const down = y(to.key) > y(from) ? 1 : -1;
  return svg('line', {class: 'move', 'marker-end': 'url(#arrow)',
    x1: scale.at(at), y1: y(from) + down * BAR / 2, x2: scale.at(Math.max(at, to.at)), y2: y(to.key) - down * (BAR / 2 + 2)});
}

const LEGEND = {agent: 'agent', declined: 'declined', acw: 'after-call work', queue: 'queue', flow: 'flow', held: 'held end'};

function legend({lanes, moves}) {
  const kinds = new Set(lanes.flatMap(lane => lane.spans).map(span => span.kind.split(' ')[0]));
  const types = new Set(lanes.flatMap(lane => lane.points ?? []).map(command => command.type));
  return html('ul', {class: 'legend'},
      Object.entries(LEGEND).filter(([kind]) => kinds.has(kind))
        .map(([kind, word]) => html('li', {'data-key': kind}, html('span', {class: `swatch ${kind}`}), word)),
      moves.length > 0 && html('li', {'data-key': 'moves'}, '→ moves on'),
      [...types].sort().map(type => html('li', {'data-key': type}, html('span', {class: `swatch round ${type}`}), type)));
}

function describe({lanes, times, end, moves}) {
  const names = lanes.map(lane => lane.head.textContent ?? lane.head);
  return `Timeline of ${duration(end - Math.min(...times))}: ${names.join(', ')}; `
    + `${moves.length} moves. The tables below say the same.`;
}
