import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLawState, enforceSettlement } from './enforcement.ts'
import { COST_MAX } from './expression.ts'
import type { Language } from './language.ts'
import { checkLaw } from './law.ts'
import { CLAUSE_COUNT_MAX, type Clause, type Primitive } from './terms.ts'

const LIST = { type: 'list', lengthMax: 100 } as const
const LANGUAGE: Language = {
  name: 'test',
  submission: { stock: { type: 'int' }, requests: LIST },
  settlement: { stock: { type: 'int' }, requests: LIST, catches: LIST },
}

describe('checkLaw', () => {
  it('admits at each point what the language declares for it, and nothing else', () => {
    const fine = sanction('catches[self]')
    assert.equal(codeOf([fine]), 'accepted')
    assert.equal(codeOf([{ ...fine, at: 'submission' }]), 'unknown-variable')
    assert.equal(codeOf([sanction('rate')]), 'unknown-variable')
  })

  it('says which clause and which argument it refuses', () => {
    const law = { clauses: [sanction('1'), sanction('stock + nothing')] }
    const checked = checkLaw(law, LANGUAGE)
    assert.deepEqual(checked.ok ? null : checked.error, {
      code: 'unknown-variable',
      verdict: 'reject',
      facts: { clause: 1, argument: 'amount', start: 8, end: 15, name: 'nothing' },
    })
  })

  it('types conditions as bool and arguments as int', () => {
    assert.equal(codeOf([{ ...sanction('1'), when: 'stock' }]), 'result-type')
    assert.equal(codeOf([sanction('stock > 1')]), 'result-type')
  })

  it('changes no action after it was played', () => {
    const cap: Primitive = { primitive: 'cap', limit: '1' }
    const override: Primitive = { primitive: 'override', action: '1' }
    assert.equal(codeOf([clause('settlement', cap)]), 'action-at-settlement')
    assert.equal(codeOf([clause('settlement', override)]), 'action-at-settlement')
    assert.equal(codeOf([clause('submission', cap), clause('submission', override)]), 'accepted')
  })

  it('admits only the primitives and the law variables of the class, where the language names one', () => {
    const stockCap: Language = { ...LANGUAGE, primitives: ['cap'], lawVariables: [] }
    assert.equal(codeOf([capAt('stock / 10')], stockCap), 'accepted')
    assert.equal(codeOf([sanction('1')], stockCap), 'primitive-not-admitted')
    assert.equal(codeOf([capAt('stock / n')], stockCap), 'unknown-variable')
  })

  it('takes the greatest number of clauses and refuses one more', () => {
    const clauses = Array.from({ length: CLAUSE_COUNT_MAX }, () => sanction('1'))
    assert.equal(codeOf(clauses), 'accepted')
    assert.equal(codeOf([...clauses, sanction('1')]), 'too-many-clauses')
  })

  it('bounds the cost of all clauses together', () => {
    // 302 steps for sum(requests.map(…)) with a body of one node, and one for the condition.
    const costly = sanction('sum(requests.map(r, r))')
    const cost = costOf(costly)
    assert.equal(cost, 2 + 1 + 100 * 2 + 1 + 100 + 1)
    const wide: Language = {
      ...LANGUAGE,
      settlement: { requests: { type: 'list', lengthMax: 10_000 } },
    }
    const one = 10_000 * 3 + 5
    assert.equal(
      codeOf(
        Array.from({ length: Math.floor(COST_MAX / one) }, () => costly),
        wide,
      ),
      'accepted',
    )
    assert.equal(
      codeOf(
        Array.from({ length: Math.ceil(COST_MAX / one) }, () => costly),
        wide,
      ),
      'too-costly',
    )
  })

  it('counts a clause that pays a seat as often as equal treatment may run it', () => {
    const wide: Language = { ...LANGUAGE, settlement: { xs: { type: 'list', lengthMax: 2_000 } } }
    assert.equal(codeOf([sanction('sum(xs)')], wide), 'accepted')
    const pays: Primitive = { primitive: 'transfer', to: '0', amount: 'sum(xs)' }
    assert.equal(codeOf([clause('settlement', pays)], wide), 'too-costly')
  })
})

describe('a law that would loop or overflow', () => {
  it('cannot be formed: nothing repeats but one macro over a list of declared length', () => {
    const loops = [
      'requests.map(x, sum(requests.map(y, x * y)))[0]',
      'requests.exists(x, true) && requests.all(y, true) ? 1 : 0',
    ]
    assert.deepEqual(
      loops.map((text) => codeOf([sanction(text)])),
      ['macro-nested', 'macro-repeated'],
    )
  })

  it('faults where it overflows, takes nothing there, and goes on', () => {
    const checked = checkLaw(
      {
        clauses: [
          sanction('9223372036854775807 + stock'),
          sanction('sum(requests) * 4'),
          sanction('2'),
        ],
      },
      LANGUAGE,
    )
    assert.ok(checked.ok)
    const view = {
      common: { stock: 1n },
      bySeat: { requests: [2n ** 62n, 0n], catches: [0n, 0n] },
      own: [{}, {}],
    }
    const bound = { law: checked.value, signer: [true, true], bound: [true, true] }
    const done = enforceSettlement(bound, createLawState([10n, 10n]), view)
    assert.equal(done.burnedMicro, 4n)
    const faults = done.records.filter(({ kind }) => kind === 'law-fault')
    assert.deepEqual(
      faults.map((record) => (record.kind === 'law-fault' ? record.code : '')),
      ['overflow', 'overflow', 'overflow', 'overflow'],
    )
  })
})

function codeOf(clauses: readonly Clause[], language: Language = LANGUAGE): string {
  const checked = checkLaw({ clauses }, language)
  return checked.ok ? 'accepted' : checked.error.code
}

function costOf(one: Clause): number {
  const checked = checkLaw({ clauses: [one] }, LANGUAGE)
  assert.ok(checked.ok)
  const [compiled] = checked.value.clauses
  assert.ok(compiled?.then.primitive === 'sanction')
  return compiled.when.cost + compiled.then.amount.cost
}

function capAt(limit: string): Clause {
  return clause('submission', { primitive: 'cap', limit })
}

function sanction(amount: string): Clause {
  return clause('settlement', { primitive: 'sanction', amount })
}

function clause(at: Clause['at'], then: Primitive): Clause {
  return { at, when: 'true', then }
}
