import { Navigate, Route, Router } from '@solidjs/router'
import { lazy, Suspense } from 'solid-js'
import { NoticesProvider } from '../../ui/Notices.tsx'
import { SessionProvider } from '../session/SessionProvider.tsx'
import { InboxPage } from './InboxPage.tsx'
import { NotFound } from './NotFound.tsx'
import { SignedIn } from './SignedIn.tsx'

// Everyday pages come with the first load, rare ones when they are opened.
const SetupPage = lazy(() => import('../welcome/SetupPage.tsx').then((m) => ({ default: m.SetupPage })))
const SignInPage = lazy(() => import('../welcome/SignInPage.tsx').then((m) => ({ default: m.SignInPage })))
const InvitationPage = lazy(() => import('../welcome/InvitationPage.tsx').then((m) => ({ default: m.InvitationPage })))
const ForgottenPage = lazy(() => import('../welcome/ForgottenPage.tsx').then((m) => ({ default: m.ForgottenPage })))
const ResetPage = lazy(() => import('../welcome/ResetPage.tsx').then((m) => ({ default: m.ResetPage })))
const SettingsPage = lazy(() => import('../settings/SettingsPage.tsx').then((m) => ({ default: m.SettingsPage })))
const MembersPage = lazy(() => import('../settings/MembersPage.tsx').then((m) => ({ default: m.MembersPage })))
const ChannelsPage = lazy(() => import('../settings/ChannelsPage.tsx').then((m) => ({ default: m.ChannelsPage })))
const PoliciesPage = lazy(() => import('../settings/PoliciesPage.tsx').then((m) => ({ default: m.PoliciesPage })))
const SendersPage = lazy(() => import('../settings/SendersPage.tsx').then((m) => ({ default: m.SendersPage })))
const BansPage = lazy(() => import('../bans/BansPage.tsx').then((m) => ({ default: m.BansPage })))
const AuditPage = lazy(() => import('../settings/AuditPage.tsx').then((m) => ({ default: m.AuditPage })))
const GroupsPage = lazy(() => import('../settings/GroupsPage.tsx').then((m) => ({ default: m.GroupsPage })))
const KeysPage = lazy(() => import('../settings/KeysPage.tsx').then((m) => ({ default: m.KeysPage })))
const ProfilePage = lazy(() => import('../settings/ProfilePage.tsx').then((m) => ({ default: m.ProfilePage })))
const SatisfactionPage = lazy(() =>
  import('../reports/SatisfactionPage.tsx').then((m) => ({ default: m.SatisfactionPage })),
)
const NotificationsPage = lazy(() =>
  import('../settings/NotificationsPage.tsx').then((m) => ({ default: m.NotificationsPage })),
)

/** The agents' dashboard: everything under /dashboard. */
export function App() {
  return (
    <SessionProvider>
      <NoticesProvider>
        <Router base="/dashboard" root={(props) => <Suspense>{props.children}</Suspense>}>
          <Route path="/setup" component={SetupPage} />
          <Route path="/sign-in" component={SignInPage} />
          <Route path="/invitation" component={InvitationPage} />
          <Route path="/forgotten-password" component={ForgottenPage} />
          <Route path="/reset-password" component={ResetPage} />
          <Route component={SignedIn}>
            <Route path={['/', '/inbox']} component={() => <Navigate href="/inbox/all" />} />
            <Route path="/inbox/:view" component={InboxPage} />
            <Route path="/reports/satisfaction" component={SatisfactionPage} />
            <Route path="/settings" component={SettingsPage}>
              <Route path="/" component={() => <Navigate href="/settings/members" />} />
              <Route path="/profile" component={ProfilePage} />
              <Route path="/notifications" component={NotificationsPage} />
              <Route path="/members" component={MembersPage} />
              <Route path="/channels" component={ChannelsPage} />
              <Route path="/senders" component={SendersPage} />
              <Route path="/bans" component={BansPage} />
              <Route path="/policies" component={PoliciesPage} />
              <Route path="/groups" component={GroupsPage} />
              <Route path="/keys" component={KeysPage} />
              <Route path="/audit-log" component={AuditPage} />
            </Route>
          </Route>
          <Route path="*" component={NotFound} />
        </Router>
      </NoticesProvider>
    </SessionProvider>
  )
}
