// The installation: its topology, its partitions and its instances.

import {get} from './api.js';
import {asOf, html, row, table} from './dom.js';
import {missing} from './handovers.js';
import {age, count, counted, duration, rate, shortTime, startClock, time} from './text.js';
import {BEHIND_MS, load, topology} from './topology.js';

/** It changes only with another release. */
let drawing;

export const title = () => 'Installation';

/** The stream has the instances, too, and newer ones. */
export async function read(place, latest) {
  const [graph, answer] = await Promise.all([drawing ?? get('topology'), latest.instances ?? get('instances')]);
  drawing = graph;
  startClock(answer.now);
  return {graph, answer};
}

export function draw({graph, answer}, latest) {
  const {now, instances} = latest.instances ?? answer;
  const partitions = instances
    .flatMap(each => (each.partitions ?? []).map(partition => ({...partition, instance: each.instance})))
    .sort((one, other) => one.partition - other.partition);
  const answering = instances.filter(each => each.reachable);
  return html('div', {},
      html('h1', {}, 'Installation'),
      asOf(now),
      html('p', {}, `${answering.length} of ${counted(instances.length, 'instance')} `
        + `${answering.length === 1 ? 'answers' : 'answer'}. `
        + `${counted(partitions.length, 'partition')}: ${load(partitions, ' records')}.`),
      missing(instances.filter(each => !each.reachable)
        .map(each => ({...each, partitions: (each.partitions ?? []).map(({partition}) => partition)}))),
      html('section', {'aria-labelledby': 'topology-title'},
          html('h2', {id: 'topology-title'}, 'Topology'),
          topology(graph, partitions)),
      html('section', {'aria-labelledby': 'partitions-title'},
          html('h2', {id: 'partitions-title'}, 'Partitions'),
          table('Partitions', ['Partition', 'Instance', 'Rate', 'Behind', 'Behind by', 'Stream time', 'Open', 'Held', 'Standby'],
              partitions.map(each => partitionRow(each, instances)),
              {key: 'partitions', numbers: true, empty: 'No instance has a partition.'})),
      html('section', {'aria-labelledby': 'instances-title'},
          html('h2', {id: 'instances-title'}, 'Instances'),
          table('Instances', ['Instance', 'State', 'Version', 'Started', 'Clock skew', 'Dead letters', 'Partitions', 'Standbys'],
              instances.map(instanceRow), {key: 'instances'})));
}

function partitionRow(each, instances) {
  const standbys = instances.filter(({standbys = []}) => standbys.includes(each.partition)).map(({instance}) => instance);
  return row(String(each.partition), count(each.partition), host(each.instance), rate(each.rate), count(each.lagRecords),
      each.lagMs >= BEHIND_MS ? html('strong', {class: 'problem'}, duration(each.lagMs)) : duration(each.lagMs),
      shortTime(each.streamTime), count(each.open), count(each.held),
      standbys.length === 0 ? '–' : standbys.map(host));
}

function instanceRow(each) {
  return row(each.instance, [host(each.instance), each.self && html('span', {class: 'muted'}, ' this one')], stateOf(each),
      each.version ?? '–',
      each.startedAt ? [time(each.startedAt), html('span', {class: 'muted'}, ` ${age(each.startedAt)} ago`)] : '–',
      each.skewMs === undefined ? '–' : `${count(each.skewMs)}\u00a0ms`, count(each.deadLetters),
      list(each.partitions?.map(({partition}) => partition)), list(each.standbys));
}

function stateOf({reachable, ready, reason}) {
  if (reachable && ready) {
    return 'ready';
  }
  return html('strong', {class: 'problem'}, reachable ? `not ready: ${reason ?? 'no reason given'}` : 'does not answer');
}

const host = name => html('bdi', {class: 'id'}, name);
const list = (all = []) => all.length === 0 ? '–' : all.join(', ');
