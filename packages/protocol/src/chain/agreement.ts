import type { Cid } from '../codec/cid.ts'
import { checkLaw, type LawRefusal } from '../contract/law.ts'
import { type Terms, termsCid } from '../contract/terms.ts'
import type { InstanceGenesis } from '../genesis.ts'
import type { AgentId } from '../identity/agent-id.ts'
import { present } from '../invariant.ts'
import { accountOf, slashableMicro } from '../ledger/account.ts'
import { openAs } from '../message/envelope.ts'
import type { AcceptProposal } from '../message/negotiation.ts'
import { ignore, ok, type Result, reject } from '../result.ts'
import { endBefore } from './agreement-end.ts'
import { chargeUnfunded, type Formation, findUnfunded, takeCollateral } from './collateral.ts'
import { headOf } from './head.ts'
import {
  type Agreement,
  agreements,
  boundPartiesOf,
  changeRun,
  endedAgreements,
  formationQuorum,
  instances,
  type Run,
  runs,
  subnetOf,
} from './instance.ts'
import type { TransactionOf, Work } from './work.ts'

export type AgreementCode =
  | LawRefusal
  | 'unknown-instance'
  | 'run-over'
  | 'wrong-phase'
  | 'wrong-mode'
  | 'wrong-rounds'
  | 'wrong-parties'
  | 'wrong-quorum'
  | 'bad-acceptance'
  | 'wrong-terms'
  | 'acceptance-expired'
  | 'not-a-party'
  | 'bond-too-small'
  | 'no-quorum'
  | 'already-bound'
  | 'already-ended'
  | 'too-many-agreements'
  | 'unknown-agreement'
  | 'cannot-fund-agreement'

/** Agreements, in force or to come, that may bind one seat at once. [AGR-5] */
export const AGREEMENTS_PER_SEAT_MAX = 16

interface Place {
  readonly instance: InstanceGenesis
  readonly run: Run
}

/**
 * Forms an agreement, adds signers to one, or replaces one. [AGR-3] [AGR-7]
 *
 * The checks are in the order of the spec, cheap before dear, so that every node gives the same code.
 */
export function applyAgreement(
  work: Work,
  tx: TransactionOf<'agreement'>,
): Result<void, AgreementCode> {
  const { terms } = tx
  const id = termsCid(terms)
  const existing = agreements.find(work.ledger, id)
  const place = checkPlace(work, terms, id, existing)
  if (!place.ok) return place
  const { instance, run } = place.value
  const signers = checkAcceptances(work, tx, id)
  if (!signers.ok) return signers
  const signer = run.seats.map(
    (agent, seat) => signers.value.has(agent) || existing?.signer[seat] === true,
  )
  if (existing !== undefined && signer.every((is, seat) => is === existing.signer[seat])) {
    return ignore('already-bound', { agreement: id })
  }
  const enough = checkQuorum(instance, run, terms, signer)
  if (!enough.ok) return enough
  const bound = instance.binding === 'members' ? run.seats.map(() => true) : signer
  const candidate = { instance, run, id, terms, existing, signer, bound }
  const replaced = checkUnbound(work, candidate)
  if (!replaced.ok) return replaced
  const law = checkTermsLaw(work, instance, run, terms)
  if (!law.ok) return law
  return form(work, { ...candidate, replaced: replaced.value })
}

/** What is replaced goes first, so that its collateral can serve again; without the funds it stays as it was. [AGR-6] */
function form(work: Work, formation: Formation): Result<void, AgreementCode> {
  const { instance, run, id, terms, existing, signer, bound, replaced } = formation
  const before = work.ledger
  const eventCount = work.events.length
  if (replaced !== null) endBefore(work, replaced, terms.rounds[0], 'replaced')
  const unfunded = findUnfunded(work, formation)
  if (unfunded !== null) {
    work.ledger = before
    work.events.length = eventCount
    chargeUnfunded(work, formation, unfunded)
    const { agent, askedMicro, balanceMicro } = unfunded
    return ignore('cannot-fund-agreement', { agent, asked: askedMicro, balance: balanceMicro })
  }
  const lawState = takeCollateral(work, formation)
  agreements.put(work, id, {
    terms,
    subnet: terms.subnet,
    formedHeight: existing?.formedHeight ?? headOf(work.ledger).height + 1,
    until: existing?.until ?? terms.rounds[1],
    signer,
    bound,
    lawState,
  })
  bindSeats(work, instance, terms, id, bound)
  work.events.push({
    kind: 'agreement-formed',
    id,
    terms,
    signers: run.seats.filter((_, seat) => signer[seat] === true),
    takenMicro: run.seats.map(
      (_, seat) =>
        (lawState?.collateralMicro[seat] ?? 0n) - (existing?.lawState?.collateralMicro[seat] ?? 0n),
    ),
  })
  return ok(undefined)
}

function checkPlace(
  work: Work,
  terms: Terms,
  id: Cid,
  existing: Agreement | undefined,
): Result<Place, AgreementCode> {
  const instance = instances.find(work.ledger, terms.subnet)
  const run = runs.find(work.ledger, terms.subnet)
  if (instance === undefined || run === undefined) {
    return ignore('unknown-instance', { subnet: terms.subnet })
  }
  if (run.status === 'ended') return ignore('run-over', { subnet: terms.subnet })
  if (terms.mode !== instance.contract) {
    return reject('wrong-mode', { given: terms.mode, accepted: instance.contract })
  }
  const isTimely = checkTime(work, instance, terms, existing)
  if (!isTimely.ok) return isTimely
  if (endedAgreements.find(work.ledger, id) !== undefined) return ignore('already-ended')
  const isMembers = instance.binding === 'members'
  const fits = isMembers
    ? terms.parties.length === run.seats.length &&
      terms.parties.every((party, seat) => party === run.seats[seat])
    : terms.parties.every((party) => run.seats.includes(party))
  if (!fits) return ignore('wrong-parties', { parties: terms.parties.length })
  return ok({ instance, run })
}

/** [AGR-3] The laws of a round are frozen when its negotiate phase ends. */
function checkTime(
  work: Work,
  instance: InstanceGenesis,
  terms: Terms,
  existing: Agreement | undefined,
): Result<void, AgreementCode> {
  const { phase, epoch } = headOf(work.ledger)
  const open = phase === 'negotiate' ? epoch : epoch + 1
  const [from] = terms.rounds
  if (existing === undefined) {
    const earliest = Math.max(open, epoch + instance.contractDelay)
    return from < earliest ? ignore('wrong-rounds', { from, earliest }) : ok(undefined)
  }
  if (existing.until < open)
    return ignore('wrong-rounds', { until: existing.until, earliest: open })
  return from < open && open > epoch ? ignore('wrong-phase', { phase, from }) : ok(undefined)
}

function checkAcceptances(
  work: Work,
  tx: TransactionOf<'agreement'>,
  wanted: Cid,
): Result<ReadonlySet<AgentId>, AgreementCode> {
  const { height } = headOf(work.ledger)
  const signers = new Set<AgentId>()
  for (const envelope of tx.acceptances) {
    const opened = openAs<AcceptProposal>(envelope, ['accept-proposal'], work.context)
    if (!opened.ok) return reject('bad-acceptance', { why: opened.error.code })
    const { author, terms, expiresAtHeight } = opened.value.message
    if (terms !== wanted) return reject('wrong-terms', { given: terms, wanted })
    if (!tx.terms.parties.includes(author)) return reject('not-a-party', { author })
    // The block that is being made has height + 1: an acceptance is good up to and at its height.
    if (expiresAtHeight <= height) {
      return ignore('acceptance-expired', { expiresAtHeight, height: height + 1 })
    }
    // What is unbonding answers for an acceptance too, or unbonding would be a way out of it.
    const stakeMicro = slashableMicro(accountOf(work.ledger, author))
    if (stakeMicro < work.context.genesis.talkBondMinMicro) {
      return ignore('bond-too-small', { author, stake: stakeMicro })
    }
    signers.add(author)
  }
  return ok(signers)
}

function checkQuorum(
  instance: InstanceGenesis,
  run: Run,
  terms: Terms,
  signer: readonly boolean[],
): Result<void, AgreementCode> {
  const given = signer.filter(Boolean).length
  if (instance.binding === 'signers') {
    return given >= terms.quorum
      ? ok(undefined)
      : ignore('no-quorum', { given, quorum: terms.quorum })
  }
  const least = formationQuorum(instance, run.seats.length)
  if (terms.quorum < least || terms.quorum > run.seats.length) {
    return reject('wrong-quorum', { given: terms.quorum, least, most: run.seats.length })
  }
  return given >= least ? ok(undefined) : ignore('no-quorum', { given, quorum: least })
}

/** At most one agreement a seat and round; a replacement carries the quorum of what it replaces. [AGR-5] [AGR-7] */
function checkUnbound(
  work: Work,
  { run, terms, id, existing, signer, bound }: Omit<Formation, 'replaced'>,
): Result<Cid | null, AgreementCode> {
  const until = existing?.until ?? terms.rounds[1]
  const counts = run.seats.map(() => 0)
  let replaced: Cid | null = null
  for (const other of run.agreements) {
    if (other === id) continue
    const agreement = present(agreements.find(work.ledger, other), 'a run lists its agreements')
    const isShared = agreement.bound.map((is, seat) => is && bound[seat] === true)
    for (const [seat, is] of isShared.entries()) if (is) counts[seat] = (counts[seat] ?? 0) + 1
    const overlaps = agreement.terms.rounds[0] <= until && terms.rounds[0] <= agreement.until
    if (!overlaps || !isShared.includes(true)) continue
    if (other !== terms.replaces) return ignore('already-bound', { agreement: other })
    const consenting = boundPartiesOf(agreement, run).filter(
      (party) => signer[run.seats.indexOf(party)] === true,
    ).length
    if (consenting < agreement.terms.quorum) {
      return ignore('no-quorum', { given: consenting, quorum: agreement.terms.quorum })
    }
    replaced = other
  }
  const othersMax = replaced === null ? AGREEMENTS_PER_SEAT_MAX - 1 : AGREEMENTS_PER_SEAT_MAX
  if (Math.max(...counts) > othersMax) {
    return ignore('too-many-agreements', { limit: AGREEMENTS_PER_SEAT_MAX })
  }
  return ok(replaced)
}

function checkTermsLaw(
  work: Work,
  instance: InstanceGenesis,
  run: Run,
  terms: Terms,
): Result<void, AgreementCode> {
  if (terms.law === null) return ok(undefined)
  const subnet = subnetOf(work.context, instance)
  const checked = checkLaw(terms.law, subnet.language(instance.params, run.seats.length))
  return checked.ok ? ok(undefined) : checked
}

/** Bound for the round that is being negotiated, a seat owes that phase nothing more. [EPO-3] */
function bindSeats(
  work: Work,
  instance: InstanceGenesis,
  terms: Terms,
  id: Cid,
  bound: readonly boolean[],
): void {
  const target = headOf(work.ledger).epoch + instance.contractDelay
  const covers = terms.rounds[0] <= target && target <= terms.rounds[1]
  changeRun(work, terms.subnet, (run) => ({
    ...run,
    agreements: run.agreements.includes(id) ? run.agreements : [...run.agreements, id],
    acts: run.acts.map((act, seat) =>
      covers && bound[seat] === true ? { ...act, negotiated: true } : act,
    ),
  }))
}
