// The JSON API of the server that this page came from.

import {askForToken, token} from './token.js';

const ANSWER_MS = 10_000;
/** The server writes every 2 s, at least a comment. */
const SILENCE_MS = 10_000;
const MAX_EVENT = 4 * 1024 * 1024;

/** A failed request: a sentence for people, and the HTTP status, or 0 without an answer. */
export class ApiError extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

/** The answer can be one that the server has read for another page: its field now says when. */
export async function get(path) {
  return body(await request(path, () => ({
    headers: {'Cache-Control': 'max-stale'},
    signal: AbortSignal.timeout(ANSWER_MS),
  })));
}

export async function post(path, content) {
  return body(await request(path, () => ({
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify(content),
    signal: AbortSignal.timeout(ANSWER_MS),
  })));
}

/** Calls changed(event, content) for each event of the stream, until the stream or the signal ends it with an error. */
export async function readChanges(changed, signal) {
  let silence;
  let timer;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  try {
    const response = await request('changes', () => {
      silence = new AbortController();
      heard();
      return {signal: AbortSignal.any([signal, silence.signal])};
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const {value, done} = await reader.read();
      if (done) {
        throw new ApiError(0, 'The server ended the connection.');
      }
      heard();
      text += value;
      const events = text.split(/\r?\n\r?\n/);
      text = events.pop();
      if (text.length > MAX_EVENT) {
        throw new ApiError(0, 'The server sent more than this page can read.');
      }
      events.forEach(event => deliver(event, changed));
    }
  } catch (e) {
    // The time also runs while somebody looks for the token: an answer that came is not silence.
    const isSilent = !(e instanceof ApiError) && silence?.signal.aborted;
    throw isSilent ? new ApiError(0, 'The server has fallen silent.') : unanswered(e);
  } finally {
    clearTimeout(timer);
    // Otherwise, a stream that cannot be read would keep one of the few places.
    silence?.abort();
  }
}

function deliver(event, changed) {
  const values = field => event.split(/\r?\n/)
    .filter(line => line.startsWith(field + ':'))
    .map(line => line.slice(field.length + 1).replace(/^ /, ''));
  const data = values('data');
  if (data.length > 0) {
    changed(values('event')[0], JSON.parse(data.join('\n')));
  }
}

/** Options are made for each attempt, because their deadline must not run while somebody looks for the token. */
async function request(path, options) {
  for (;;) {
    const used = token();
    const attempt = options();
    const response = await fetch(path, {
      ...attempt,
      cache: 'no-store',
      headers: {...attempt.headers, ...(used && {Authorization: `Bearer ${used}`})},
    }).catch(e => {
      throw unanswered(e);
    });
    if (response.ok) {
      return response;
    }
    const sentence = await sentenceOf(response);
    if (response.status !== 401) {
      throw new ApiError(response.status, sentence);
    }
    // Meanwhile another request may have asked already.
    if (used === token() && !await askForToken(used ? sentence : '')) {
      throw new ApiError(401, 'The server answers only with a token.');
    }
  }
}

const body = response => response.json().catch(e => {
  throw unanswered(e);
});

async function sentenceOf(response) {
  const content = await response.json().catch(() => undefined);
  return typeof content?.error === 'string' ? content.error : `The server answers ${response.status}.`;
}

function unanswered(e) {
  if (e instanceof ApiError) {
    return e;
  }
  return new ApiError(0, e instanceof SyntaxError ? 'The answer is no JSON.' : 'The server does not answer.');
}
