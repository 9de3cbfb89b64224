/** What was said to the user and not read yet. */

/** @typedef {{id: number, text: string}} Message */

const SHOWN_MESSAGES = 4;

/** @type {Message[]} */
export const INITIAL = [];

/** @param {Message[]} messages @param {import('./store.js').Happening} happening @returns {Message[]} */
export function reduce(messages, happening) {
  switch (happening.type) {
    case 'message':
      return withMessage(messages, happening.text);
    case 'dismiss':
      return messages.filter((message) => message.id !== happening.id);
    default:
      return messages;
  }
}

/** A text that is shown already is not shown twice: it moves to the end, as new. */
function withMessage(/** @type {Message[]} */ messages, /** @type {string} */ text) {
  const id = 1 + Math.max(0, ...messages.map((message) => message.id));
  const others = messages.filter((message) => message.text !== text);
  return [...others, { id, text }].slice(-SHOWN_MESSAGES);
}
