"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView, TemplateView

from aggregator import hub_views
from aggregator.blogroll import blogroll
from aggregator.clips import clip, oembed
from newsandtimes import old_forms, sitemaps, views
from newsandtimes.manifest import manifest
from newsandtimes.media import media
from newsandtimes.search import views as search

handler404 = views.not_found
handler500 = views.server_error

# Where WordPress and Ghost had what this site has elsewhere.
former = [
    path("<path:where>/comments/feed/", old_forms.comments),
    path("comments/feed/", old_forms.comments),
    path("comments/feed/atom/", old_forms.comments),
    path("<int:year>/<int:month>/<int:day>/<slug:slug>/feed/", old_forms.comments),
    path("wp-content/uploads/<path:path>", old_forms.upload),
    *(
        path(name, RedirectView.as_view(pattern_name="sitemap", permanent=True))
        for name in ("wp-sitemap.xml", "sitemap_index.xml")
    ),
    re_path(r"^wp-sitemap-[a-z0-9-]+\.xml$", old_forms.sitemap),
    *(path(f"{name}/", old_forms.feed) for name in ("rss", "rss2", "feed/rss", "feed/rss2")),
    *(path(f"{name}/", old_forms.feed) for name in ("rdf", "feed/rdf")),
    path("atom/", old_forms.feed, {"form": "feed-atom"}),
    *(
        path(f"{kind}/<str:{kind}>/{name}/", old_forms.feed)
        for kind in ("category", "tag", "author")
        for name in ("rss", "feed/rss", "feed/rss2")
    ),
    path("index.php", RedirectView.as_view(pattern_name="home", permanent=True)),
]

urlpatterns = [
    path("admin/", include("newsandtimes.login.urls")),
    path("admin/", admin.site.urls),
    path("favicon.ico", views.favicon),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("opml.xml", blogroll, name="opml"),
    path("oembed", oembed, name="oembed"),
    path("collections/<slug:slug>/clip/", clip, name="clip"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-sections.xml", sitemaps.sections, name="sitemap-sections"),
    path("sitemap-newsletter.xml", sitemaps.newsletter, name="sitemap-newsletter"),
    path(
        "sitemap-posts-<int:year>-<int:month>-<page:number>.xml",
        sitemaps.posts,
        name="sitemap-posts",
    ),
    path("news-sitemap.xml", sitemaps.news, name="news-sitemap"),
    path("healthz", views.healthz, name="healthz"),
    path("media/<path:path>", media, name="media"),
    path("", views.home, name="home"),
    path("about/fetcher", TemplateView.as_view(template_name="fetcher.html"), name="fetcher"),
    path("websub/<str:token>/", hub_views.callback, name="websub-callback"),
    path("page/1/", RedirectView.as_view(pattern_name="home", permanent=True)),
    path("page/<page:number>/", views.home),
    path("search/", search.search, name="search"),
    path("opensearch.xml", search.description, name="opensearch"),
    path("demo/", include("newsandtimes.demo.urls")),
    *former,
    path("<int:year>/<int:month>/<int:day>/<slug:slug>/", views.post),  # in the place of blog's
    path("", include("blog.urls")),
    path("", include("newsletter.urls")),
    # The last ones: pages and collections stand under their bare names; nothing may follow them.
    path("<slug:slug>/", views.bare_name, name="page"),
    path("", include("aggregator.urls")),
]
