import type { ChatReply } from './chat-model.ts'
import type { ModelFailureCode } from './model-failure.ts'

/** What an agent asked of its model, and what came of it. */
export interface ModelUsage {
  readonly model: string
  /** Turns in which the agent needed an answer: choices and failed turns together. */
  readonly turns: number
  /** Turns that ended in an answer that passed every check. */
  readonly choices: number
  /** Turns that ended without one, by the last reason. Never counted as a choice. */
  readonly failures: Readonly<Partial<Record<ModelFailureCode, number>>>
  /** Everything that went wrong on the way, what was put right included. */
  readonly faults: Readonly<Partial<Record<ModelFailureCode, number>>>
  readonly calls: number
  readonly promptTokens: number
  readonly completionTokens: number
  readonly costMicroUsd: bigint
}

/** Counts as it goes. */
export class UsageCounter {
  #usage: ModelUsage

  constructor(model: string) {
    this.#usage = {
      model,
      turns: 0,
      choices: 0,
      failures: {},
      faults: {},
      calls: 0,
      promptTokens: 0,
      completionTokens: 0,
      costMicroUsd: 0n,
    }
  }

  read(): ModelUsage {
    return this.#usage
  }

  reply({ promptTokens, completionTokens }: ChatReply, costMicroUsd: bigint): void {
    const before = this.#usage
    this.#usage = {
      ...before,
      promptTokens: before.promptTokens + promptTokens,
      completionTokens: before.completionTokens + completionTokens,
      costMicroUsd: before.costMicroUsd + costMicroUsd,
    }
  }

  call(): void {
    this.#usage = { ...this.#usage, calls: this.#usage.calls + 1 }
  }

  fault(code: ModelFailureCode): void {
    this.#usage = { ...this.#usage, faults: countUp(this.#usage.faults, code) }
  }

  choice(): void {
    const { turns, choices } = this.#usage
    this.#usage = { ...this.#usage, turns: turns + 1, choices: choices + 1 }
  }

  failure(code: ModelFailureCode): void {
    const { turns, failures } = this.#usage
    this.#usage = { ...this.#usage, turns: turns + 1, failures: countUp(failures, code) }
  }
}

function countUp(counts: ModelUsage['faults'], code: ModelFailureCode): ModelUsage['faults'] {
  return { ...counts, [code]: (counts[code] ?? 0) + 1 }
}
