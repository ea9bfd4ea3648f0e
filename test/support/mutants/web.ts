/** Seeded bugs: inbox and widget. */
import type { Mutant } from '../mutants.ts'

export const WEB: readonly Mutant[] = [
  {
    // A database that opens late is not heard of until the next page.
    name: 'late-database-ignored',
    file: 'web/widget/outbox/createOutbox.ts',
    find: '    moveTo(late)\n',
    replace: '',
    suite: 'test/web/widgetOutbox.test.ts',
  },
  {
    // Lost when the tab is closed right after Enter: the page goes before the browser has been told to keep it.
    name: 'kept-when-the-page-has-heard',
    file: 'web/widget/outbox/outboxStore.ts',
    find: '      transaction.commit()\n',
    replace: '',
    suite: 'test/web/widgetOutbox.test.ts',
  },
  {
    // Who was made an administrator sees that nothing has changed until the page is loaded again.
    name: 'role-of-when-the-page-was-loaded',
    file: 'web/inbox/app/InboxContext.tsx',
    find: 'const role = () => present().membership.role',
    replace: 'const role = () => membership.role',
    suite: 'test/web/inboxOpenPage.test.tsx',
  },
  {
    // A list that is read anew leaves whoever works by keys at the top of the page.
    name: 'focus-left-on-the-page',
    file: 'web/ui/keepFocus.ts',
    find: ' && isFocusLost(page)) nextTo(stand)?.focus({ preventScroll: true })',
    replace: ' && isFocusLost(page)) stand = null',
    suite: 'test/web/uiFocus.test.tsx',
  },
  {
    // What somebody edits or deletes while it is on screen stays there as it was.
    name: 'held-entries-as-they-were',
    file: 'web/lib/timeline.ts',
    find: 'rewriteHeld(merged(held, taken.added), taken.added)',
    replace: 'merged(held, taken.added)',
    suite: 'test/web/libConverges.test.ts',
  },
]
