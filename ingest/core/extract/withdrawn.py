"""How publishers say, under the address of an article, that they took it away."""

import re

WITHDRAWN = re.compile(
    r"this (article|story|post|report|item) (has been|was|is being) (removed|withdrawn|taken down|deleted|retracted|unpublished)"
    r"|(article|story|post|report) (removed|withdrawn|retracted) (by|at the request)|we have (removed|withdrawn|retracted) this (article|story|post|report)"
    r"|this (article|story) is no longer available|(dieser|der) (artikel|beitrag) (wurde|ist) (gelöscht|entfernt|zurückgezogen|nicht (mehr|länger) verfügbar)"
    r"|(cet|l['’]) ?article (a été (supprimé|retiré|dépublié)|n['’]est plus disponible)"
    r"|(este|el) artículo (ha sido|fue) (eliminado|retirado|borrado)|(este|el) artículo ya no está disponible"
    r"|(este|o) artigo foi (removido|retirado|apagado|excluído)|esta (matéria|notícia) foi (removida|retirada|excluída)"
    r"|(questo|l['’]) ?articolo (è stato (rimosso|ritirato|cancellato)|non è più disponibile)"
    r"|dit artikel (is|werd) (verwijderd|ingetrokken|niet langer beschikbaar)"
    r"|(этот материал|материал|статья|новость) (был[аи]? )?(удал[её]н[аоы]?|снят[аы]? с публикации|отозван[аы]?)"
    r"|bu haber (kaldırıldı|yayından kaldırılmıştır|silinmiştir)|ten artykuł został (usunięty|wycofany)"
    r"|(den här|denna) artikeln? har (tagits bort|avpublicerats)|تم (حذف|سحب|إزالة) (هذا|هذه) (المقال|المقالة|الخبر)"
    r"|この記事は(削除|取り消)されました|(本文|该文章|此文章|文章|稿件)已(被)?(删除|撤回|下架)|(삭제|철회)된 (기사|게시물)입니다",
    re.IGNORECASE,
)
