// Elements. Every text becomes a text node, so that a name or an id can never become markup.

import {clock} from './text.js';

const SVG = 'http://www.w3.org/2000/svg';

/** Creates an HTML element. A child that is missing, empty or false is left out. */
export const html = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);

/** Creates an SVG element. */
export const svg = (name, attributes, ...children) => fill(document.createElementNS(SVG, name), attributes, children);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat(Infinity).filter(child => child || child === 0));
  return element;
}

/**
 * Makes the shown element equal to the fresh one, and keeps what is equal already: so the focus, the selection and the
 * place of scrolling survive. Rows that carry a data-key are matched by it.
 */
export function refresh(shown, fresh) {
  copyAttributes(shown, fresh);
  let next = shown.firstChild;
  for (const child of [...fresh.childNodes]) {
    let match = next;
    while (match && !isSame(match, child)) {
      match = match.nextSibling;
    }
    if (!match) {
      shown.insertBefore(child, next);
      continue;
    }
    while (next !== match) {
      next = removed(next);
    }
    if (child.nodeType !== Node.TEXT_NODE) {
      refresh(match, child);
    } else if (match.data !== child.data) {
      match.data = child.data;
    }
    next = match.nextSibling;
  }
  while (next) {
    next = removed(next);
  }
}

function isSame(one, other) {
  return one.nodeName === other.nodeName && one.dataset?.key === other.dataset?.key;
}

function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function copyAttributes(shown, fresh) {
  for (const {name} of [...shown.attributes]) {
    // Whether details are open is up to the reader.
    if (!fresh.hasAttribute(name) && name !== 'open') {
      shown.removeAttribute(name);
    }
  }
  for (const {name, value} of fresh.attributes) {
    if (shown.getAttribute(name) !== value) {
      shown.setAttribute(name, value);
    }
  }
}

/** A table that scrolls sideways where the window is narrow. Rows are elements tr. */
export function table(title, heads, rows, {key, empty = 'None.', numbers = false} = {}) {
  if (rows.length === 0) {
    return html('p', {class: 'none', 'data-key': key}, empty);
  }
  return html('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': title, 'data-key': key},
      html('table', {class: numbers ? 'numbers' : 'list'},
          html('caption', {class: 'unseen'}, title),
          html('thead', {}, html('tr', {}, heads.map(head => html('th', {scope: 'col'}, head)))),
          html('tbody', {}, rows)));
}

/** A row of a table. Its first cell is its head. */
export function row(key, first, ...cells) {
  return html('tr', {'data-key': key},
      html('th', {scope: 'row'}, first),
      cells.map(cell => cell?.nodeName === 'TD' ? cell : html('td', {}, cell)));
}

/** Says as of when the oldest of the answers that are shown is. A server that is busy reads them less often. */
export function asOf(...times) {
  return html('p', {class: 'muted', 'data-key': 'as-of'}, `As of ${clock(times.sort()[0])} UTC.`);
}

/** A link to a conversation. A long id is cut by the style. */
export function conversationLink(id) {
  return html('a', {class: 'id cut', href: conversationPlace(id), title: id.length > 40 && id}, html('bdi', {}, id));
}

export function conversationPlace(id, cycle) {
  return `#/conversation/${encodeURIComponent(id)}${cycle === undefined ? '' : '/' + cycle}`;
}

/** The head of arrows, for the attribute marker-end. */
export function arrowHead(id) {
  const box = {viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto'};
  return svg('defs', {}, svg('marker', {id, ...box}, svg('path', {class: 'arrow', d: 'M0 0 8 4 0 8z'})));
}

/** Pictures that could not be loaded, so that the initials stay. */
const broken = new Set();
const MAX_BROKEN = 500;

document.addEventListener('error', ({target}) => {
  if (target instanceof HTMLImageElement) {
    if (broken.size >= MAX_BROKEN) {
      broken.clear();
    }
    broken.add(target.getAttribute('src'));
    target.remove();
  }
}, true);

/** The picture of an agent over the initials. The name stands beside it, so it has no text of its own. */
function avatar(name, imageUrl) {
  const shows = imageUrl?.startsWith('https://') && !broken.has(imageUrl);
  return html('span', {class: 'avatar', 'aria-hidden': 'true'},
      initials(name),
      shows && html('img',
          {src: imageUrl, alt: '', width: 28, height: 28, referrerpolicy: 'no-referrer', 'data-key': imageUrl}));
}

function initials(name) {
  const words = (name ?? '').trim().split(/\s+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map(word => [...word][0]).join('').toUpperCase() || '?';
}

/** An agent with picture and name; without a name, with the id. */
export function agent({name, agentId, imageUrl} = {}) {
  return html('span', {class: 'agent'},
      avatar(name, imageUrl),
      html('bdi', {class: name ? 'cut' : 'id cut', title: name ? agentId : undefined}, name ?? agentId ?? 'unknown agent'));
}
