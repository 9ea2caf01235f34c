import {
  type AgentId,
  agreements,
  commons,
  formationQuorum,
  game,
  headOf,
  type InstanceGenesis,
  instances,
  type Ledger,
  ok,
  present,
  type Result,
  type Run,
  reject,
  runs,
} from '@commonweal/protocol'
import type { NegotiationSituation } from '../agent/agent.ts'
import { createNegotiationSituation } from '../situation.ts'

/**
 * - `unknown-instance`: there is no such instance.
 * - `unplayable`: agents cannot play it.
 * - `not-about-law`: its contracts are words, or there are none.
 * - `run-over`: no negotiation is left in its run, and no other run follows.
 * - `no-seat`: the agent has no seat in the next negotiation.
 */
export type NoTalkCode =
  | 'unknown-instance'
  | 'unplayable'
  | 'not-about-law'
  | 'run-over'
  | 'no-seat'

/**
 * The next negotiation about an instance, as an agent would see it if it began now: in this run, or from the first round of
 * the next where a contract covers all of this one. What nobody can know yet is as it stands.
 *
 * The signal of a round is left out: it is shown to agents alone.
 */
export function foreseeNegotiation(
  ledger: Ledger,
  agent: AgentId,
  subnet: string,
): Result<NegotiationSituation, NoTalkCode> {
  const instance = instances.find(ledger, subnet)
  const run = runs.find(ledger, subnet)
  if (instance === undefined || run === undefined) return reject('unknown-instance')
  if (instance.contract !== 'law') return reject('not-about-law')
  const { epoch } = headOf(ledger)
  const seen = createNegotiationSituation(ledger, {
    kind: 'negotiate',
    subnet,
    epoch,
    seat: Math.max(0, run.seats.indexOf(agent)),
    target: epoch + instance.contractDelay,
    turn: 0,
    standing: null,
    transcript: [],
  })
  if (seen === undefined) return reject('unplayable')
  const open = { ...withoutSignal(seen), law: null, agreed: null, covering: null }
  if (run.status === 'running' && hasRoundLeft(ledger, run, open)) {
    return run.seats.includes(agent) ? ok(open) : reject('no-seat')
  }
  return instance.repeat ? startNextRun(instance, run, open, agent) : reject('run-over')
}

function withoutSignal(seen: NegotiationSituation): NegotiationSituation {
  return seen.kind === 'commons'
    ? { ...seen, signalRatePercent: null }
    : { ...seen, signalState: null }
}

/** Whether this run has a round that is still to be negotiated about. */
function hasRoundLeft(ledger: Ledger, run: Run, situation: NegotiationSituation): boolean {
  const { epoch, contractDelay, params, state } = situation
  const next = headOf(ledger).phase === 'negotiate' ? 0 : 1
  const last = epoch + params.rounds - state.round
  const covered = run.agreements.map(
    (id) => present(agreements.find(ledger, id), 'a run lists agreements that exist').until,
  )
  return Math.max(epoch + contractDelay + next, ...covered.map((until) => until + 1)) <= last
}

function startNextRun(
  instance: InstanceGenesis,
  run: Run,
  situation: NegotiationSituation,
  agent: AgentId,
): Result<NegotiationSituation, NoTalkCode> {
  const seats = [...run.seats.filter((seat) => !run.leaving.includes(seat)), ...run.joining]
  const seat = seats.indexOf(agent)
  if (seat < 0) return reject('no-seat')
  const place = {
    seat,
    seats,
    quorum: formationQuorum(instance, seats.length),
    holds: seats.map(() => null),
    history: [],
  }
  return situation.kind === 'commons'
    ? ok({ ...situation, ...place, state: commons.start(situation.params, seats.length) })
    : ok({ ...situation, ...place, state: game.start(situation.params, seats.length) })
}
