import type { AgentId, ForecastBody, Ledger } from '@commonweal/protocol'

/**
 * A policy that asks questions, and resolves them where their answer is in a data set.
 *
 * Like a forecaster it is a fold: it goes by the ledger and by the topics that were ever asked, so a restart loses nothing.
 */
export interface QuestionOpener {
  /** A question was asked, by itself or by another; in the order in which they were. */
  onAsked(topic: string, author: AgentId): void
  /** What it wants sent after a final block. What did not get into a block it asks for again. */
  chooseActs(ledger: Ledger): readonly ForecastBody[]
}
