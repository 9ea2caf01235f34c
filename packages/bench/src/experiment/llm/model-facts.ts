import { createHash } from 'node:crypto'
import type { ChatOutcome, ModelFailureCode, ModelUsage, Tape } from '@commonweal/node/agent'
import { z } from 'zod'
import type { Metrics } from '../run-result.ts'
import type { Reach } from './reach.ts'

/** What a run asked of models, and what came of it; of a failed run too. */
export interface ModelFacts {
  readonly calls: number
  readonly promptTokens: number
  readonly completionTokens: number
  /** Decimal text. */
  readonly costMicroUsd: string
  /** Replies that could not be used as they were: of no shape, against a law, outside the mandate. */
  readonly invalidReplies: number
  /** Turns in which no answer was found, by reason. They are no choices. */
  readonly failedTurns: Readonly<Record<string, number>>
  /** Of all that was answered, in the order of asking. */
  readonly answersDigest: string
}

export const modelFactsSchema: z.ZodType<ModelFacts, unknown> = z.object({
  calls: z.int(),
  promptTokens: z.int(),
  completionTokens: z.int(),
  costMicroUsd: z.string().regex(/^\d+$/),
  invalidReplies: z.int(),
  failedTurns: z.record(z.string(), z.int()),
  answersDigest: z.string(),
})

/** Faults of a reply or of what it says; a replay finds the same. What went wrong on the way it does not. */
const INVALID: readonly ModelFailureCode[] = [
  'refused',
  'empty-reply',
  'cut-off',
  'not-json',
  'wrong-shape',
  'law-refused',
  'outside-mandate',
]

export function isInvalid(code: ModelFailureCode): boolean {
  return INVALID.includes(code)
}

export function sumUsage(usages: readonly ModelUsage[], answersDigest: string): ModelFacts {
  const sum = (pick: (usage: ModelUsage) => number): number =>
    usages.reduce((total, usage) => total + pick(usage), 0)
  const failedTurns = new Map<string, number>()
  for (const { failures } of usages) {
    for (const [code, count] of Object.entries(failures)) {
      failedTurns.set(code, (failedTurns.get(code) ?? 0) + count)
    }
  }
  return {
    calls: sum(({ calls }) => calls),
    promptTokens: sum(({ promptTokens }) => promptTokens),
    completionTokens: sum(({ completionTokens }) => completionTokens),
    costMicroUsd: String(usages.reduce((total, { costMicroUsd }) => total + costMicroUsd, 0n)),
    invalidReplies: sum(({ faults }) =>
      INVALID.reduce((total, code) => total + (faults[code] ?? 0), 0),
    ),
    failedTurns: Object.fromEntries([...failedTurns].toSorted()),
    answersDigest,
  }
}

/** Cost in dollars. What a contract took has no value where none was formed. */
export function modelMetrics(facts: ModelFacts, contractCount: number): Metrics {
  const { calls, promptTokens, completionTokens, invalidReplies, failedTurns } = facts
  const cost = Number(facts.costMicroUsd) / 1_000_000
  const perContract = (total: number): number | null =>
    contractCount === 0 ? null : total / contractCount
  return {
    calls,
    promptTokens,
    completionTokens,
    cost,
    invalidReplies: calls === 0 ? null : invalidReplies / calls,
    failedTurns: Object.values(failedTurns).reduce((sum, count) => sum + count, 0),
    contracts: contractCount,
    tokensPerContract: perContract(promptTokens + completionTokens),
    costPerContract: perContract(cost),
  }
}

/** Takes a digest of what a tape answers and is given to keep, in that order; works without a tape too. */
export class DigestingTape implements Tape {
  readonly mayAsk: boolean
  readonly #tape: Tape | null
  readonly #reach: Reach
  readonly #hash = createHash('sha256')

  constructor(tape: Tape | null, reach: Reach) {
    this.#tape = tape
    this.#reach = reach
    this.mayAsk = tape?.mayAsk ?? true
  }

  get digest(): string {
    return this.#hash.copy().digest('hex')
  }

  next(request: Parameters<Tape['next']>[0]): string {
    return this.#tape?.next(request) ?? ''
  }

  find(key: string): ChatOutcome | undefined {
    const outcome = this.#tape?.find(key)
    if (outcome !== undefined) this.#take(outcome)
    return outcome
  }

  keep(key: string, request: Parameters<Tape['keep']>[1], outcome: ChatOutcome): void {
    // Nobody was asked who could have answered.
    if (outcome.kind === 'failure' && this.#reach.isHalting(outcome.failure.code)) return
    if (outcome.kind === 'reply') this.#reach.answered()
    this.#take(outcome)
    this.#tape?.keep(key, request, outcome)
  }

  #take(outcome: ChatOutcome): void {
    const reply = outcome.kind === 'reply' ? outcome.reply : outcome.failure.reply
    const code = outcome.kind === 'reply' ? null : outcome.failure.code
    const { text = '', promptTokens = 0, completionTokens = 0, costMicroUsd = null } = reply ?? {}
    const cost = costMicroUsd === null ? null : String(costMicroUsd)
    this.#hash.update(JSON.stringify([code, text, promptTokens, completionTokens, cost]))
  }
}
