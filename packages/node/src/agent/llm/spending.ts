import type { ChatModel, ChatReply, ChatRequest } from './chat-model.ts'
import { estimatePromptTokens } from './chat-model.ts'
import { ModelFailure, type ModelFailureCode } from './model-failure.ts'

/** What a million tokens cost, in millionths of a dollar. */
export interface Price {
  readonly promptMicroUsd: bigint
  readonly completionMicroUsd: bigint
}

export const FREE: Price = { promptMicroUsd: 0n, completionMicroUsd: 0n }

/** Limits of what may be spent; null is none. */
export interface Allowance {
  readonly tokensMax: number | null
  readonly costMicroUsdMax: bigint | null
}

export interface Budget {
  readonly run: Allowance
  readonly epoch: Allowance
  readonly price: Price
}

export interface Amount {
  readonly tokens: number
  readonly costMicroUsd: bigint
}

const NOTHING: Amount = { tokens: 0, costMicroUsd: 0n }
const MILLION = 1_000_000n

/** Formula ⌈prompt · p / 10⁶⌉ + ⌈completion · c / 10⁶⌉, in millionths of a dollar */
export function computeCost(price: Price, promptTokens: number, completionTokens: number): bigint {
  const part = (tokens: number, microUsd: bigint): bigint =>
    (BigInt(Math.ceil(tokens)) * microUsd + MILLION - 1n) / MILLION
  return part(promptTokens, price.promptMicroUsd) + part(completionTokens, price.completionMicroUsd)
}

/** What calls are paid from. */
export interface Purse {
  /**
   * Sets aside the most that a call can cost. Returns what puts the true amount in its place.
   *
   * Errors  ModelFailure 'over-budget': nothing is set aside.
   */
  reserve(epoch: number, most: Amount): (used: Amount) => void
}

/** What was spent, by epoch and in all, and what is set aside for calls under way. */
export class Spending implements Purse {
  readonly #budget: Budget
  #run = NOTHING
  readonly #epochs = new Map<number, Amount>()

  constructor(budget: Budget) {
    this.#budget = budget
  }

  get spent(): Amount {
    return this.#run
  }

  reserve(epoch: number, most: Amount): (used: Amount) => void {
    const { run, epoch: perEpoch } = this.#budget
    this.#check('this run', run, add(this.#run, most))
    this.#check(`epoch ${epoch}`, perEpoch, add(this.#epochs.get(epoch) ?? NOTHING, most))
    this.#add(epoch, most)
    return (used) => this.#add(epoch, subtract(used, most))
  }

  #check(where: string, { tokensMax, costMicroUsdMax }: Allowance, total: Amount): void {
    const isOver =
      (tokensMax !== null && total.tokens > tokensMax) ||
      (costMicroUsdMax !== null && total.costMicroUsd > costMicroUsdMax)
    if (isOver) {
      throw new ModelFailure('over-budget', `the call could cost more than is left for ${where}`)
    }
  }

  #add(epoch: number, amount: Amount): void {
    this.#run = add(this.#run, amount)
    this.#epochs.set(epoch, add(this.#epochs.get(epoch) ?? NOTHING, amount))
  }
}

/** Refusals that no server bills: the model never ran. */
const UNBILLED: ReadonlySet<ModelFailureCode> = new Set([
  'rate-limited',
  'unauthorized',
  'request-refused',
])

/** Makes only calls that the budget can bear. A call of which nobody knows what became counts as if it had cost the most. */
export function withinBudget(model: ChatModel, purse: Purse, price: Price): ChatModel {
  return {
    async complete(request, call) {
      const most = mostOf(request, price)
      const settle = purse.reserve(call.epoch, most)
      try {
        const reply = await model.complete(request, call)
        settle(usedOf(reply, price))
        return reply
      } catch (error) {
        if (!(error instanceof ModelFailure)) throw error
        if (error.reply !== null) settle(usedOf(error.reply, price))
        else if (UNBILLED.has(error.code)) settle(NOTHING)
        throw error
      }
    },
  }
}

/** What a call costs at most. */
function mostOf(request: ChatRequest, price: Price): Amount {
  const prompt = estimatePromptTokens(request)
  const { tokensMax } = request.parameters
  return { tokens: prompt + tokensMax, costMicroUsd: computeCost(price, prompt, tokensMax) }
}

export function usedOf(reply: ChatReply, price: Price): Amount {
  const { promptTokens, completionTokens, costMicroUsd } = reply
  return {
    tokens: promptTokens + completionTokens,
    costMicroUsd: costMicroUsd ?? computeCost(price, promptTokens, completionTokens),
  }
}

function add(one: Amount, other: Amount): Amount {
  return {
    tokens: one.tokens + other.tokens,
    costMicroUsd: one.costMicroUsd + other.costMicroUsd,
  }
}

function subtract(one: Amount, other: Amount): Amount {
  return {
    tokens: one.tokens - other.tokens,
    costMicroUsd: one.costMicroUsd - other.costMicroUsd,
  }
}
