import {
  type Agent,
  type Cassette,
  createClock,
  createModelAgent,
  ModelFailure,
  type ModelUsage,
  type Purse,
} from '@commonweal/node/agent'
import { present } from '@commonweal/protocol'
import type { RunPlan } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import type { ExperimentSeat } from '../seat-plan.ts'
import { modelConfigOf } from './llm-settings.ts'
import { DigestingTape, isInvalid, type ModelFacts, modelMetrics, sumUsage } from './model-facts.ts'
import { Reach } from './reach.ts'

export interface ModelsOptions {
  /** Where servers and keys are looked for. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Null asks always, and keeps nothing. */
  readonly cassette: Pick<Cassette, 'ofRun'> | null
  /** Null where nothing limits the cost. */
  readonly purse: Purse | null
  /** Ends every call. */
  readonly signal: AbortSignal
  /** Something that no run is to blame for, and that all further ones would meet. */
  readonly onHalt: (failure: ModelFailure) => void
}

/** The models of an experiment: they make the agents of its runs. */
export class Models {
  readonly #options: ModelsOptions
  readonly #reach = new Reach()

  constructor(options: ModelsOptions) {
    this.#options = options
  }

  ofRun(plan: RunPlan): RunModels {
    return new RunModels(plan, this.#options, this.#reach)
  }
}

/** The agents of one run that ask models, and what they asked. */
export class RunModels {
  readonly #plan: RunPlan
  readonly #options: ModelsOptions
  readonly #reach: Reach
  readonly #tape: DigestingTape
  readonly #agents: Agent[] = []

  constructor(plan: RunPlan, options: ModelsOptions, reach: Reach = new Reach()) {
    this.#plan = plan
    this.#options = options
    this.#reach = reach
    this.#tape = new DigestingTape(options.cassette?.ofRun(plan.tape) ?? null, reach)
  }

  createAgent({ model, prosociality }: ExperimentSeat): Agent {
    const settings = present(this.#plan.condition.llm, 'a seat that asks a model has settings')
    const name = present(model, 'a seat that asks a model names it')
    const { environment, purse, signal } = this.#options
    const agent = createModelAgent(modelConfigOf(name, settings), {
      environment,
      signal,
      clock: createClock(),
      tape: this.#tape,
      ...(purse === null ? {} : { purse }),
      prosociality,
    })
    this.#agents.push(agent)
    return this.#guard(agent)
  }

  facts(): ModelFacts {
    const usages = this.#agents.flatMap((agent): ModelUsage[] => {
      const usage = agent.usage?.()
      return usage === undefined ? [] : [usage]
    })
    return sumUsage(usages, this.#tape.digest)
  }

  /**
   * A model that finds no usable words passes, as it does in a network. Without a number that can be used, or where the way to
   * the server is broken, there is nothing that the seat chose, and the run fails.
   */
  #guard(agent: Agent): Agent {
    const watch = async <T>(answer: T | Promise<T>): Promise<T> => {
      try {
        return await answer
      } catch (cause) {
        const isHalting = cause instanceof ModelFailure && this.#reach.isHalting(cause.code)
        if (isHalting) this.#options.onHalt(cause)
        throw cause
      }
    }
    return {
      name: agent.name,
      act: (situation) => watch(agent.act(situation)),
      negotiate: (situation) =>
        watch(agent.negotiate(situation)).catch((cause: unknown) => {
          if (cause instanceof ModelFailure && isInvalid(cause.code)) return { move: 'pass' }
          throw cause
        }),
    }
  }
}

/** A result with what the run asked, its metrics among the others; they are no part of the outcome. */
export function withModelFacts(result: RunResult, asked: ModelFacts): RunResult {
  if (result.status === 'failed') return { ...result, asked }
  const formed = result.events.filter(({ kind }) => kind === 'agreement-formed')
  return { ...result, metrics: { ...result.metrics, ...modelMetrics(asked, formed.length) }, asked }
}
