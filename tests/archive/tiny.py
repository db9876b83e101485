"""A site of a few pages that nobody of the real one knows: what a copy does with any site."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path


def page(text):
    body = f"<!doctype html><html><body><header>Kop</header><main>{text}</main></body></html>"
    return lambda request: HttpResponse(body)


def listing(request):
    number = request.GET.get("pagina", "1")
    return page(f'<p>Bladzijde {number}</p><a href="?pagina=2">2</a>')(request)


def feed(request):
    return HttpResponse("<feed/>", content_type="application/atom+xml; charset=utf-8")


def cookie(request):
    response = HttpResponse("x")
    response.set_cookie("spoor", "1")
    return response


def fails(request):
    raise RuntimeError("stuk")


def sitemap(request):
    listed = "".join(f"<url><loc>http://127.0.0.1:8000/{name}/</loc></url>" for name in ["stil"])
    return HttpResponse(f"<urlset>{listed}</urlset>", content_type="application/xml")


HOME = """
<a href="/lijst/">Lijst</a> <a href="/lijst/?pagina=2&amp;soort=a">Tweede van a</a>
<a href="/lijst/?soort=a&amp;orde=b">Keuze</a> <a href="/oud/">Oud adres</a>
<a href="/weg/">Weg</a> <a href="/volgen/">Volgen</a> <a href="/deel?x=1#einde">Deel</a>
<a href="https://elders.example/">Elders</a>
"""
urlpatterns = [
    path("", page(HOME)),
    path("lijst/", listing),
    path("deel", page("Een deel")),
    path("oud/", lambda request: HttpResponseRedirect("/nieuw/")),
    path("nieuw/", page('Nieuw <a href="/">Naar het begin</a>')),
    path("volgen/", feed),
    path("stil/", page("Hier leidt geen link naar toe")),
    path("sitemap.xml", sitemap),
]
