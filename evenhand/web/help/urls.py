from django.urls import path

from . import ask, conversation, fresh, home

app_name = "help"
urlpatterns = [
    path("", home.home, name="home"),
    path("ask", ask.ask, name="ask"),
    path("link", fresh.fresh, name="fresh"),
    path("c/<slug:token>", conversation.conversation, name="conversation"),
    path("c/<slug:token>/reply", conversation.reply, name="reply"),
    path("c/<slug:token>/solved", conversation.solved, name="solved"),
    path("c/<slug:token>/reopen", conversation.reopen, name="reopen"),
    path("c/<slug:token>/impact", conversation.impact, name="impact"),
    path("c/<slug:token>/rating", conversation.rate, name="rate"),
    path("c/<slug:token>/mine", conversation.mine, name="mine"),
    path("c/<slug:token>/pictures/<slug:key>", conversation.picture, name="picture"),
    path("c/<slug:token>/files/<slug:key>", conversation.file, name="file"),
]
