/** Where the standard looks for a card. */
export const CARD_PATH = '/.well-known/agent-card.json'
/** Where the card says that tasks are. */
export const TASKS_PATH = '/a2a'
