import { encode } from '../codec/cbor.ts'
import { type Digest, digestOf } from '../codec/digest.ts'
import type { AgentId } from '../identity/agent-id.ts'
import { present } from '../invariant.ts'
import { closeHold, openHold } from '../ledger/money.ts'
import { ignore, ok, type Result } from '../result.ts'
import { headOf } from './head.ts'
import {
  changeAct,
  instances,
  type Run,
  runs,
  type SeatAct,
  sealHoldId,
  subnetOf,
  subnetStates,
} from './instance.ts'
import type { TransactionOf, Work } from './work.ts'

export type ActCode =
  | 'unknown-instance'
  | 'not-seated'
  | 'run-over'
  | 'wrong-phase'
  | 'sits-out'
  | 'already-sealed'
  | 'already-passed'
  | 'cannot-fund-seal'
  | 'not-sealed'
  | 'already-revealed'
  | 'wrong-reveal'
  | 'action-out-of-range'
  | 'owes-reveal'

/** The hidden action that a seal commits its author to. */
export interface HiddenAction {
  readonly author: AgentId
  readonly epoch: number
  readonly subnet: string
  readonly action: bigint
  readonly salt: Uint8Array
}

/** The digest of a hidden action. Its author is in it, so that a seal cannot be copied. [EPO-4] */
export function sealDigest(hidden: HiddenAction): Digest {
  const { author, epoch, subnet, action, salt } = hidden
  return digestOf(encode(['seal', author, epoch, subnet, action, salt]))
}

interface Seated {
  readonly run: Run
  readonly seat: number
  readonly act: SeatAct
}

function findSeat(work: Work, subnet: string, agent: AgentId): Result<Seated, ActCode> {
  const run = runs.find(work.ledger, subnet)
  if (run === undefined) return ignore('unknown-instance', { subnet })
  if (run.status === 'ended') return ignore('run-over', { subnet })
  const seat = run.seats.indexOf(agent)
  if (seat < 0) return ignore('not-seated', { subnet })
  return ok({ run, seat, act: present(run.acts[seat], 'every seat has its acts') })
}

/** Commits to an action in the seal phase; the bond is set aside until the reveal. [EPO-4] [EPO-5] */
export function applySeal(work: Work, tx: TransactionOf<'seal'>): Result<void, ActCode> {
  const found = findSeat(work, tx.subnet, tx.author)
  if (!found.ok) return found
  const { phase } = headOf(work.ledger)
  if (phase !== 'seal') return ignore('wrong-phase', { phase, wanted: 'seal' })
  const { act, seat } = found.value
  if (act.sitsOut) return ignore('sits-out')
  if (act.seal !== null) return ignore('already-sealed')
  if (act.passed) return ignore('already-passed')
  const { subnet, params } = instanceOf(work, tx.subnet)
  const bonded = openHold(work, sealHoldId(tx.subnet, tx.author), {
    owner: tx.author,
    purpose: 'seal',
    subnet: tx.subnet,
    amountMicro: subnet.sealBondMicro(params),
  })
  if (!bonded) return ignore('cannot-fund-seal', { bond: subnet.sealBondMicro(params) })
  changeAct(work, tx.subnet, seat, { seal: tx.digest })
  return ok(undefined)
}

/** Opens a seal: all seals are in blocks by then, since the reveal phase follows the seal phase. [EPO-4] */
export function applyReveal(work: Work, tx: TransactionOf<'reveal'>): Result<void, ActCode> {
  const found = findSeat(work, tx.subnet, tx.author)
  if (!found.ok) return found
  const { phase, epoch } = headOf(work.ledger)
  if (phase !== 'reveal') return ignore('wrong-phase', { phase, wanted: 'reveal' })
  const { act, seat } = found.value
  if (act.seal === null) return ignore('not-sealed')
  if (act.revealed !== null) return ignore('already-revealed')
  const digest = sealDigest({ ...tx, epoch })
  if (digest !== act.seal) return ignore('wrong-reveal', { given: digest, sealed: act.seal })
  const { subnet, params, state } = instanceOf(work, tx.subnet)
  const actionMax = subnet.actionMax(params, state)
  if (tx.action > actionMax) {
    return ignore('action-out-of-range', { given: tx.action, max: actionMax })
  }
  closeHold(work, sealHoldId(tx.subnet, tx.author), 'owner')
  changeAct(work, tx.subnet, seat, { revealed: Number(tx.action) })
  return ok(undefined)
}

/** Nothing from me in this phase; one who has sealed owes a reveal and may not pass. [EPO-3] */
export function applyPass(work: Work, tx: TransactionOf<'pass'>): Result<void, ActCode> {
  const found = findSeat(work, tx.subnet, tx.author)
  if (!found.ok) return found
  const { phase } = headOf(work.ledger)
  const { act, seat } = found.value
  if (act.seal !== null && act.revealed === null) return ignore('owes-reveal')
  if (phase === 'negotiate') {
    if (act.negotiated) return ignore('already-passed')
    changeAct(work, tx.subnet, seat, { negotiated: true })
    return ok(undefined)
  }
  if (phase !== 'seal') return ignore('wrong-phase', { phase, wanted: 'negotiate or seal' })
  if (act.passed) return ignore('already-passed')
  changeAct(work, tx.subnet, seat, { passed: true })
  return ok(undefined)
}

function instanceOf(work: Work, id: string) {
  const instance = present(instances.find(work.ledger, id), 'a run belongs to an instance')
  const subnet = subnetOf(work.context, instance)
  return { subnet, params: instance.params, state: subnetStates.find(work.ledger, id) }
}
