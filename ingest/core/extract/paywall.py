"""How publishers ask for a subscription in place of the rest of an article, and what is left of a text without that."""

import re

from ingest.core.extract.length import words

PLEA = re.compile(
    r"subscribe\b[^.!?\n]{0,40} to ((continue|keep) reading|read|unlock|access)|subscribe (now )?to (continue|keep)"
    r"|subscribe for (full|unlimited) |(continue|keep) reading with|(for|to) subscribers only"
    r"|subscriber[- ](only|exclusive)"
    r"|already (an? )?(subscriber|subscribed|member|registered)(\?|\W{1,3}(please )?(log|sign)\b)"
    r"|(article|story|content|report) is (only |exclusively )?(available )?(only )?(for|to|reserved for|exclusive to) "
    r"(our )?(paying |premium |digital )?(subscribers|members)"
    r"|to (read|access|unlock|see|view) (the (full|whole|rest|complete)|this)\b[^.!?\n]{0,40}"
    r"\b(subscribe|sign (in|up)|log ?in|register)"
    r"|log ?in to (continue|read)|sign (up|in) to (continue|read)|unlock (this|the full) (article|story)"
    r"|(reached|used up|exceeded) (your|the) [^.!?\n]{0,20}(limit|number|allowance)\b[^.!?\n]{0,20} (articles|stories)"
    r"|(last|no more|no) free (articles?|stor(y|ies))( left| remaining)?( this| for)"
    r"|(jetzt )?(abo|abonnement) (abschließen|testen)"
    r"|(nur|exklusiv|ausschließlich) (für|mit) (unsere |unseren )?(abo\b|abonnent)"
    r"|(um|jetzt) (den|diesen) [^.!?\n]{0,20}(artikel|text|beitrag) "
    r"(weiter|ganz|vollständig)?(zu )?(lesen|weiterzulesen|freischalten|freizuschalten)"
    r"|weiterlesen mit|mit .{1,20}plus.{0,10} weiterlesen|(bereits|schon) (ein abo|abonnent|abonniert)\b"
    r"|(anmelden|registrieren|einloggen),? (um|und) weiter(zu)?lesen"
    r"|alle (kostenlosen|freien) artikel (gelesen|aufgebraucht)"
    r"|réservée?s? (aux|à nos) abonné|(déjà|pas encore) abonné|pour lire la suite|abonnez-vous (pour|dès|à partir|et)"
    r"|(poursuivre|continuer) (votre|la) lecture|connectez-vous pour (lire|continuer|poursuivre)"
    r"|(atteint|épuisé) (votre|la limite|le nombre)\b[^.!?\n]{0,30} articles"
    r"|(s[oó]lo|exclusivo|reservado) (para|a) (nuestros )?(suscriptor|socios|abonados)|para (seguir|continuar) leyendo"
    r"|suscr[ií]b(ete|ase) (para|y|desde)|¿ya (eres|es) suscriptor|inici[ae] sesión para (leer|continuar|seguir)"
    r"|(alcanzado|llegado a)l? [^.!?\n]{0,12}límite [^.!?\n]{0,20}(artículos|noticias)"
    r"|(exclusivo|s[oó]|apenas|reservado) (para|a|aos) (nossos )?assinantes|(já é|seja) assinante"
    r"|assine (agora )?(para|e) (ler|continu)|para continuar (a ler|lendo|a leitura)|faça login para (ler|continuar)"
    r"|(atingiu|chegou ao) [^.!?\n]{0,12}limite [^.!?\n]{0,20}(artigos|matérias|notícias|reportagens)"
    r"|riservat[oaie] (agli|ai nostri) abbonati|(sei già|diventa) abbonato"
    r"|abbonat[ie] per (leggere|continuare|proseguire)"
    r"|per (continuare a leggere|proseguire (la|nella) lettura)|accedi per (leggere|continuare)"
    r"|(raggiunto|esaurito) [^.!?\n]{0,20}articoli gratuiti"
    r"|alleen voor abonnees|(доступно|только) (по подписке|для подписчиков)|abonelere özel"
    r"|有料会員|会員限定|구독자 전용",
    re.IGNORECASE,
)

_LONGEST = 40
"""Words of a paragraph that is taken for a plea; in a longer one there is some of the article."""
_SHORT = 20
"""Words of a paragraph that belongs to the plea above it: prices, the question for a password."""


def without_plea(text: str) -> str:
    """What a stub gives of its article: its text without the plea and the lines that follow it."""
    kept: list[str] = []
    has_pleaded = False
    for block in text.split("\n\n"):
        length = words(block)
        pleads = length <= _LONGEST and PLEA.search(block) is not None
        has_pleaded = has_pleaded or pleads
        if not pleads and not (has_pleaded and length < _SHORT):
            kept.append(block)
    return "\n\n".join(kept)
