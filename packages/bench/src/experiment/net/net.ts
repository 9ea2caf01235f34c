import { OperationalError } from '@commonweal/node/local'
import { readChain, type SeenEvent } from '../chain/chain-facts.ts'
import { commonsFactsOf, gameFactsOf } from '../chain/conclude-chain.ts'
import { findMissedAct } from '../chain/missed-act.ts'
import type { Fidelity } from '../fidelity.ts'
import type { RunNetwork } from '../network-setup.ts'
import { concludeCommons } from '../rounds/commons-result.ts'
import { concludeGame } from '../rounds/game-result.ts'
import type { RunPlan } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import { gameSettingOf, setUpCommons, setUpGame } from '../run-setup.ts'
import { agentOptionsOf } from '../seat-agent.ts'
import type { ExperimentSeat } from '../seat-plan.ts'
import { runForecastNet } from './forecast-net.ts'
import { playNet } from './play-net.ts'
import { parseTold } from './told-event.ts'

/** Real processes over real sockets on this machine, one network at a time. */
export const net: Fidelity = {
  async run(plan, signal) {
    signal.throwIfAborted()
    try {
      return await runScenario(plan, signal)
    } catch (cause) {
      // What the machine did wrong says nothing about the agents.
      if (!(cause instanceof OperationalError)) throw cause
      return { status: 'failed', reason: `${cause.code}: ${cause.message}`, events: [] }
    }
  },
}

async function runScenario(plan: RunPlan, signal: AbortSignal): Promise<RunResult> {
  const { scenario } = plan.condition
  switch (scenario.kind) {
    case 'commons': {
      const { config, seats, network } = setUpCommons(plan, scenario)
      return play(plan, { network, seats }, signal, (events) =>
        concludeCommons(config, seats, commonsFactsOf(config, readSeats(network, events))),
      )
    }
    case 'game': {
      const setup = setUpGame(plan, scenario)
      return play(plan, setup, signal, (events) =>
        concludeGame(
          gameSettingOf(plan, scenario, setup),
          gameFactsOf(readSeats(setup.network, events)),
        ),
      )
    }
    case 'forecast':
      return runForecastNet(plan, scenario, signal)
  }
}

function readSeats({ instance }: RunNetwork, events: readonly SeenEvent[]) {
  return readChain(instance.seats, events)
}

async function play(
  { seed, condition }: RunPlan,
  { network, seats }: { readonly network: RunNetwork; readonly seats: readonly ExperimentSeat[] },
  signal: AbortSignal,
  conclude: (events: readonly SeenEvent[]) => RunResult,
): Promise<RunResult> {
  const { law, network: conditions } = condition
  const agents = seats.map(agentOptionsOf)
  const isLast = ({ kind }: SeenEvent): boolean => kind === 'run-ended'
  const events = await playNet(
    { network, seed, agents, law, conditions, parse: parseTold, isLast },
    signal,
  )
  const reason = findMissedAct(network.instance.seats, new Set(), events)
  return reason === null ? conclude(events) : { status: 'failed', reason, events: [] }
}
