import {
  type ChatOutcome,
  type ChatRequest,
  estimatePromptTokens,
  type Tape,
} from '@commonweal/node/agent'
import type { Experiment } from '../experiment/experiment.ts'
import { findFidelity } from '../experiment/fidelity-named.ts'
import { usesModels } from '../experiment/llm/check-models.ts'
import { Models } from '../experiment/llm/models.ts'
import { planRuns } from '../experiment/run-plan.ts'
import { isInShard, type Shard } from './manifest.ts'
import { type AskedModel, askedModels, type Environment } from './model-access.ts'

/** What asking models will take at most, where no reply has to be asked for again. */
export interface Expectation {
  readonly models: readonly AskedModel[]
  readonly runCount: number
  readonly callCount: number
  readonly promptTokens: number
  readonly completionTokens: number
  /** Null where nobody knows what a call costs. */
  readonly costMicroUsd: bigint | null
}

/**
 * Plays each cell once with agents that never agree, take one unit a round and talk as long as they may: so often are models
 * asked at most, and so long are the prompts. Of replies it takes the longest that is allowed.
 *
 * Result  null where no model is asked: nobody plays by one, or a cassette answers.
 */
export async function expectSpending(
  experiment: Experiment,
  shard: Shard | null,
  environment: Environment,
): Promise<Expectation | null> {
  const plans = planRuns(experiment).filter(
    (plan) => usesModels(plan.condition) && isInShard(plan, shard),
  )
  const models = askedModels(experiment, plans, environment)
  if (models.length === 0) return null
  const signal = new AbortController().signal
  const probe = new Models({
    environment: {},
    cassette: { ofRun: createProbe },
    purse: null,
    signal,
    onHalt: () => undefined,
  })
  const total = { callCount: 0, promptTokens: 0, completionTokens: 0 }
  let cost = 0n
  const cells = Map.groupBy(plans, ({ condition }) => condition)
  for (const [condition, ofCell] of cells) {
    const [plan] = ofCell
    if (plan === undefined) continue
    const { asked } = await findFidelity(condition.fidelity).run(plan, signal, probe)
    const count = ofCell.length
    total.callCount += count * (asked?.calls ?? 0)
    total.promptTokens += count * (asked?.promptTokens ?? 0)
    total.completionTokens += count * (asked?.completionTokens ?? 0)
    cost += BigInt(count) * BigInt(asked?.costMicroUsd ?? 0)
  }
  const isKnown = models.every(({ price }) => price === 'free' || price === 'given')
  return { models, runCount: plans.length, ...total, costMicroUsd: isKnown ? cost : null }
}

/** Answers whatever a run asks, and nobody is asked. */
function createProbe(): Tape {
  let asked: ChatRequest | undefined
  return {
    mayAsk: false,
    next(request) {
      asked = request
      return ''
    },
    find(): ChatOutcome | undefined {
      if (asked === undefined) return undefined
      const text = asked.schema.name === 'request' ? '{"request":1}' : '{"move":"pass"}'
      return {
        kind: 'reply',
        reply: {
          text,
          promptTokens: estimatePromptTokens(asked),
          completionTokens: asked.parameters.tokensMax,
          costMicroUsd: null,
        },
      }
    },
    keep: () => undefined,
  }
}
