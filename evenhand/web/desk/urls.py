from django.urls import path

from . import acts, conversation, files, formatted, inbox, looking, me, narrowing, parity, post, presence, replying

app_name = "desk"
urlpatterns = [
    path("", inbox.front, name="inbox"),
    path("next/", inbox.take_next, name="next"),
    path("search/", looking.look, name="search"),
    path("me/", me.me, name="me"),
    path("letters/", post.letters, name="letters"),
    path("letter/<int:pk>/raw", files.letter, name="letter"),
    path("parity/", parity.parity, name="parity"),
    path("parity/opinion/<int:pk>", parity.judge_opinion, name="judge-opinion"),
    path("views/", narrowing.keep_view, name="keep-view"),
    path("views/<int:pk>/drop/", narrowing.drop_view, name="drop-view"),
    path("c/<int:number>/", conversation.show, name="conversation"),
    path("c/<int:number>/reply", replying.reply, name="reply"),
    path("c/<int:number>/note", replying.note, name="note"),
    path("c/<int:number>/draft", replying.draft, name="draft"),
    path("c/<int:number>/here", presence.here, name="here"),
    path("c/<int:number>/assign", acts.assign, name="assign"),
    path("c/<int:number>/take", acts.take, name="take"),
    path("c/<int:number>/put-back", acts.put_back, name="put-back"),
    path("c/<int:number>/snooze", acts.snooze, name="snooze"),
    path("c/<int:number>/close", acts.close, name="close"),
    path("c/<int:number>/reopen", acts.reopen, name="reopen"),
    path("c/<int:number>/release", acts.release, name="release"),
    path("c/<int:number>/tag", acts.tag, name="tag"),
    path("c/<int:number>/need", acts.correct_need, name="need"),
    path("c/<int:number>/merge", acts.merge, name="merge"),
    path("m/<int:pk>/text", files.text, name="text"),
    path("m/<int:pk>/formatted", formatted.formatted, name="formatted"),
    path("m/<int:pk>/take-back", replying.take_back, name="take-back"),
    path("a/<str:key>", files.attachment, name="attachment"),
    path("picture/<str:token>", formatted.picture, name="picture"),
    path("<slug:slug>/", inbox.box, name="box"),
    path("<slug:slug>/narrow/", narrowing.narrow, name="narrow"),
]
