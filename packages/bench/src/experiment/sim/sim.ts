import type { Agent } from '@commonweal/node/agent'
import type { WorldOptions } from '../../simulator/engine/world-options.ts'
import { answerQuestion } from '../../simulator/network/attached-agents.ts'
import { readChain, type SeenEvent, seenEvent } from '../chain/chain-facts.ts'
import { commonsFactsOf, gameFactsOf } from '../chain/conclude-chain.ts'
import { type Played, withFindings } from '../chain/findings.ts'
import { findMissedAct } from '../chain/missed-act.ts'
import { slashingsOf } from '../chain/slashings.ts'
import { deviationMetrics, withoutFaults } from '../deviation.ts'
import type { Fidelity } from '../fidelity.ts'
import type { RunNetwork } from '../network-setup.ts'
import { loadOwnAgents } from '../own/own-agents.ts'
import { commonsPayoffs, concludeCommons } from '../rounds/commons-result.ts'
import { playCommonsRounds } from '../rounds/commons-rounds.ts'
import { concludeGame, gamePayoffs } from '../rounds/game-result.ts'
import { playGameRounds } from '../rounds/game-rounds.ts'
import type { RunPlan } from '../run-plan.ts'
import type { FailedRun, RunResult } from '../run-result.ts'
import {
  createSeatAgents,
  type Deciders,
  gameSettingOf,
  NOBODY,
  type RunSetup,
  setUpCommons,
  setUpGame,
} from '../run-setup.ts'
import type { CommonsScenario, GameScenario } from '../scenario.ts'
import { faultOf } from '../seat-plan.ts'
import { attackMetrics } from './attack-metrics.ts'
import type { PlacedEvent } from './chain-watch.ts'
import { runForecastSim } from './forecast-sim.ts'
import { playSim, type SimReport } from './play-sim.ts'
import { failureOf } from './sim-failure.ts'
import { type SeatFault, type SimNetwork, THINK_MS } from './sim-network.ts'
import { systemMetrics } from './system-metrics.ts'

/** Whole replicas with their agents in virtual time: messages take their time, are lost, and some replicas are faulty. */
export const sim: Fidelity = {
  async run(plan, signal) {
    signal.throwIfAborted()
    const own = await loadOwnAgents(plan)
    const result = await runScenario(plan, { ...NOBODY, own })
    return own?.judge(result) ?? result
  },
}

async function runScenario(plan: RunPlan, deciders: Deciders): Promise<RunResult> {
  const { scenario } = plan.condition
  switch (scenario.kind) {
    case 'commons':
      return runCommonsSim(plan, scenario, deciders)
    case 'game':
      return runGameSim(plan, scenario, deciders)
    case 'forecast':
      return runForecastSim(plan, scenario, deciders)
  }
}

async function runCommonsSim(
  plan: RunPlan,
  scenario: CommonsScenario,
  deciders: Deciders,
): Promise<RunResult> {
  const { config, seats, network } = setUpCommons(plan, scenario)
  const played = play(plan, { network, seats }, deciders)
  if ('status' in played) return played
  const facts = commonsFactsOf(config, played.chain)
  const payoffs = commonsPayoffs(config.params, facts)
  const deviation = await deviationMetrics(seats, payoffs, async () =>
    commonsPayoffs(config.params, await playCommonsRounds(withoutFaults(plan), scenario, deciders)),
  )
  return withFindings(concludeCommons(config, seats, facts), played, deviation)
}

async function runGameSim(
  plan: RunPlan,
  scenario: GameScenario,
  deciders: Deciders,
): Promise<RunResult> {
  const setup = setUpGame(plan, scenario)
  const { seats } = setup
  const played = play(plan, setup, deciders)
  if ('status' in played) return played
  const setting = gameSettingOf(plan, scenario, setup)
  const facts = gameFactsOf(played.chain)
  const deviation = await deviationMetrics(seats, gamePayoffs(setting, facts.rows), async () => {
    const calm = await playGameRounds(withoutFaults(plan), scenario, deciders)
    return gamePayoffs(setting, calm.rows)
  })
  return withFindings(concludeGame(setting, facts), played, deviation)
}

function play(
  plan: RunPlan,
  { network, seats }: Pick<RunSetup<unknown>, 'network' | 'seats'>,
  deciders: Deciders,
): Played | FailedRun {
  const { seed, condition } = plan
  const faults = seats.map(faultOf)
  const agents = createSeatAgents(plan, { seats, network }, deciders)
  const conditions = condition.network
  const report = playSim({
    network,
    seed,
    faults,
    conditions,
    attend: (replicas) => ({ onEffect: askAgents(agents, replicas) }),
    isLast: ({ kind }) => kind === 'run-ended',
  })
  const reason = failureOf(report, faults) ?? findMissed(report, network, faults)
  if (reason !== null) return { status: 'failed', reason, events: [] }
  const agentIds = network.instance.seats
  const { events, offences, named } = report
  const isAttacked = faults.some((fault) => fault !== null)
  return {
    chain: readChain(agentIds, seenOf(events)),
    slashings: slashingsOf(agentIds, events),
    metrics: {
      ...systemMetrics(report, conditions),
      ...(isAttacked ? attackMetrics({ seats: agentIds, faults, events, offences, named }) : {}),
    },
  }
}

function seenOf(events: readonly PlacedEvent[]): readonly SeenEvent[] {
  return events.flatMap(({ event }) => seenEvent(event) ?? [])
}

/** Puts each replica's questions to the agent of its seat, whatever else the replica does. */
export function askAgents(
  agents: readonly Agent[],
  replicas: SimNetwork,
): NonNullable<WorldOptions['onEffect']> {
  return (instance, effect) => {
    const agent = agents[instance.agent]
    const replica = replicas.replicaOf(instance.agent)
    if (effect.kind !== 'ask-agent' || agent === undefined || replica === undefined) return []
    const command = answerQuestion(agent, replica.ledger, effect.question)
    if (command === null) return []
    return [{ delayMs: THINK_MS, input: { kind: 'command', command } }]
  }
}

function findMissed(
  { events }: SimReport,
  { instance }: RunNetwork,
  faults: readonly (SeatFault | null)[],
): string | null {
  const faulty = new Set(faults.flatMap((fault, seat) => (fault === null ? [] : [seat])))
  return findMissedAct(instance.seats, faulty, seenOf(events))
}
