/** Seeded bugs: the edge, D1 and mail. */
import type { Mutant } from '../mutants.ts'

export const WORKER: readonly Mutant[] = [
  {
    // The audit log forgets a year too early.
    name: 'audit-log-forgets',
    file: 'worker/db/sweep.ts',
    find: 'now - AUDIT_KEPT_MS',
    replace: 'now',
    suite: 'test/workers/audit.test.ts',
  },
  {
    // The list shows what the sockets hide.
    name: 'sql-hides-nothing',
    file: 'worker/db/conversations.ts',
    find: 'return sql`(NOT ',
    replace: 'return sql`(1 OR NOT ',
    suite: 'test/workers/history.test.ts',
  },
  {
    // Changed policies are told once, and whoever could not hear it never does.
    name: 'policy-told-once',
    file: 'worker/db/policies.ts',
    find: "    d1.prepare(NOTE_POLICIES).bind(newId('x'), id, now),\n",
    replace: '',
    suite: 'test/workers/policies.test.ts',
  },
  {
    // Hidden where it is live, and still in the pages of the index.
    name: 'deleted-stays-listed',
    file: 'worker/db/conversations.ts',
    find: 'isNull(conversations.deletedAt)',
    replace: 'undefined',
    suite: 'test/workers/deletion.test.ts',
  },
  {
    // Takes a visitor's token of any audience.
    name: 'token-of-any-audience',
    file: 'worker/auth/visitorToken.ts',
    find: '      audience,\n',
    replace: '',
    suite: 'test/workers/tokens.test.ts',
  },
  {
    // What a client says of itself goes through to the object.
    name: 'identity-from-the-client',
    file: 'worker/routes/sockets.ts',
    find: 'headers.set(IDENTITY_HEADER, encodeIdentity(identity))',
    replace: 'if (!headers.has(IDENTITY_HEADER)) headers.set(IDENTITY_HEADER, encodeIdentity(identity))',
    suite: 'test/workers/http.test.ts',
  },
  {
    // Two owners who show each other out at once both succeed.
    name: 'last-owner-goes',
    file: 'worker/db/members.ts',
    find: "AND other.role = 'owner' AND other.disabled_at IS NULL",
    replace: '',
    suite: 'test/workers/rights.test.ts',
  },
  {
    // The audit log tells of changes that were refused.
    name: 'audit-tells-what-was-not',
    file: 'worker/db/audit.ts',
    find: ' WHERE changes() > 0',
    replace: '',
    suite: 'test/workers/audit.test.ts',
  },
  {
    // The audit log is written after the change, and may get lost.
    name: 'audit-beside-the-change',
    file: 'worker/db/members.ts',
    find: '    ...happened(before, to).map((what) => audited(workspace, what, now)),\n  ])\n',
    replace:
      '  ])\n  await d1.batch([d1.prepare("UPDATE members SET id = id WHERE id = ?").bind(before.id), ...happened(before, to).map((what) => audited(workspace, what, now))])\n',
    suite: 'test/workers/audit.test.ts',
  },
  {
    // Whoever is given another role while somebody disables them is let in again.
    name: 'stale-member',
    file: 'worker/db/members.ts',
    find: 'AND role = ?5 AND disabled_at IS ?6',
    replace: 'AND ?5 = ?5 AND ?6 IS ?6',
    suite: 'test/workers/memberRaces.test.ts',
  },
  {
    // Who is taken out of a group keeps its rights until they happen to connect again.
    name: 'lost-right-not-felt',
    file: 'worker/db/groups.ts',
    find: '    d1.prepare(NOTE_GROUP).bind(workspace.id, id, now),\n    statement(d1, db.delete(groups)',
    replace: "    d1.prepare(NOTE_GROUP).bind(workspace.id, 'g_none', now),\n    statement(d1, db.delete(groups)",
    suite: 'test/workers/groups.test.ts',
  },
  {
    // Who may change settings may change groups, and so give themself every right.
    name: 'settings-gives-all-rights',
    file: 'worker/auth/authorize.ts',
    find: "'groups.change': ADMINS",
    replace: "'groups.change': 'settings'",
    suite: 'test/workers/groups.test.ts',
  },
  {
    // Who gives another email a thousand times over has every dashboard draw each of them.
    name: 'contact-without-limit',
    file: 'worker/routes/widget.ts',
    find: "if (retryAt !== null) throw problem('too_many_attempts', { retryAt })",
    replace: '',
    suite: 'test/workers/visitors.test.ts',
  },
  {
    // A key that was revoked goes on working.
    name: 'revoked-key-works',
    file: 'worker/db/apiKeys.ts',
    find: 'WHERE key_hash = ?1 AND revoked_at IS NULL',
    replace: 'WHERE key_hash = ?1',
    suite: 'test/workers/keys.test.ts',
  },
  {
    // A key may ask for everything that any key may.
    name: 'scope-ignored',
    file: 'worker/auth/authorize.ts',
    find: '  if (!key.scopes.includes(scope)) throw refused(scopeMissing(scope))\n',
    replace: '',
    suite: 'test/workers/keys.test.ts',
  },
  {
    // Only what came of it is looked at: a line break in a header is found when it has become a header.
    name: 'mail-breaks-let-through',
    file: 'worker/mail/faults.ts',
    find: 'BREAKS.test(line) || ',
    replace: '',
    suite: 'test/workers/mailComposed.test.ts',
  },
  {
    // A name stands in the mail as somebody typed it.
    name: 'mail-name-as-it-is',
    file: 'worker/mail/compose.ts',
    find: '    To: address(mail.to),',
    replace: "    To: mail.to.name + ' <' + mail.to.address + '>',",
    suite: 'test/workers/mailComposed.test.ts',
  },
  {
    // The server fell silent after it had the mail: sent again, the mail may arrive twice.
    name: 'mail-silence-is-no',
    file: 'worker/mail/smtp/deliver.ts',
    find: '    dotSent = true\n',
    replace: '',
    suite: 'test/workers/mailTransports.test.ts',
  },
  {
    // A line that is a dot alone ends the mail.
    name: 'mail-ends-early',
    file: 'worker/mail/smtp/deliver.ts',
    find: "raw.replace(/^\\./gm, '..')",
    replace: 'raw',
    suite: 'test/workers/mailTransports.test.ts',
  },
  {
    // What shows mails to everybody on one's own machine is deployed, too.
    name: 'mailbox-deployed',
    file: 'worker/app.ts',
    find: 'if (LOCAL) app.route',
    replace: 'if (app) app.route',
    suite: 'test/e2e/local.e2e.ts',
  },
  {
    // Whoever got hold of an older link sets the password once more.
    name: 'other-reset-links-live-on',
    file: 'worker/db/accounts.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of one
    find: 'WHERE user_id = (${link}) RETURNING',
    replace: 'WHERE token_hash = ?1 AND expires_at > ?2 RETURNING',
    suite: 'test/workers/accountMails.test.ts',
  },
  {
    // A code of six digits is guessed, given the time.
    name: 'sender-code-guessed',
    file: 'worker/db/senders.ts',
    find: ' AND tries_left > 0',
    replace: '',
    suite: 'test/workers/senders.test.ts',
  },
  {
    // Mail leaves in the name of a domain that only looks like ours.
    name: 'sender-of-another-domain',
    file: 'worker/mail/workspaceMail.ts',
    find: '.includes(domainOf(address))',
    replace: '.some((domain) => address.includes(domain))',
    suite: 'test/workers/senders.test.ts',
  },
  {
    // The size of a mail is that of its bodies, before base64 makes a third more of it.
    name: 'transcript-too-large',
    file: 'worker/mail/transcript.tsx',
    find: 'return base64 + Math.ceil(base64 / 76) * 2',
    replace: 'return plain',
    suite: 'test/workers/transcript.test.ts',
  },
  {
    // Every agent changes groups, and with them their own rights.
    name: 'agents-change-groups',
    file: 'worker/auth/authorize.ts',
    find: "'groups.change': ADMINS",
    replace: "'groups.change': AGENTS",
    suite: 'test/workers/rights.test.ts',
  },
]
