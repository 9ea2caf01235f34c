import { type RunResult, runRounds, seededBeacons } from '@commonweal/bench/run'
import { parsePolicy, prosocialityOfLambda } from '@commonweal/node/agent'
import { createLocalGenesis, localName } from '@commonweal/node/local'
import { type ContractMode, networkIdOf, present } from '@commonweal/protocol'
import { formatJson } from '../output.ts'
import type { RunRecord } from './build-report.ts'
import { type HeardTurn, parseEvent, parseTurn, type ShownEvent } from './chain-record.ts'
import { computeCounterfactuals, configOfExperiment } from './counterfactual.ts'

/** For tests: the record of a run of the plain state machine, in the shape in which a node would tell it. */
export async function replayAsRecord(options: {
  readonly contract?: ContractMode
  readonly lambdas?: readonly number[]
  readonly seed?: string
}): Promise<RunRecord> {
  const { contract = 'law', lambdas = [0, 0, 0.6, 1, 3], seed = '1' } = options
  const genesis = createLocalGenesis({ nodes: 5, seed, contract })
  const instance = present(genesis.instances[0], 'a local genesis has one instance')
  const policy = parsePolicy('utility')
  const weights = genesis.accounts.map((_, index) =>
    prosocialityOfLambda(lambdas[index % lambdas.length] ?? 0),
  )
  const experiment = {
    nodes: 5,
    rounds: 12,
    prosociality: weights.flatMap((weight) => (weight.ok ? [weight.value] : [])),
    faults: [],
    policies: weights.flatMap(() => (policy.ok ? [policy.value] : [])),
    values: 'seeded',
    contract,
    contractDelay: 0,
    regeneration: 'deterministic',
    law: null,
    seed,
  } as const
  const config = configOfExperiment(instance, experiment)
  const result = await runRounds(config, seededBeacons(networkIdOf(genesis), instance.seats, seed))
  return {
    network: genesis.name,
    networkId: networkIdOf(genesis),
    seed,
    run: 1,
    params: config.params,
    contractMode: contract,
    contractDelay: 0,
    seats: genesis.accounts.map(({ agent, balanceMicro }, index) => ({
      agent,
      name: localName(index),
      policy: 'utility',
      fault: null,
      lambda: experiment.prosociality[index]?.lambda ?? 0,
      balanceMicro,
      startBalanceMicro: balanceMicro,
      model: null,
    })),
    events: eventsOf(result, instance.seats),
    turns: turnsOf(result),
    opinions: [],
    newcomer: null,
    counterfactuals: await computeCounterfactuals(genesis, instance, experiment),
  }
}

function eventsOf(result: RunResult, seats: readonly string[]): readonly ShownEvent[] {
  const formed = result.agreements.map(({ id, terms, holders }) => ({
    kind: 'agreement-formed',
    id,
    terms,
    signers: holders.map((seat) => seats[seat]),
  }))
  const settled = result.rows.map((row) => ({
    kind: 'round-settled',
    subnet: 'commons',
    epoch: row.round,
    run: 1,
    row,
    laws: result.laws
      .filter(({ round }) => round === row.round)
      .map(({ agreement, records }) => ({ id: agreement, records })),
  }))
  return [...formed, ...settled].map((event) =>
    present(parseEvent(asJson(event)), 'an event that the command line knows'),
  )
}

function turnsOf(result: RunResult): readonly HeardTurn[] {
  return result.negotiations.flatMap(({ round, turns }) =>
    turns.map(({ turn, seat, move }) =>
      present(
        parseTurn(
          asJson({
            subnet: 'commons',
            conversation: `round-${round}`,
            target: round,
            turn: {
              turn,
              seat,
              move: move.move,
              terms: move.move === 'propose' ? move.terms : null,
              text: move.move === 'reject' ? move.text : '',
            },
          }),
        ),
        'a turn that the command line knows',
      ),
    ),
  )
}

function asJson(value: unknown): unknown {
  return JSON.parse(formatJson(value))
}
