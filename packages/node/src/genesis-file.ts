import { type Genesis, genesisSchema } from '@commonweal/protocol'
import { parseJson, parseShape, readText } from './document.ts'
import { formatJson } from './json.ts'

/** Errors  ConfigError */
export function loadGenesis(path: string): Genesis {
  return parseGenesis(readText('genesis', path))
}

/** A genesis from its JSON text. Errors  ConfigError */
export function parseGenesis(text: string): Genesis {
  const genesis = parseShape('genesis', genesisSchema, parseJson('genesis', text))
  const instances = genesis.instances.map((instance) => {
    return { ...instance, params: reviveAmounts(instance.params) }
  })
  return { ...genesis, instances }
}

const AMOUNT = /^(?:0|[1-9]\d{0,18})$/

/** Parameters are opaque here, but every field that holds an amount, and no other, has a name that ends in `Micro`. */
function reviveAmounts(params: unknown): unknown {
  if (Array.isArray(params)) return params.map(reviveAmounts)
  if (typeof params !== 'object' || params === null) return params
  const fields = Object.entries(params).map(([name, value]): [string, unknown] => {
    const isAmount = name.endsWith('Micro') && AMOUNT.test(String(value))
    return [name, isAmount ? BigInt(String(value)) : reviveAmounts(value)]
  })
  return Object.fromEntries(fields)
}

/** The JSON text of a genesis: it parses to the same network id. */
export function formatGenesis(genesis: Genesis): string {
  return `${formatJson(genesis, 2)}\n`
}
