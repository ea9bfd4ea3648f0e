import { describe, expect, test } from 'vitest'
import { faultsOf as houseFaults } from '../../scripts/houseRules.ts'
import { faultsOf, importsOf } from '../../scripts/imports.ts'

describe('imports go down only', () => {
  test.each([
    ['core/conversation/decide.ts', `import { apply } from './state.ts'`, 0],
    ['core/conversation/decide.ts', `import { z } from 'zod'`, 1],
    ['core/api/problem.ts', `import { z } from 'zod'`, 0],
    ['core/protocol/frames.ts', `import type { Row } from '../conversation/row.ts'`, 0],
    ['core/conversation/row.ts', `import type { Env } from '../../worker/env.ts'`, 1],
    ['core/ids.ts', `import { readFileSync } from 'node:fs'`, 1],
    ['durable-objects/conversation/store.ts', `import { apply } from '../../core/conversation/state.ts'`, 0],
    ['durable-objects/conversation/store.ts', `import { DurableObject } from 'cloudflare:workers'`, 0],
    ['durable-objects/conversation/digest.ts', `import { createHmac } from 'node:crypto'`, 0],
    ['durable-objects/conversation/store.ts', `import { drizzle } from 'drizzle-orm/d1'`, 1],
    ['durable-objects/conversation/store.ts', `import { members } from '../../worker/db/members.ts'`, 1],
    ['worker/index.ts', `export { Conversation } from '../durable-objects/conversation/conversation.ts'`, 0],
    ['worker/app.ts', `import type { Conversation } from '../durable-objects/conversation/conversation.ts'`, 0],
    ['worker/app.ts', `import { Conversation } from '../durable-objects/conversation/conversation.ts'`, 1],
    ['worker/app.ts', `import { type Conversation } from '../durable-objects/conversation/conversation.ts'`, 1],
    ['worker/routes/members.ts', `import { conversations } from './conversations.ts'`, 1],
    ['worker/routes/members.ts', `import { memberList } from '../db/members.ts'`, 0],
    ['web/lib/api.ts', `import type { AppType } from '../../worker/app.ts'`, 0],
    ['web/lib/api.ts', `import { app } from '../../worker/app.ts'`, 1],
    ['web/lib/connection.ts', `import { createStore } from 'solid-js/store'`, 0],
    ['web/lib/connection.ts', `import { Button } from '@kobalte/core/button'`, 1],
    ['web/ui/button.tsx', `import { Button } from '@kobalte/core/button'\nimport './button.css'`, 0],
    ['web/widget/app.tsx', `import { Composer } from '../inbox/conversation/composer.tsx'`, 1],
    ['web/inbox/app.tsx', `import { Launcher } from '../widget/loader.ts'`, 1],
    ['web/widget/app.tsx', `import { apply } from '../../core/conversation/state.ts'`, 0],
    ['web/widget/app.tsx', `import { Problem } from '../../core/api/problem.ts'`, 1],
    ['web/widget/app.tsx', `import type { Problem } from '../../core/api/problem.ts'`, 0],
    ['web/widget/app.tsx', `import { parseClientFrame } from '../../core/protocol/frames.ts'`, 1],
    ['web/widget/app.tsx', `import { z } from 'zod'`, 1],
    ['web/widget/loader.ts', `import { connect } from '../lib/connection.ts'`, 1],
    ['worker/app.ts', `const auth = await import('./auth/accounts.ts')`, 0],
    ['web/widget/app.tsx', `const z = await import('zod')`, 1],
    ['web/widget/app.tsx', `type P = import('../../core/api/problem.ts').Problem`, 0],
    ['core/ids.ts', `// import { z } from 'zod'\n/* import 'x' */ export const a = 'zod'`, 0],
    ['core/ids.ts', `export type { Row } from '../worker/db/rows.ts'`, 1],
    ['core/ids.ts', `import {\n  a,\n  b,\n} from 'zod'`, 1],
    ['scripts/imports.ts', `import { readFileSync } from 'node:fs'`, 0],
  ])('%s: %s', (file, source, faults) => {
    expect(faultsOf(file, source)).toHaveLength(faults)
  })

  test('a type import is told from code', () => {
    expect(importsOf('a/b.ts', `import type { A } from './c.ts'\nimport d from 'e'`)).toEqual([
      { to: 'a/c.ts', typeOnly: true },
      { to: 'pkg:e', typeOnly: false },
    ])
  })
})

describe('rules of the house', () => {
  test.each([
    ['web/a.tsx', `<p style="color: red" />`, 1],
    ['web/a.tsx', `<p style={{ height: '200px' }} />`, 1],
    ['web/a.tsx', `<p style={{ opacity: 0.5 }} />`, 1],
    ['web/a.tsx', `<p style={{ height: height() }} />`, 0],
    ['web/a.tsx', `<p style={text()} />`, 0],
    ['web/a.tsx', `<p innerHTML={text} />`, 1],
    ['web/a.html', `<script type="module" src="/a.ts"></script>`, 0],
    ['web/a.html', `<script>a()</script>`, 1],
    ['worker/utils.ts', `export const a = 1`, 1],
    ['worker/a.ts', `a() // ${'TO'}DO later`, 1],
    ['worker/a.ts', `a() // ${'TO'}DO(#12) later`, 0],
    ['worker/a.ts', `// ${'TO'}DO later`, 1],
    ['worker/a.ts', `  // ${'a'.repeat(115)}`, 0],
    ['worker/a.ts', `  // ${'a'.repeat(116)}`, 1],
    ['worker/a.ts', `/** ${'a'.repeat(114)} */`, 1],
    ['worker/a.ts', `const a = '${'a'.repeat(120)}'`, 0],
    ['web/a.ts', '// no innerHTML here', 0],
    ['worker/a.ts', 'const KEPT_MS = 7 * 86_400_000', 1],
    ['worker/a.ts', 'const KEPT_MS = 7 * DAY_MS', 0],
    ['test/workers/a.test.ts', 'await advance(86_400_000)', 0],
    ['test/core/a.test.ts', `import fc from 'fast-${'check'}'`, 1],
    ['test/workers/a.test.ts', `await vi.${'wait'}For(isSo)`, 1],
    ['test/support/a.ts', `await vi.${'wait'}For(isSo)`, 0],
    ['durable-objects/conversation/conversation.ts', 'a\n'.repeat(250), 0],
    ['durable-objects/conversation/conversation.ts', 'a\n'.repeat(251), 1],
  ])('%s: %s', (file, source, faults) => {
    expect(houseFaults(file, source)).toHaveLength(faults)
  })
})
