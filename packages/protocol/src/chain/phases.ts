import { nextBeacon } from '../epoch/beacon.ts'
import type { Ledger } from '../ledger/draft.ts'
import { slash } from '../ledger/money.ts'
import type { Phase } from './event.ts'
import { passDeadlines } from './forecast/deadline.ts'
import { callJurors } from './forecast/jury.ts'
import { type Head, headOf, putHead, shareKey, shares, sharesOf } from './head.ts'
import { instances, runs, type SeatAct, subnetOf } from './instance.ts'
import { settleEpoch } from './settlement.ts'
import type { Work } from './work.ts'

/** Part of its bond that a validator loses for a share that it sealed and did not reveal. [SLA-1] */
const SHARE_NOT_REVEALED_PPM = 1_000n

/**
 * Ends a block: the phase ends with it if everybody who owes an act in it has done it, or if it has its greatest length;
 * the end of the `beacon` phase settles the epoch. [EPO-1] [EPO-2]
 *
 * Result  true exactly where this block is b_e, the last of its epoch.
 */
export function endBlock(work: Work): boolean {
  const before = headOf(work.ledger)
  const height = before.height + 1
  const head = { ...before, height }
  putHead(work, head)
  passDeadlines(work, height)
  const length = height - head.phaseHeight + 1
  const isOver = isPhaseDone(work, head) || length >= phaseHeightsMax(work, head.phase)
  if (!isOver) return false
  switch (head.phase) {
    case 'negotiate':
      enterPhase(work, head, hasSignal(work) ? 'signal' : 'seal')
      return false
    case 'signal':
      slashUnrevealed(work, head, 'signal')
      enterPhase(work, { ...head, signal: computeSignal(work, head) }, 'seal')
      return false
    case 'seal':
      enterPhase(work, head, 'reveal')
      return false
    case 'reveal':
      callJurors(work)
      enterPhase(work, head, 'beacon')
      return false
    case 'beacon':
      slashUnrevealed(work, head, 'beacon')
      settleEpoch(work, head)
      return true
  }
}

function enterPhase(work: Work, head: Head, phase: Phase): void {
  const phaseHeight = head.height + 1
  putHead(work, { ...head, phase, phaseHeight })
  work.events.push({ kind: 'phase', epoch: head.epoch, phase, height: phaseHeight })
}

/** Whether everybody who owes an act in this phase has done it. [EPO-2] */
function isPhaseDone(work: Work, head: Head): boolean {
  switch (head.phase) {
    case 'negotiate':
      return everySeat(work.ledger, (act) => act.negotiated)
    case 'seal':
      return (
        everySeat(work.ledger, (act) => act.seal !== null || act.passed) &&
        hasEverySeal(work, head, 'beacon', head.epoch) &&
        (!hasSignal(work) || hasEverySeal(work, head, 'signal', head.epoch + 1))
      )
    case 'reveal':
      return everySeat(work.ledger, (act) => act.seal === null || act.revealed !== null)
    case 'signal':
    case 'beacon':
      return sharesOf(work.ledger, head.epoch, head.phase).every((share) => share.share !== null)
  }
}

/** One who sits out owes nothing. */
function everySeat(ledger: Ledger, hasDone: (act: SeatAct) => boolean): boolean {
  for (const [, run] of runs.entries(ledger)) {
    if (run.status === 'running' && !run.acts.every((act) => act.sitsOut || hasDone(act))) {
      return false
    }
  }
  return true
}

function hasEverySeal(
  work: Work,
  head: Head,
  purpose: 'beacon' | 'signal',
  epoch: number,
): boolean {
  return head.validators.every(
    ({ agent }) => shares.find(work.ledger, shareKey(epoch, purpose, agent)) !== undefined,
  )
}

/** Whether an instance that runs, or may run in the next epoch, shows its agents a signal. [EPO-8] */
export function hasSignal(work: Pick<Work, 'ledger' | 'context'>): boolean {
  for (const [id, instance] of instances.entries(work.ledger)) {
    if (runs.find(work.ledger, id)?.status !== 'running' && !instance.repeat) continue
    const subnet = subnetOf(work.context, instance)
    if (subnet.hasSignal(instance.params)) return true
  }
  return false
}

function computeSignal(work: Work, head: Head) {
  const revealed = sharesOf(work.ledger, head.epoch, 'signal').flatMap(({ share }) =>
    share === null ? [] : [share],
  )
  return nextBeacon(head.beacon, revealed)
}

function slashUnrevealed(work: Work, head: Head, purpose: 'beacon' | 'signal'): void {
  for (const { agent, share } of sharesOf(work.ledger, head.epoch, purpose)) {
    if (share !== null) continue
    const amountMicro = slash(work, { agent, ppm: SHARE_NOT_REVEALED_PPM, reporter: null })
    work.events.push({ kind: 'slashed', agent, offence: 'share-not-revealed', amountMicro })
  }
}

function phaseHeightsMax(work: Work, phase: Phase): number {
  const { epochs } = work.context.genesis
  switch (phase) {
    case 'negotiate':
      return epochs.negotiateHeightsMax
    case 'signal':
      return epochs.signalHeightsMax
    case 'seal':
      return epochs.sealHeightsMax
    case 'reveal':
      return epochs.revealHeightsMax
    case 'beacon':
      return epochs.beaconHeightsMax
  }
}
