from django.urls import path

from . import badge, opinion, page, proof, statements

app_name = "pledge"
urlpatterns = [
    path("", page.show, name="pledge"),
    path("badge.svg", badge.badge, name="badge"),
    path("statements.json", statements.bundle, name="statements"),
    path("statements/<int:pk>.json", statements.one, name="statement"),
    path("figures.csv", statements.figures, name="figures"),
    path("say", opinion.say, name="say"),
    path("proof/<slug:token>", proof.show, name="proof"),
    path("proof/<slug:token>/<int:pk>.json", proof.path_of, name="proof-path"),
]
