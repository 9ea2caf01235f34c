import type { Cid } from '../codec/cid.ts'
import { createLawState } from '../contract/law-state.ts'
import { checkLaw, type LawRefusal } from '../contract/law.ts'
import { type Terms, termsCid } from '../contract/terms.ts'
import type { InstanceGenesis } from '../genesis.ts'
import type { AgentId } from '../identity/agent-id.ts'
import { present } from '../invariant.ts'
import { accountOf } from '../ledger/account.ts'
import { minBigint } from '../integer.ts'
import { adjust, slash } from '../ledger/money.ts'
import { openAs } from '../message/envelope.ts'
import type { AcceptProposal, Consent } from '../message/negotiation.ts'
import { ignore, ok, type Result, reject } from '../result.ts'
import { endBefore } from './agreement-end.ts'
import { headOf } from './head.ts'
import {
  type Agreement,
  agreements,
  changeRun,
  formationQuorum,
  instances,
  type Run,
  runs,
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
  | 'unknown-agreement'
  | 'cannot-fund-agreement'

/** Part of its bond that an agent loses when an agreement that it accepted fails for its lack of funds. [CTR-8] */
export const UNFUNDED_PPM = 1_000n

interface Place {
  readonly instance: InstanceGenesis
  readonly run: Run
}

/**
 * Forms an agreement, adds signers to one, or replaces one. [CTR-7] [CTR-8]
 *
 * The checks are in the order of the spec, cheap before dear, so that every node gives the same code.
 */
export function applyAgreement(
  work: Work,
  tx: TransactionOf<'agreement'>,
): Result<void, AgreementCode> {
  const { terms } = tx
  const place = checkPlace(work, terms)
  if (!place.ok) return place
  const signers = checkAcceptances(work, tx)
  if (!signers.ok) return signers
  const id = termsCid(terms)
  const existing = agreements.find(work.ledger, id)
  const { instance, run } = place.value
  const signer = run.seats.map(
    (agent, seat) => signers.value.has(agent) || existing?.signer[seat] === true,
  )
  const enough = checkQuorum(instance, run, terms, signer)
  if (!enough.ok) return enough
  const bound = instance.binding === 'members' ? run.seats.map(() => true) : signer
  const replaced = checkUnbound(work, run, terms, id, signer, bound)
  if (!replaced.ok) return replaced
  const law = checkTermsLaw(work, instance, run, terms)
  if (!law.ok) return law
  if (replaced.value !== null) {
    endBefore(work, replaced.value, terms.rounds[0], 'replaced')
  }
  const funded = takeCollateral(work, run, terms, existing, signer, bound)
  if (!funded.ok) return funded
  agreements.put(work, id, {
    terms,
    subnet: terms.subnet,
    formedHeight: existing?.formedHeight ?? headOf(work.ledger).height + 1,
    until: existing?.until ?? terms.rounds[1],
    signer,
    bound,
    lawState: terms.mode === 'law' ? funded.value : null,
  })
  bindSeats(work, instance, terms, id, bound)
  work.events.push({
    kind: 'agreement-formed',
    id,
    terms,
    signers: run.seats.filter((_, seat) => signer[seat] === true),
  })
  return ok(undefined)
}

/** Ends an agreement before its time, with the consent of the quorum that its terms name. [CTR-9] */
export function applyTerminate(
  work: Work,
  tx: TransactionOf<'terminate'>,
): Result<void, AgreementCode> {
  const agreement = agreements.find(work.ledger, tx.agreement)
  if (agreement === undefined) return ignore('unknown-agreement', { agreement: tx.agreement })
  const { phase, height, epoch } = headOf(work.ledger)
  const consenting = new Set<AgentId>()
  for (const envelope of tx.consents) {
    const opened = openAs<Consent>(envelope, ['consent'], work.context)
    if (!opened.ok) return reject('bad-acceptance', { why: opened.error.code })
    const consent = opened.value.message
    if (consent.agreement !== tx.agreement) return reject('wrong-terms')
    if (!agreement.terms.parties.includes(consent.author)) return reject('not-a-party')
    if (consent.expiresAtHeight <= height) return ignore('acceptance-expired')
    consenting.add(consent.author)
  }
  if (consenting.size < agreement.terms.quorum) {
    return ignore('no-quorum', { given: consenting.size, quorum: agreement.terms.quorum })
  }
  // [CTR-8] A law that is frozen for this round still governs it.
  endBefore(work, tx.agreement, phase === 'negotiate' ? epoch : epoch + 1, 'terminated')
  return ok(undefined)
}

function checkPlace(work: Work, terms: Terms): Result<Place, AgreementCode> {
  const instance = instances.find(work.ledger, terms.subnet)
  const run = runs.find(work.ledger, terms.subnet)
  if (instance === undefined || run === undefined) {
    return ignore('unknown-instance', { subnet: terms.subnet })
  }
  if (run.status === 'ended') return ignore('run-over', { subnet: terms.subnet })
  if (terms.mode !== instance.contract) {
    return reject('wrong-mode', { given: terms.mode, accepted: instance.contract })
  }
  // [CTR-8] The laws of a round are frozen when its negotiate phase ends.
  const { phase, epoch } = headOf(work.ledger)
  const earliest = Math.max(
    phase === 'negotiate' ? epoch : epoch + 1,
    epoch + instance.contractDelay,
  )
  if (terms.rounds[0] < earliest) {
    return ignore('wrong-rounds', { from: terms.rounds[0], earliest })
  }
  const isMembers = instance.binding === 'members'
  const fits = isMembers
    ? terms.parties.length === run.seats.length &&
      terms.parties.every((party, seat) => party === run.seats[seat])
    : terms.parties.every((party) => run.seats.includes(party))
  if (!fits) return ignore('wrong-parties', { parties: terms.parties.length })
  return ok({ instance, run })
}

function checkAcceptances(
  work: Work,
  tx: TransactionOf<'agreement'>,
): Result<ReadonlySet<AgentId>, AgreementCode> {
  const { height } = headOf(work.ledger)
  const wanted = termsCid(tx.terms)
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
    const { bondMicro } = accountOf(work.ledger, author)
    if (bondMicro < work.context.genesis.talkBondMinMicro) {
      return ignore('bond-too-small', { author, bond: bondMicro })
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

/** At most one agreement an agent, instance and round; a replacement carries the quorum of what it replaces. [CTR-8] */
function checkUnbound(
  work: Work,
  run: Run,
  terms: Terms,
  id: Cid,
  signer: readonly boolean[],
  bound: readonly boolean[],
): Result<Cid | null, AgreementCode> {
  let replaced: Cid | null = null
  for (const other of run.agreements) {
    if (other === id) continue
    const agreement = present(agreements.find(work.ledger, other), 'a run lists its agreements')
    const overlaps =
      agreement.terms.rounds[0] <= terms.rounds[1] && terms.rounds[0] <= agreement.until
    if (!overlaps || !agreement.bound.some((is, seat) => is && bound[seat] === true)) continue
    if (other !== terms.replaces) return ignore('already-bound', { agreement: other })
    const consenting = agreement.terms.parties.filter(
      (party) => signer[run.seats.indexOf(party)] === true,
    ).length
    if (consenting < agreement.terms.quorum) {
      return ignore('no-quorum', { given: consenting, quorum: agreement.terms.quorum })
    }
    replaced = other
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
  const subnet = present(work.context.subnets.get(instance.kind), 'every instance has its subnet')
  const checked = checkLaw(terms.law, subnet.language(instance.params, run.seats.length))
  return checked.ok ? ok(undefined) : checked
}

/**
 * Takes the collateral into the agreement's custody. [CTR-8]
 *
 * A signer must have what it promised: who has not loses a part of its bond and is named, and the agreement fails. Of a
 * member that did not sign no more is taken than it has, nor more than from any signer.
 */
function takeCollateral(
  work: Work,
  run: Run,
  terms: Terms,
  existing: Agreement | undefined,
  signer: readonly boolean[],
  bound: readonly boolean[],
): Result<ReturnType<typeof createLawState>, AgreementCode> {
  const asked = run.seats.map((agent) => {
    const party = terms.parties.indexOf(agent)
    return party < 0 ? 0n : (terms.collateralMicro[party] ?? 0n)
  })
  const isNew = (seat: number): boolean => existing?.bound[seat] !== true && bound[seat] === true
  for (const [seat, agent] of run.seats.entries()) {
    const { balanceMicro } = accountOf(work.ledger, agent)
    const askedMicro = asked[seat] ?? 0n
    if (!isNew(seat) || signer[seat] !== true || balanceMicro >= askedMicro) continue
    const amountMicro = slash(work, { agent, ppm: UNFUNDED_PPM, reporter: null })
    work.events.push({ kind: 'slashed', agent, offence: 'unfunded-agreement', amountMicro })
    return ignore('cannot-fund-agreement', { agent, asked: askedMicro, balance: balanceMicro })
  }
  const leastOfSigners = asked.reduce<bigint | null>(
    (least, amount, seat) =>
      signer[seat] === true && (least === null || amount < least) ? amount : least,
    null,
  )
  const taken = run.seats.map((agent, seat) => {
    if (!isNew(seat)) return 0n
    const { balanceMicro } = accountOf(work.ledger, agent)
    const askedMicro = asked[seat] ?? 0n
    const limitMicro = minBigint(balanceMicro, leastOfSigners ?? 0n)
    const takenMicro = signer[seat] === true ? askedMicro : minBigint(askedMicro, limitMicro)
    if (terms.mode !== 'law') return 0n
    adjust(work, { kind: 'balance', agent }, -takenMicro)
    return takenMicro
  })
  const before = existing?.lawState
  if (before === null || before === undefined) return ok(createLawState(taken))
  return ok({
    ...before,
    collateralMicro: before.collateralMicro.map((amount, seat) => amount + (taken[seat] ?? 0n)),
  })
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
