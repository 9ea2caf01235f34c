import {
  type ChatOutcome,
  type ChatRequest,
  estimatePromptTokens,
  type Tape,
} from '@commonweal/node/agent'
import { invariant } from '@commonweal/protocol'
import type { Experiment } from '../experiment/experiment.ts'
import { usesModels } from '../experiment/llm/check-models.ts'
import { LLM_POLICY } from '../experiment/llm/llm-settings.ts'
import type { ModelFacts } from '../experiment/llm/model-facts.ts'
import { RunModels } from '../experiment/llm/models.ts'
import { planRuns, type RunPlan } from '../experiment/run-plan.ts'
import { setUpCommons } from '../experiment/run-setup.ts'
import { seededBeacons } from '../run/beacons.ts'
import { runRounds } from '../run/rounds.ts'
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
 * Plays each cell once with seats that take nothing and propose something else in every turn: no run lasts longer, none talks
 * more, and so often are models asked at most. Of replies it takes the longest that is allowed.
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
  const total = { callCount: 0, promptTokens: 0, completionTokens: 0 }
  let cost = 0n
  for (const ofCell of Map.groupBy(plans, ({ condition }) => condition).values()) {
    const [plan] = ofCell
    if (plan === undefined) continue
    const asked = await probe(plan)
    total.callCount += ofCell.length * asked.calls
    total.promptTokens += ofCell.length * asked.promptTokens
    total.completionTokens += ofCell.length * asked.completionTokens
    cost += BigInt(ofCell.length) * BigInt(asked.costMicroUsd)
  }
  const isKnown = models.every(({ price }) => price === 'free' || price === 'given')
  return { models, runCount: plans.length, ...total, costMicroUsd: isKnown ? cost : null }
}

async function probe(plan: RunPlan): Promise<ModelFacts> {
  const { scenario } = plan.condition
  invariant(scenario.kind === 'commons', 'models play commons alone')
  const { config, seats, network } = setUpCommons(plan, scenario)
  // What the two propose must never be alike.
  const [asking, others] = [createProbes(plan, 0), createProbes(plan, 1)]
  const agents = seats.map((seat) =>
    seat.policy === LLM_POLICY
      ? asking.createAgent(seat)
      : others.createAgent({ ...seat, model: seat.model ?? 'nobody' }),
  )
  const beacons = seededBeacons(network.networkId, network.validators, plan.seed)
  await runRounds(config, beacons, agents)
  return asking.facts()
}

function createProbes(plan: RunPlan, first: 0 | 1): RunModels {
  return new RunModels(plan, {
    environment: {},
    cassette: { ofRun: () => createProbe(first) },
    purse: null,
    signal: new AbortController().signal,
    onHalt: () => undefined,
  })
}

/** Answers whatever a run asks, and nobody is asked. */
function createProbe(first: 0 | 1): Tape {
  let asked: ChatRequest | undefined
  let count: number = first
  return {
    mayAsk: false,
    next(request) {
      asked = request
      count += 2
      return ''
    },
    find(): ChatOutcome | undefined {
      if (asked === undefined) return undefined
      const promptTokens = estimatePromptTokens(asked)
      const completionTokens = asked.parameters.tokensMax
      const text = JSON.stringify(answerProbe(asked, count))
      return { kind: 'reply', reply: { text, promptTokens, completionTokens, costMicroUsd: null } }
    },
    keep: () => undefined,
  }
}

/** A harvest of nothing, or terms that nobody has proposed before and that leave every seat the same. */
function answerProbe({ schema }: ChatRequest, count: number): object {
  if (schema.name === 'request') return { request: 0 }
  if (!JSON.stringify(schema.json).includes('"law"')) {
    return { move: 'propose', words: `${count} each` }
  }
  const limit = `stock / 2 + ${count}`
  const clause = { at: 'submission', when: 'true', then: { primitive: 'cap', limit } }
  return { move: 'propose', law: { clauses: [clause] } }
}
