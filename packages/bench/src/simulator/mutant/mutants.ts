import type { Failure } from '../checker/checker.ts'
import type { RunRequest } from '../request.ts'

/** One edit of the core's source: `find` stands in the file exactly once. */
export interface Patch {
  /** Below packages/protocol/src. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** A core in which one rule is broken. [SIM-9] */
export interface Mutant {
  readonly id: string
  readonly rule: 'N' | 'F' | 'X' | 'A' | 'W' | 'epoch-root'
  /** What it does that the rule forbids. */
  readonly breaks: string
  readonly patches: readonly Patch[]
  /** What the breach costs: the property that must be seen to fail. */
  readonly property: Failure['property']
  /** Runs in which the rule matters, and the first seed of those that are tried. */
  readonly request: Partial<RunRequest>
  readonly seed: number
}

const VOTE = 'consensus/vote.ts'
const COUNT = 'consensus/count.ts'

const NOTARIZE_ONCE = `  // [CON-N] One \`notarize\` a view.
  if (round.own.notarize !== null) return
`
const FINALIZE_ONCE = `  // [CON-F] One \`finalize\` a view …
  if (round.own.finalize !== null) return
`
const NULLIFY_GUARD = `  // [CON-X] Never both \`nullify\` and \`finalize\` in one view.
  if (round.own.finalize !== null) return
`
const FINALIZE_GUARD = `  // [CON-X] Never both \`nullify\` and \`finalize\` in one view.
  if (round.own.nullify !== null) return
`

export const MUTANTS: readonly Mutant[] = [
  {
    id: 'notarize-each-proposal',
    rule: 'N',
    breaks: 'votes notarize for every proposal of a view, not for the first alone',
    patches: [
      {
        file: VOTE,
        find: NOTARIZE_ONCE,
        replace: '  if (round.own.notarize?.message.block === id) return\n',
      },
    ],
    property: 'accountability',
    request: { family: 'chaos', behaviours: ['equivocator', 'twin'] },
    seed: 4,
  },
  {
    id: 'finalize-each-notarization',
    rule: 'F',
    breaks: 'votes finalize for every block that a view notarizes',
    patches: [
      {
        file: VOTE,
        find: FINALIZE_ONCE,
        replace: '  if (round.own.finalize?.message.block === round.notarization?.block) return\n',
      },
      {
        file: COUNT,
        find: 'if (round.notarization !== null) return',
        replace: 'if (round.notarization?.block === block) return',
      },
    ],
    property: 'accountability',
    request: { family: 'twins', byzantine: 'above' },
    seed: 7,
  },
  {
    id: 'finalize-before-notarization',
    rule: 'F',
    breaks: 'votes finalize for what it notarized itself, before a quorum did',
    patches: [
      {
        file: VOTE,
        find: 'const block = round.notarization?.block ?? null',
        replace:
          'const block = round.notarization?.block ?? round.own.notarize?.message.block ?? null',
      },
    ],
    property: 'progress',
    request: { family: 'chaos' },
    seed: 8,
  },
  {
    id: 'nullify-after-finalize',
    rule: 'X',
    breaks:
      'when its view times out, votes nullify for the view before as well, though it voted finalize there',
    patches: [
      { file: VOTE, find: NULLIFY_GUARD, replace: '' },
      {
        file: VOTE,
        find: 'if (draft.fields.view === view) voteNullify(draft, view)',
        replace:
          'if (draft.fields.view === view) for (const past of [view - 1, view]) if (past >= 0) voteNullify(draft, past)',
      },
    ],
    property: 'accountability',
    request: { family: 'chaos' },
    seed: 1,
  },
  {
    id: 'finalize-after-nullify',
    rule: 'X',
    breaks: 'votes finalize in a view where it voted nullify',
    patches: [{ file: VOTE, find: FINALIZE_GUARD, replace: '' }],
    property: 'accountability',
    request: { family: 'chaos' },
    seed: 0,
  },
  {
    id: 'ancestry-unchecked',
    rule: 'A',
    breaks: 'votes for a proposal whatever certificates it stands on',
    patches: [
      {
        file: 'consensus/offer.ts',
        find: "refusal === null ? 'good' : 'bad'",
        replace: "'good'",
      },
    ],
    property: 'agreement',
    request: { family: 'chaos', behaviours: ['skipper'], nodeCountMax: 4 },
    seed: 8,
  },
  {
    id: 'gap-unchecked',
    rule: 'A',
    breaks: 'does not ask that the views between a block and its parent were nullified',
    patches: [
      {
        file: 'consensus/ancestry.ts',
        find: "if (nullifications.length !== view - first) return refuse('count')",
        replace: '',
      },
    ],
    property: 'agreement',
    request: { family: 'chaos', behaviours: ['skipper'], nodeCountMax: 4 },
    seed: 19,
  },
  {
    id: 'ancestry-unverified',
    rule: 'A',
    breaks:
      'believes the certificates of an ancestry without their signatures, and convicts on them',
    patches: [
      {
        file: 'consensus/ancestry.ts',
        find: 'return verifyAll(draft, certificates)',
        replace: 'return null',
      },
    ],
    property: 'crash',
    request: { family: 'chaos', behaviours: ['skipper'], nodeCountMax: 4 },
    seed: 1,
  },
  {
    id: 'publish-before-persist',
    rule: 'W',
    breaks: 'sends its votes before they are on disk',
    patches: [
      {
        file: 'consensus/draft.ts',
        find: 'const ordered = [persist, ...effects]',
        replace: 'const ordered = [...effects, persist]',
      },
    ],
    property: 'accountability',
    request: { family: 'crashes' },
    seed: 1,
  },
  {
    id: 'restart-without-votes',
    rule: 'W',
    breaks: 'does not read its votes back after a restart',
    patches: [
      {
        file: 'consensus/restore.ts',
        find: 'else installVote(draft, { ...verified, message })',
        replace: '',
      },
    ],
    property: 'accountability',
    request: { family: 'crashes' },
    seed: 1,
  },
  {
    id: 'restart-without-transactions',
    rule: 'W',
    breaks: 'does not read its transactions back after a restart, and spends a nonce twice',
    patches: [
      {
        file: 'replica/restore.ts',
        find: 'restoreTransaction(work, { ...opened.value, message })',
        replace: '{}',
      },
    ],
    property: 'accountability',
    request: { family: 'crashes', process: 'replica' },
    seed: 0,
  },
  {
    id: 'restart-without-words',
    rule: 'W',
    breaks: 'does not read back what it said in a negotiation, and speaks twice at one turn',
    patches: [
      {
        file: 'replica/restore.ts',
        find: 'for (const message of talk.slice(-EARLY_MESSAGES_MAX)) hearMessage(work, message)',
        replace: '',
      },
    ],
    property: 'accountability',
    request: { family: 'crashes', process: 'replica' },
    seed: 0,
  },
  {
    id: 'epoch-on-notarized-root',
    rule: 'epoch-root',
    breaks: 'starts the next epoch when b_e is notarized: two sets for one view',
    patches: [
      {
        file: 'consensus/finality.ts',
        find: 'const certificate = round.finalization',
        replace: `const notarized = draft.blocks.get(round.notarization?.block ?? draft.fields.final.id)
    const isEnd = notarized !== undefined && notarized.block.header.nextSet !== null
    const certificate = round.finalization ?? (isEnd ? round.notarization : null)`,
      },
    ],
    property: 'agreement',
    request: { family: 'twins', isTiny: true },
    seed: 26,
  },
  {
    id: 'root-not-proposed-again',
    rule: 'epoch-root',
    breaks:
      'leaves a b_e that some nullified as it is, and proposes a block behind it, which nobody may accept',
    patches: [
      {
        file: 'consensus/propose.ts',
        find: 'if (tip !== undefined && tip.block.header.nextSet !== null) publish(draft, tip, ancestry)\n  else proposeNew(draft, ancestry)',
        replace: 'proposeNew(draft, ancestry)',
      },
    ],
    property: 'progress',
    request: { family: 'twins', isTiny: true },
    seed: 5,
  },
  {
    id: 'epoch-goes-on-behind-root',
    rule: 'epoch-root',
    breaks:
      'lets blocks of the epoch follow a b_e that some nullified, and leaves those behind who found it final',
    patches: [
      {
        file: 'consensus/propose.ts',
        find: 'if (tip !== undefined && tip.block.header.nextSet !== null) publish(draft, tip, ancestry)\n  else proposeNew(draft, ancestry)',
        replace: 'proposeNew(draft, ancestry)',
      },
      {
        file: 'consensus/execute.ts',
        find: "if (parent.isEnd) return 'after-epoch-end'",
        replace: '',
      },
    ],
    property: 'progress',
    request: { family: 'twins', isTiny: true },
    seed: 50,
  },
]
