/** Checking an agent's card: a door of its own, since the SDK behind it takes time to load. */

export { type CardCode, type CheckedCard, checkAgentCard } from './api/a2a/check-card.ts'
export { CARD_PATH } from './api/a2a/paths.ts'
