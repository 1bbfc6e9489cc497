// One conversation: what is known of it, its life as a picture and as tables, and what was decided.

import {get} from './api.js';
import {agent, asOf, conversationPlace, html, row, table} from './dom.js';
import {orderResult} from './order.js';
import {count, countdown, reading, shortTime, startClock, time} from './text.js';
import {timeline} from './timeline.js';

export const title = ({id}) => `Conversation ${id.slice(0, 40)}`;

export async function read({id}) {
  const answer = await get(`conversations/${encodeURIComponent(id)}`);
  startClock(answer.now);
  return answer;
}

export function draw(conversation, latest, place) {
  const cycle = Number.parseInt(place.cycle) || conversation.cycle;
  return html('article', {},
      html('p', {class: 'kicker'}, 'Conversation'),
      html('h1', {class: 'id'}, html('bdi', {}, conversation.conversationId)),
      asOf(conversation.now),
      conversation.stale && html('p', {class: 'problem', 'data-key': 'stale'},
          'A standby answered, because the instance that processes this conversation does not answer. This may be out of date.'),
      state(conversation),
      orders(conversation),
      html('p', {role: 'status', class: 'result'}, orderResult(conversation)),
      html('section', {'aria-labelledby': 'timeline-title'},
          html('h2', {id: 'timeline-title'}, `Handover ${cycle}`),
          otherCycles(conversation, cycle),
          timeline(conversation, cycle)),
      facts(conversation),
      html('section', {'aria-labelledby': 'took-part'},
          html('h2', {id: 'took-part'}, 'Who took part'),
          table('Who took part, the earliest first', ['Who', 'From', 'Until', 'How it ended', 'Acw', 'Handover'],
              participants(conversation), {key: 'participants', empty: 'No agent, queue or flow is known.'})),
      html('section', {'aria-labelledby': 'decided'},
          html('h2', {id: 'decided'}, 'What was decided'),
          html('p', {class: 'about'}, `Outcomes are remembered since ${time(conversation.recentSince)}. `,
              html('code', {}, './handover explain'), ' shows earlier ones from the log.'),
          table('What was decided, the earliest first', ['Event time', 'Event', 'Outcome', 'Commands', 'Decided at'],
              (conversation.recent ?? []).map(decision), {key: 'recent', empty: 'Nothing since then.'})));
}

function state({open, cycle, held, reading: label, lastEnd, forgottenAt}) {
  if (open && held) {
    return html('p', {class: 'state'}, `Handover ${cycle} is held, and ends `,
        html('strong', {class: 'countdown'}, countdown(held.deadline)), `: ${held.reason}.`);
  }
  if (open) {
    return html('p', {class: 'state'}, `Handover ${cycle} is open: ${reading(label)}.`);
  }
  const ended = lastEnd ? ` The last one ended at ${time(lastEnd.time)}.` : '';
  return html('p', {class: 'state'}, `No handover is open.${ended}`,
      forgottenAt && html('span', {class: 'muted'}, ` It is forgotten at ${time(forgottenAt)}.`));
}

function orders({open, cycle, held}) {
  return html('p', {class: 'buttons'},
      open && orderButton('end', `End handover ${cycle}…`),
      open && held && orderButton('release', 'Hold no longer…'));
}

function orderButton(order, text, attributes) {
  return html('button', {type: 'button', 'data-order': order, 'data-key': order, ...attributes}, text);
}

function facts(conversation) {
  const {customer = {}, announced} = conversation;
  return html('dl', {class: 'facts'},
      fact('Announced', announced && agent(announced)),
      fact('Opened', conversation.openedAt && time(conversation.openedAt)),
      fact('Last event', conversation.lastEventAt && time(conversation.lastEventAt)),
      fact('Customer', customer.userId && html('bdi', {class: 'id'}, customer.userId)),
      fact('Organisation', customer.organizationId && html('bdi', {class: 'id'}, customer.organizationId)),
      fact('Held because of', conversation.held?.evidence?.length > 0 && evidenceList(conversation.held.evidence)),
      fact('Partition', count(conversation.partition)),
      fact('Answered by', html('bdi', {class: 'id'}, conversation.answeredBy)),
      fact('Stream time', time(conversation.streamTime)));
}

function fact(name, value) {
  return value && html('div', {'data-key': name}, html('dt', {}, name), html('dd', {}, value));
}

function otherCycles({conversationId, cycle, agents = [], queues = []}, shown) {
  const known = [...new Set([...agents, ...queues].map(each => each.cycle).concat(cycle))].filter(Boolean).sort((a, b) => a - b);
  return known.length > 1 && html('nav', {class: 'pages', 'aria-label': 'Handovers of this conversation', 'data-key': 'cycles'},
      known.map(each => html('a', {
        href: conversationPlace(conversationId, each),
        'aria-current': each === shown && 'page',
        'data-key': each,
      }, `Handover ${each}`)));
}

const WORDS = {left: 'left', transferred: 'transferred', declined: 'declined', answered: 'answered', abandoned: 'abandoned',
  disconnected: 'disconnected', other: 'ended'};

const ending = label => WORDS[label?.toLowerCase()] ?? label ?? '–';

function participants({open, cycle, agents = [], queues = [], flows = []}) {
  const until = (end, word, isGone) => end ? shortTime(end) : open && !isGone ? word : '–';
  return [
    ...agents.map(each => [each.startedAt ?? each.leftAt, row(`a${each.sessionId}`,
        html('div', {class: 'line'}, agent(each), each.agentId && orderButton('forget', 'Forget…',
            {class: 'small', 'data-agent': each.agentId, 'aria-label': `Forget agent ${each.name ?? each.agentId}`})),
        shortTime(each.startedAt), until(each.leftAt, 'there', each.wrappedUpAt || each.cycle !== cycle), ending(each.departure),
        shortTime(each.wrappedUpAt), count(each.cycle))]),
    ...queues.map(each => [each.enteredAt ?? each.leftAt, row(`q${each.sessionId}`, 'Queue',
        shortTime(each.enteredAt), until(each.leftAt, 'waits', each.cycle !== cycle),
        [ending(each.exit), each.answeredBy && [' by ', agent(named(each.answeredBy, agents))]], '–', count(each.cycle))]),
    ...flows.map(each => [each.startedAt ?? each.endedAt, row(`f${each.sessionId}`,
        each.routing ? 'Flow' : 'Flow beside the wait',
        shortTime(each.startedAt), until(each.endedAt, 'runs'), ending(each.exit), '–', '–')]),
  ].sort((one, other) => String(one[0]).localeCompare(String(other[0]))).map(([, shown]) => shown);
}

const named = (agentId, agents) => agents.find(each => each.agentId === agentId) ?? {agentId};

function decision({at, eventTime, topic, outcome, row: number, commands = []}, index) {
  return row(`${at} ${topic} ${outcome} ${index}`, shortTime(eventTime), topic,
      [outcome, number !== undefined && html('span', {class: 'muted'}, ` row ${number}`)],
      commands.length === 0 ? '–' : commands.map(command), shortTime(at));
}

function command({type, reason, agent: announced, evidence = []}) {
  return html('div', {class: 'command'},
      html('strong', {}, type), ` ${reason}`,
      announced && [' ', agent({...announced, agentId: announced.id})],
      evidence.length > 0 && evidenceList(evidence));
}

function evidenceList(evidence) {
  return html('ul', {class: 'evidence'}, evidence.map(({topic, eventId, eventTime, disconnectType}) =>
      html('li', {title: eventId && `Event ${eventId}`},
          `${topic} ${shortTime(eventTime)}`, disconnectType && ` ${disconnectType}`)));
}
