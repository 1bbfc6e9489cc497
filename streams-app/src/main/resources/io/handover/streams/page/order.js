// Orders: a person ends a handover, ends a hold, or makes an agent forgotten. The dialog is the confirmation: it says
// what will happen, and asks who wants it and why.

import {ApiError, post} from './api.js';
import {count, time} from './text.js';

const dialog = document.getElementById('order');
const form = dialog.querySelector('form');
const [send, cancel] = form.querySelectorAll('button');
const problem = document.getElementById('order-problem');
const OPERATOR = 'handover-operator';

/** The order that the dialog is about. Its id stays the same over all tries, so that it counts once. */
let order;
/** The last order that was stored. */
let stored;

export function openOrder({order: action, agent}, conversation) {
  if (send.disabled) {
    // The last order is still being sent, although its dialog was closed.
    dialog.showModal();
    return;
  }
  order = {...orders[action](conversation, agent), action, conversationId: conversation.conversationId, orderId: uuid()};
  document.getElementById('order-title').textContent = order.title;
  document.getElementById('order-effect').textContent = order.effect;
  problem.textContent = '';
  send.textContent = order.title;
  form.elements.operator.value = sessionStorage.getItem(OPERATOR) ?? '';
  form.elements.reason.value = '';
  lock(false);
  dialog.returnValue = '';
  dialog.showModal();
}

const orders = {
  end: ({conversationId, cycle}) => ({
    title: `End handover ${cycle}`,
    path: `conversations/${encodeURIComponent(conversationId)}/end`,
    cycle,
    effect: `The command handover-ended (operator) is sent for handover ${cycle} of ${short(conversationId)}. The bot may speak`
      + ' to the customer again, also while an agent serves. This cannot be taken back.',
  }),
  release: ({conversationId, cycle, held}) => ({
    title: 'Hold no longer',
    path: `conversations/${encodeURIComponent(conversationId)}/release`,
    cycle,
    effect: `The held end of handover ${cycle} of ${short(conversationId)} (${held.reason}) happens now, and not at`
      + ` ${time(held.deadline)}. The bot may speak to the customer again. This cannot be taken back.`,
  }),
  forget: (conversation, agent) => ({
    title: 'Forget agent',
    path: `agents/${encodeURIComponent(agent)}/forget`,
    effect: `The name and picture of agent ${short(agent)} are forgotten in every partition. Commands that were sent keep them.`
      + ' The next announcement asks Genesys for them again, unless the agent was deleted there.',
  }),
};

const short = id => id.length <= 40 ? id : id.slice(0, 39) + '…';

/** Without crypto.randomUUID, which browsers have over https only. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = bytes[6] & 0x0f | 0x40;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

form.addEventListener('submit', async event => {
  if (event.submitter === cancel) {
    return;
  }
  event.preventDefault();
  const sent = order;
  const {operator, reason} = form.elements;
  sessionStorage.setItem(OPERATOR, operator.value);
  lock(true);
  send.disabled = cancel.disabled = true;
  problem.textContent = '';
  try {
    const answer = await post(sent.path, {
      operator: operator.value.trim(),
      reason: reason.value.trim(),
      ...(sent.cycle && {cycle: sent.cycle}),
      orderId: sent.orderId,
    });
    stored = {...sent, ...answer};
    dialog.close('sent');
    document.dispatchEvent(new Event('ordered'));
  } catch (e) {
    if (!(e instanceof ApiError)) {
      throw e;
    }
    problem.textContent = e.message;
    if (!dialog.open) {
      dialog.showModal();
    }
    // The order may be stored although no answer came. Then only the same order again is safe.
    const unclear = e.status === 0 || e.status === 503;
    lock(unclear);
    send.textContent = unclear ? 'Try again with the same order' : sent.title;
  } finally {
    send.disabled = cancel.disabled = false;
  }
});

function lock(locked) {
  form.elements.operator.readOnly = locked;
  form.elements.reason.readOnly = locked;
}

/** What became of the last order to this conversation. */
export function orderResult({conversationId, recent = []}) {
  if (stored?.conversationId !== conversationId) {
    return '';
  }
  const {title, orderId, partition, offset, partitions} = stored;
  if (stored.action === 'forget') {
    return `${title}: stored in ${count(partitions)} partitions as order ${orderId}. Names vanish when the app has read it.`;
  }
  const result = recent.find(({eventId}) => eventId === orderId);
  if (!result) {
    return `${title}: stored as order ${orderId}, partition ${partition}, offset ${offset}. Waiting for the decision…`;
  }
  const sent = (result.commands ?? []).map(each => `, ${each.type} was sent`).join('');
  return `${title}: ${result.outcome}${sent} at ${time(result.at)} (order ${orderId}).`;
}
