from django.urls import path

from . import aliases, mailbox_grant, mailbox_login, mailbox_test, mailboxes, me, organisations, programs, promise, signin, team

app_name = "accounts"
urlpatterns = [
    path("sign-in/", signin.SignIn.as_view(), name="sign-in"),
    path("sign-in/link", signin.mail_link, name="mail-link"),
    path("sign-in/demo", signin.demo, name="demo"),
    path("enter/<slug:token>", signin.enter, name="enter"),
    path("account/", me.me, name="me"),
    path("account/password/", me.password, name="password"),
    path("account/everywhere/", me.everywhere, name="everywhere"),
    path("settings/", promise.front, name="settings"),
    path("settings/promise/", promise.promise, name="promise"),
    path("settings/team/", team.team, name="team"),
    path("settings/team/<int:pk>/", team.member, name="member"),
    path("settings/team/<int:pk>/invite", team.invite_again, name="invite-again"),
    path("settings/team/<int:pk>/leave", team.leave, name="leave"),
    path("settings/team/<int:pk>/return", team.come_back, name="return"),
    path("settings/teams/", team.teams, name="teams"),
    path("settings/teams/<int:pk>/", team.teams, name="rename-team"),
    path("settings/mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("settings/mailboxes/<int:pk>/", mailboxes.mailbox, name="mailbox"),
    path("settings/aliases/", aliases.aliases, name="aliases"),
    path("settings/mailboxes/<int:pk>/login/", mailbox_login.login, name="mailbox-login"),
    path("settings/mailboxes/<int:pk>/test/", mailbox_test.test, name="mailbox-test"),
    path("settings/mailboxes/<int:pk>/trials/", mailbox_test.trials, name="mailbox-trials"),
    path("settings/mailboxes/<int:pk>/google/", mailbox_grant.grant, {"provider": "google"}, "grant-google"),
    path("settings/mailboxes/<int:pk>/microsoft/", mailbox_grant.grant, {"provider": "microsoft"}, "grant-microsoft"),
    path("settings/mailboxes/granted/", mailbox_grant.granted, name="granted"),
    path("settings/organisations/", organisations.organisations, name="organisations"),
    path("settings/organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("settings/organisations/<int:pk>/domains", organisations.domains, name="domains"),
    path("settings/organisations/<int:pk>/people", organisations.bring_in, name="bring-in"),
    path("settings/people/<int:pk>/merge", organisations.merge, name="merge-people"),
    path("settings/programs/", programs.programs, name="programs"),
    path("settings/programs/<int:pk>/revoke", programs.revoke, name="revoke"),
]
