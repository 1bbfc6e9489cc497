// What is shown: the view that the fragment of the address names, with what the server said last.
//
// Data go one way. The stream of changes says when to read again; an answer becomes a picture of the whole view; and
// refresh() brings the document to that picture. Nothing is read back from the document.

import {ApiError, readChanges} from './api.js';
import {html, refresh} from './dom.js';
import {askForToken} from './token.js';
import * as conversation from './conversation.js';
import * as installation from './installation.js';
import * as handovers from './handovers.js';
import {openOrder} from './order.js';
import {clock, duration, now, setClock} from './text.js';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const SECOND_MS = 1000;

const main = document.getElementById('content');
const banner = document.getElementById('banner');

/** The newest events of the stream, by name. */
const latest = {};

let place = placeOf(location.hash);
/** The answers that the view was last drawn from, and the sentence of an answer that failed. */
let data;
let problem;
/** The place that an answer is awaited for. */
let reading;

/** #/conversation/ID/CYCLE, #/installation, or #/?held=CURSOR&open=CURSOR */
function placeOf(hash) {
  const [path, query] = hash.replace(/^#\/?/, '').split('?');
  const parts = path.split('/').map(decoded);
  const view = parts[0] === 'conversation' && parts[1] ? conversation : parts[0] === 'installation' ? installation : handovers;
  return {view, id: parts[1], cycle: parts[2], query: new URLSearchParams(query)};
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function draw() {
  document.title = `${place.view.title(place)} · Handover`;
  document.getElementById('clock').textContent = Number.isNaN(now()) ? 'Connecting…' : clock(now()) + ' UTC';
  for (const link of document.querySelectorAll('header nav a:not(.brand)')) {
    if (placeOf(link.hash).view === place.view) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  const fresh = main.cloneNode(false);
  fresh.append(...[
    problem && problem !== lostBecause && html('p', {class: 'problem', role: 'alert', 'data-key': 'problem'}, problem),
    data && place.view.draw(data, latest, place),
    !data && !problem && !lostBecause && html('p', {class: 'muted'}, 'Reading…'),
  ].filter(Boolean));
  refresh(main, fresh);
}

/** Reads what the view shows. While an answer is awaited, nothing is asked again for the same place. */
async function read() {
  if (reading === place) {
    return;
  }
  const asked = place;
  reading = asked;
  try {
    const answer = await asked.view.read(asked, latest);
    if (asked === place) {
      data = answer;
      problem = undefined;
    }
  } catch (e) {
    if (asked === place) {
      problem = sentenceOf(e);
    }
  } finally {
    if (reading === asked) {
      reading = undefined;
    }
  }
  draw();
}

function sentenceOf(e) {
  if (e instanceof ApiError) {
    return e.message;
  }
  throw e;
}

function changePlace() {
  if (location.hash && !location.hash.startsWith('#/')) {
    return;
  }
  const other = placeOf(location.hash);
  const sameView = other.view === place.view && other.id === place.id;
  place = other;
  if (!sameView) {
    data = undefined;
    scrollTo(0, 0);
    main.focus({preventScroll: true});
  }
  problem = undefined;
  draw();
  read();
}

// ---- the stream of changes

let streaming;
/** Since when, by the clock of the server, and why nothing comes; undefined while it comes. */
let lostAt;
let lostBecause;
let nextTry;
let tryNow = () => {};

function changed(event, content) {
  latest[event] = content;
  setClock(content.now);
  if (event === 'counts') {
    lostAt = undefined;
    lostBecause = undefined;
    banner.hidden = true;
    read();
  }
}

function lost(sentence) {
  lostAt ??= now();
  lostBecause = sentence;
  const text = `Not up to date${Number.isNaN(lostAt) ? '' : ` since ${clock(lostAt)} UTC`}: ${sentence}`;
  const status = banner.querySelector('[role=status]');
  banner.hidden = false;
  // Only a change is announced, not each attempt.
  if (status.textContent !== text) {
    status.textContent = text;
  }
}

function drawPause() {
  const left = nextTry - performance.now();
  document.getElementById('next-try').textContent =
    left > 0 ? `Next try in ${duration(Math.ceil(left / SECOND_MS) * SECOND_MS)}.` : '';
}

/** Waits for a time, or without one for the reader. */
function pause(ms) {
  nextTry = performance.now() + ms;
  drawPause();
  return new Promise(resolve => {
    const timer = ms && setTimeout(resolve, ms);
    tryNow = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/** Follows the stream while the page can be seen: a forgotten tab must not hold one of the few streams of a server. */
async function follow() {
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    if (document.hidden) {
      await new Promise(resolve => document.addEventListener('visibilitychange', resolve, {once: true}));
      continue;
    }
    streaming = new AbortController();
    try {
      await readChanges((event, content) => {
        pauseMs = FIRST_PAUSE_MS;
        changed(event, content);
      }, streaming.signal);
    } catch (e) {
      if (streaming.signal.aborted) {
        continue;
      }
      lost(sentenceOf(e));
      await pause(e.status === 401 ? undefined : pauseMs);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }
}

// ---- the reader

addEventListener('hashchange', changePlace);

document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    streaming?.abort();
  }
});

document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});

document.getElementById('search').addEventListener('submit', event => {
  event.preventDefault();
  const id = event.target.elements.id.value.trim();
  if (id) {
    location.hash = `#/conversation/${encodeURIComponent(id)}`;
    event.target.reset();
  }
});

document.getElementById('change-token').addEventListener('click', async () => {
  if (await askForToken('')) {
    streaming?.abort();
    tryNow();
    read();
  }
});

banner.querySelector('button').addEventListener('click', () => tryNow());

main.addEventListener('click', event => {
  const button = event.target.closest('button[data-order]');
  if (button) {
    openOrder(button.dataset, data);
  }
});

document.addEventListener('ordered', () => {
  draw();
  read();
});

setInterval(() => {
  draw();
  drawPause();
}, SECOND_MS);

draw();
read();
follow();
