import type { BoundLaw } from '@commonweal/protocol'
import type { LawInForce, Situation } from '../agent.ts'

/** The same situation in objects of its own: whoever changes it changes nothing of the node's. */
export function copySituation<Seen extends Situation>(situation: Seen): Seen {
  const { law } = situation
  // The code of a law cannot be cloned.
  const copy = structuredClone({ ...situation, law: null })
  return { ...copy, law: law === null ? null : copyLaw(law) }
}

function copyLaw({ bound, ...law }: LawInForce): LawInForce {
  return { ...structuredClone(law), bound: copyBound(bound) }
}

function copyBound({ law, signer, bound }: BoundLaw): BoundLaw {
  const clauses = law.clauses.map((clause) => ({ ...clause, then: { ...clause.then } }))
  return { law: { clauses }, signer: [...signer], bound: [...bound] }
}
