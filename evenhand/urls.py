from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("evenhand.api.urls")),
    path("desk/", include("evenhand.web.desk.urls")),
    path("dev/", include("evenhand.web.dev.urls")),
    path("pledge/", include("evenhand.web.pledge.urls")),
    path("", include("evenhand.web.help.urls")),
    path("", include("evenhand.web.accounts.urls")),
    path("", include("evenhand.web.accounts.allauth_urls")),
]
handler400 = "evenhand.web.errors.bad_request"
handler403 = "evenhand.web.errors.forbidden"
handler404 = "evenhand.web.errors.not_found"
handler500 = "evenhand.web.errors.server_error"
