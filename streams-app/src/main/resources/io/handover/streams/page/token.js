// The token: asked for once, and kept until the tab is closed.

const KEY = 'handover-token';
const dialog = document.getElementById('token');
const input = dialog.querySelector('input');

/** The question that is open now. All requests that need a token wait for the same answer. */
let question;

export const token = () => sessionStorage.getItem(KEY) ?? '';

/** Asks for a token. Returns whether one was given. */
export function askForToken(problem) {
  question ??= new Promise(answer => {
    dialog.querySelector('#token-problem').textContent = problem;
    dialog.returnValue = '';
    dialog.showModal();
    dialog.addEventListener('close', () => {
      const given = dialog.returnValue === 'use' && input.value.trim();
      if (given) {
        sessionStorage.setItem(KEY, given);
      }
      input.value = '';
      question = undefined;
      answer(Boolean(given));
    }, {once: true});
  });
  return question;
}
