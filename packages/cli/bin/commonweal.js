#!/usr/bin/env node
// Runs the command from source in a clone of the repository, and built where it was installed: Node does not strip types
// under node_modules, so where this file lies says which of the two it is.
import process from 'node:process'

const isInstalled = import.meta.url.includes('/node_modules/')
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const minorMin = isInstalled ? 12 : 18
if (major < 22 || (major === 22 && minor < minorMin)) {
  const hint = isInstalled ? '' : '; in a clone, npx commonweal runs the one that npm ci installed'
  process.stderr.write(
    `error: commonweal needs Node 22.${minorMin} or later, this is ${process.versions.node}${hint}\n`,
  )
  process.exit(2)
}
if (isInstalled) {
  await import('../dist/main.js')
} else {
  const { registerHooks } = await import('node:module')
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: ['source', ...context.conditions] }),
  })
  await import('../src/main.ts')
}
