import { authority } from './authority.ts'
import { controlClaim } from './control-claim.ts'
import { injection } from './injection.ts'
import { lossAversion } from './loss-aversion.ts'
import { selfReplicatingNote } from './self-replicating-note.ts'
import { socialProof } from './social-proof.ts'
import { strongInjection } from './strong-injection.ts'
import type { TextAttack, TextAttackName } from './text-attack.ts'

/** Every attack by words, by its name. */
export const TEXT_ATTACKS: Readonly<Record<TextAttackName, TextAttack>> = {
  authority,
  'social-proof': socialProof,
  'loss-aversion': lossAversion,
  'control-claim': controlClaim,
  injection,
  'strong-injection': strongInjection,
  'self-replicating-note': selfReplicatingNote,
}
