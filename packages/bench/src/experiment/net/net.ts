import { type LocalAgent, OperationalError } from '@commonweal/node/local'
import { readChain } from '../chain/chain-facts.ts'
import { commonsFactsOf, gameFactsOf } from '../chain/conclude-chain.ts'
import { type Played, withFindings } from '../chain/findings.ts'
import { findMissedAct } from '../chain/missed-act.ts'
import { slashingsOf } from '../chain/slashings.ts'
import { deviationMetrics, withoutFaults } from '../deviation.ts'
import type { Fidelity } from '../fidelity.ts'
import type { RunNetwork } from '../network-setup.ts'
import { loadOwnAgents } from '../own/own-agents.ts'
import { findOwnFault, pluginOf } from '../own/own-nodes.ts'
import { commonsPayoffs, concludeCommons } from '../rounds/commons-result.ts'
import { playCommonsRounds } from '../rounds/commons-rounds.ts'
import { concludeGame, gamePayoffs } from '../rounds/game-result.ts'
import { playGameRounds } from '../rounds/game-rounds.ts'
import type { RunPlan } from '../run-plan.ts'
import type { FailedRun, RunResult } from '../run-result.ts'
import { type Deciders, gameSettingOf, NOBODY, setUpCommons, setUpGame } from '../run-setup.ts'
import type { CommonsScenario, GameScenario } from '../scenario.ts'
import { agentOptionsOf } from '../seat-agent.ts'
import { type ExperimentSeat, nodeFaultOf } from '../seat-plan.ts'
import { runForecastNet } from './forecast-net.ts'
import { netMetrics } from './net-metrics.ts'
import type { NetRun } from './net-run.ts'
import { playNet } from './play-net.ts'
import { parseTold } from './told-event.ts'

/** Real processes over real sockets on this machine, one network at a time. */
export const net: Fidelity = {
  async run(plan, signal) {
    signal.throwIfAborted()
    const own = await loadOwnAgents(plan)
    try {
      return await runScenario(plan, { ...NOBODY, own }, signal)
    } catch (cause) {
      // What the machine did wrong says nothing about the agents.
      if (!(cause instanceof OperationalError)) throw cause
      return { status: 'failed', reason: `${cause.code}: ${cause.message}`, events: [] }
    }
  },
}

function runScenario(plan: RunPlan, deciders: Deciders, signal: AbortSignal): Promise<RunResult> {
  const { scenario } = plan.condition
  switch (scenario.kind) {
    case 'commons':
      return runCommonsNet({ plan, deciders, signal }, scenario)
    case 'game':
      return runGameNet({ plan, deciders, signal }, scenario)
    case 'forecast':
      return runForecastNet({ plan, deciders, signal }, scenario)
  }
}

async function runCommonsNet(
  { plan, deciders, signal }: NetRun,
  scenario: CommonsScenario,
): Promise<RunResult> {
  const setup = setUpCommons(plan, scenario)
  const { config, seats } = setup
  const played = await play(plan, setup, signal)
  if ('status' in played) return played
  const facts = commonsFactsOf(config, played.chain)
  const deviation = await deviationMetrics(seats, commonsPayoffs(config.params, facts), async () =>
    commonsPayoffs(config.params, await playCommonsRounds(withoutFaults(plan), scenario, deciders)),
  )
  return withFindings(concludeCommons(config, seats, facts), played, deviation)
}

async function runGameNet(
  { plan, deciders, signal }: NetRun,
  scenario: GameScenario,
): Promise<RunResult> {
  const setup = setUpGame(plan, scenario)
  const played = await play(plan, setup, signal)
  if ('status' in played) return played
  const setting = gameSettingOf(plan, scenario, setup)
  const facts = gameFactsOf(played.chain)
  const deviation = await deviationMetrics(
    setup.seats,
    gamePayoffs(setting, facts.rows),
    async () => {
      const calm = await playGameRounds(withoutFaults(plan), scenario, deciders)
      return gamePayoffs(setting, calm.rows)
    },
  )
  return withFindings(concludeGame(setting, facts), played, deviation)
}

async function play(
  plan: RunPlan,
  { network, seats }: { readonly network: RunNetwork; readonly seats: readonly ExperimentSeat[] },
  signal: AbortSignal,
): Promise<Played | FailedRun> {
  const { seed, condition } = plan
  const { law, network: conditions } = condition
  const faults = seats.map(nodeFaultOf)
  const agents = seats.map((seat, index): LocalAgent => {
    const fault = faults[index] ?? null
    const plugin = pluginOf(plan, seat.policy)
    return { ...agentOptionsOf(seat), ...plugin, ...(fault === null ? {} : { fault }) }
  })
  const report = await playNet(
    {
      network,
      seed,
      agents,
      law,
      conditions,
      parse: parseTold,
      epochOf: (event) => (event.kind === 'phase' ? event.epoch : null),
      isLast: ({ kind }) => kind === 'run-ended',
    },
    signal,
  )
  const { seats: agentIds } = network.instance
  const seen = report.events.map(({ event }) => event)
  const faulty = new Set(faults.flatMap((fault, seat) => (fault === null ? [] : [seat])))
  const reason = findOwnFault(report.views) ?? findMissedAct(agentIds, faulty, seen)
  if (reason !== null) return { status: 'failed', reason, events: [] }
  return {
    chain: readChain(agentIds, seen),
    slashings: slashingsOf(agentIds, report.events),
    metrics: netMetrics({ ...report, seats: agentIds, faults }),
  }
}
