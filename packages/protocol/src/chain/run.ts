import type { InstanceGenesis } from '../genesis.ts'
import { present } from '../invariant.ts'
import { accountOf } from '../ledger/account.ts'
import { closeHold } from '../ledger/money.ts'
import {
  agreements,
  changeRun,
  instances,
  NO_ACT,
  type Run,
  rowsOf,
  runs,
  type SeatAct,
  seatHoldId,
  subnetOf,
  subnetStates,
} from './instance.ts'
import type { Work } from './work.ts'

/** Bytes of transactions for which a seat must have fees when an epoch begins; with less it sits out. [EPO-5] */
const ROUND_FEE_BYTES = 16_384n

/** Starts a run with these seats, from round 1. [SUB-2] */
export function startRun(
  work: Work,
  id: string,
  { seats, run, startEpoch }: Pick<Run, 'seats' | 'run' | 'startEpoch'>,
): void {
  const instance = present(instances.find(work.ledger, id), 'a run belongs to an instance')
  const subnet = subnetOf(work.context, instance)
  forgetRows(work, id)
  runs.put(work, id, {
    status: seats.length === 0 ? 'ended' : 'running',
    run,
    startEpoch,
    seats,
    joining: [],
    leaving: [],
    acts: seats.map(() => NO_ACT),
    agreements: [],
  })
  subnetStates.put(work, id, subnet.start(instance.params, seats.length))
  if (seats.length > 0) work.events.push({ kind: 'run-started', subnet: id, run, seats })
}

/** Ends a run: who leaves gets its bond back, and all do where no other run follows. [SUB-2] [SUB-3] */
export function endRun(work: Work, id: string): void {
  const instance = present(instances.find(work.ledger, id), 'a run belongs to an instance')
  const run = present(runs.find(work.ledger, id), 'a run ends once')
  for (const agent of instance.repeat ? run.leaving : run.seats) {
    closeHold(work, seatHoldId(id, agent), 'owner')
  }
  changeRun(work, id, (before) => ({ ...before, status: 'ended' }))
  work.events.push({ kind: 'run-ended', subnet: id, run: run.run })
}

/**
 * What an instance's seats owe in the epoch that begins: nothing where there is nothing to negotiate or a law already
 * binds the seat, and nothing at all where it cannot cover a round. A run that has ended starts anew where it repeats.
 * [EPO-3] [EPO-5] [SUB-2]
 */
export function startEpochOf(work: Work, id: string, epoch: number): void {
  const instance = present(instances.find(work.ledger, id), 'a run belongs to an instance')
  const ended = present(runs.find(work.ledger, id), 'every instance has a run')
  if (ended.status === 'ended') {
    if (!instance.repeat) return
    const stay = ended.seats.filter((agent) => !ended.leaving.includes(agent))
    const seats = [...stay, ...ended.joining]
    // An empty run stands until somebody sits down.
    if (seats.length === 0 && ended.seats.length === 0) return
    startRun(work, id, { seats, run: ended.run + 1, startEpoch: epoch })
  }
  const run = present(runs.find(work.ledger, id), 'every instance has a run')
  if (run.status === 'ended') return
  const acts = run.seats.map((_, seat) => openingAct(work, instance, run, seat, epoch))
  changeRun(work, id, (before) => ({ ...before, acts }))
  for (const [seat, act] of acts.entries()) {
    const agent = present(run.seats[seat], 'every act has its seat')
    if (act.sitsOut)
      work.events.push({ kind: 'sits-out', subnet: id, agent, code: 'cannot-fund-round' })
  }
}

function openingAct(
  work: Work,
  instance: InstanceGenesis,
  run: Run,
  seat: number,
  epoch: number,
): SeatAct {
  const target = epoch + instance.contractDelay
  const isCovered = run.agreements.some((id) => {
    const agreement = present(agreements.find(work.ledger, id), 'a run lists its agreements')
    const [from] = agreement.terms.rounds
    return agreement.bound[seat] === true && from <= target && target <= agreement.until
  })
  const agent = present(run.seats[seat], 'every act has its seat')
  const neededMicro = roundNeedMicro(work, instance, 1n)
  return {
    ...NO_ACT,
    negotiated: instance.contract === 'none' || isCovered,
    sitsOut: accountOf(work.ledger, agent).balanceMicro < neededMicro,
  }
}

/** What a seat needs in its balance to act in so many rounds: one seal bond, which comes back, and fees. [EPO-5] */
export function roundNeedMicro(
  work: Pick<Work, 'context'>,
  instance: InstanceGenesis,
  rounds: bigint,
): bigint {
  const subnet = subnetOf(work.context, instance)
  const { feePerByteMicro } = work.context.genesis
  return subnet.sealBondMicro(instance.params) + feePerByteMicro * ROUND_FEE_BYTES * rounds
}

function forgetRows(work: Work, id: string): void {
  if (rowsOf(work.ledger, id).length === 0) return
  for (const [key] of work.ledger.entries(`row/${id}/`)) work.ledger = work.ledger.delete(key)
}
