import {
  type CommonsParams,
  checkLaw,
  commons,
  createLawState,
  describeLaw,
  enforceSubmission,
  type Law,
  REQUEST_MAX,
} from '@commonweal/protocol'
import type { ShownTerms } from './chain-record.ts'

/** The commons that terms are about: what their law may name, and to whom its caps apply. */
export interface TermsScene {
  readonly params: CommonsParams
  readonly seatCount: number
}

/** What terms say, in words: a law clause by clause, a text as it was written. */
export function describeTerms(terms: ShownTerms, scene: TermsScene): readonly string[] {
  if (terms.law !== null) {
    const language = commons.language(scene.params, scene.seatCount)
    const clauses = describeLaw(terms.law, language).split('\n')
    return [...clauses, ...describeLimits(terms.law, scene)]
  }
  if (terms.mode === 'text') return [`«${terms.text}»`]
  return ['nothing that binds']
}

/** What caps come to while the stock is full, where they limit anything. */
function describeLimits(law: Law, scene: TermsScene): readonly string[] {
  const limits = computeLimits(law, scene)
  if (limits.every((limit) => limit >= scene.params.capacity)) return []
  const isEqual = limits.every((limit) => limit === limits[0])
  const words = isEqual ? `${limits[0]} each` : `${limits.join(' ')} by seat`
  return [`(at a stock of ${scene.params.capacity}: ${words})`]
}

/** The largest harvest that a law leaves to each seat in round 1, when all ask for more than there is. */
export function computeLimits(law: Law, { params, seatCount }: TermsScene): readonly number[] {
  const requests = Array.from({ length: seatCount }, () => BigInt(REQUEST_MAX))
  const checked = checkLaw(law, commons.language(params, seatCount))
  if (!checked.ok) return requests.map(Number)
  const everyone = requests.map(() => true)
  const actions = requests.map((action) => ({ action, absent: false }))
  const view = commons.viewSubmission(params, commons.start(params, seatCount), actions)
  const state = createLawState(requests.map(() => 0n))
  const enforced = enforceSubmission(
    { law: checked.value, signer: everyone, bound: everyone },
    state,
    view,
    requests,
  )
  return enforced.actions.map((action) => Number(action ?? 0n))
}
