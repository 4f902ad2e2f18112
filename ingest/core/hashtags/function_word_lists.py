"""The function words of ten languages, for `function_words`.

A word that is as often a noun, a name or an adjective is left off, so that it stays a hashtag (`secondo`, `estado`).
"""

LISTS = {
    "en": """
        a an the
        and or but nor yet so if than that whether because since while although though unless until as when where why
        how about above across after against ahead along alongside amid amidst among amongst around at before behind
        below beneath beside besides between beyond by despite down during except for from in inside into near of off
        on onto out outside over per through throughout till to toward towards under underneath unlike up upon versus
        via vs v with within without
        i me my mine myself you your yours yourself yourselves he him his himself she her hers herself it its itself
        we us our ours ourselves they them their theirs themselves one's
        this these those who whom whose which what whatever whoever there here then
        all any anybody anyone anything both each either every everybody everyone everything few many more most much
        neither nobody none nothing no other others another same several some somebody someone something such am are
        be been being is was were do does did doing done have has had having can could may might must shall should
        will would ought let let's ain't aren't can't couldn't didn't doesn't don't hadn't hasn't haven't isn't
        mustn't shouldn't wasn't weren't won't wouldn't cannot
        not n't also just too very even only ago pm
        """,
    "es": """
        el la los las un una unos unas lo al del
        y e o u ni pero mas sino aunque que porque pues si cuando como mientras donde ya
        a ante bajo con contra de desde durante en entre hacia hasta mediante para por según sin sobre tras vía yo me
        mí mi mis tú te ti tu tus él ella ello ellos ellas le les se sí su sus suyo suya suyos suyas nos nosotros
        nuestro nuestra nuestros nuestras os vosotros vuestro vuestra usted ustedes conmigo contigo consigo este esta
        esto estos estas ese esa eso esos esas aquel aquella aquello aquellos aquellas éste ésta éstos éstas quien
        quién quienes quiénes cual cuál cuales cuáles cuyo cuya cuyos cuyas qué cómo cuándo dónde cuánto cuánta
        cuántos cuántas algo alguien alguno alguna algunos algunas algún nada nadie ninguno ninguna ningún otro otra
        otros otras todo toda todos todas cada ambos ambas mucho mucha muchos muchas más menos tan tanto tanta tantos
        tantas muy no también tampoco así aún
        es son era eran fue fueron será serán sería serían sea sean fuera siendo sido ser soy somos
        está están estaba estaban estuvo estará esté estén estar estando
        ha han había habían hubo habrá habría haya hayan haber habiendo he hemos hay
        puede pueden podrá podrán podría podrían debe deben debería
        """,
    "fr": """
        le la les un une des du de au aux
        et ou mais ni car donc que si quand lorsque puisque comme parce quoique tandis
        à après avant avec chez contre dans depuis derrière dès devant durant en entre envers hors jusque lors malgré
        par parmi pendant pour sans sauf selon sous sur vers via
        je me moi mon ma mes tu te toi ton ta tes il elle on ils elles lui leur leurs se soi son sa ses nous notre nos
        vous votre vos eux y ce cet cette ces ça cela ceci celui celle ceux celles celui-ci celle-ci ceux-ci
        celles-ci celui-là celle-là ceux-là celles-là
        qui quoi dont où quel quelle quels quelles lequel laquelle lesquels lesquelles auquel duquel comment pourquoi
        combien quelque quelques quelqu'un quelqu'une aucun aucune autre autres chaque chacun chacune certains
        certaines plusieurs rien tout toute tous toutes même mêmes tel telle tels telles
        ne pas plus moins très trop aussi ainsi peut-être déjà encore
        est été sont était étaient sera seront serait seraient soit soient fut furent être étant suis es sommes êtes a
        ont avait avaient aura auront aurait auraient ait aient eut avoir ayant ai as avons avez
        peut peuvent pourra pourront pourrait pourraient doit doivent devra devrait devraient
        """,
    "de": """
        der die das den dem des ein eine einen einem einer eines
        und oder aber denn sondern sowie dass daß ob weil wenn da damit obwohl bevor nachdem sobald solange falls
        indem während als wie
        ab an am ans auf aufs aus außer bei beim bis durch für fürs gegen hinter im in ins innerhalb mit nach neben
        ohne seit statt trotz über um unter unterm vom von vor vorm wegen zu zum zur zwischen
        ich mich mir mein meine meinen meinem meiner du dich dir dein deine deinen deinem deiner er ihn ihm sein seine
        seinen seinem seiner seines sie ihr ihre ihren ihrem ihrer ihres es wir uns unser unsere unseren unserem
        unserer euch euer eure ihnen sich man
        dieser diese dieses diesen diesem jener jene jenes jenen jenem jeder jede jedes jeden jedem kein keine keinen
        keinem keiner keines alle allen aller alles andere anderen anderer anderes beide beiden einige einigen etwas
        jemand niemand nichts manche mehr viel viele vielen welche welcher welches welchen wer wen wem wessen was wo
        wohin woher wann warum wieso weshalb selbst solche solcher
        nicht auch noch nur schon so sehr doch dann hier dort dazu dabei davon dafür dagegen daran darauf darum
        darüber bin bist ist sind war waren wäre wären sei seien gewesen habe hat haben hatte hatten hätte hätten
        gehabt werde wird werden wurde wurden würde würden worden kann können könnte könnten konnte konnten muss muß
        müssen musste mussten müsste soll sollen sollte sollten will wollen wollte wollten darf dürfen durfte dürfte
        mag möchte möchten
        """,
    "pt": """
        o os a as um uma uns umas ao aos à às do da dos das no na nos nas num numa dum duma pelo pela pelos pelas e ou
        mas nem que porque pois se quando como enquanto embora onde
        a ante após até com contra de desde durante em entre para perante por sem sob sobre via
        eu me mim meu minha meus minhas tu te ti teu tua teus tuas ele ela eles elas lhe lhes si seu sua seus suas nós
        nosso nossa nossos nossas vós vosso vossa você vocês dele dela deles delas nele nela neles nelas
        este esta isto estes estas esse essa isso esses essas aquele aquela aquilo aqueles aquelas deste desta disto
        destes destas desse dessa disso desses dessas daquele daquela neste nesta nisto nestes nestas nesse nessa
        nisso naquele naquela quem qual quais cujo cuja cujos cujas quê porquê algo alguém algum alguma alguns algumas
        nada ninguém nenhum nenhuma outro outra outros outras todo toda todos todas tudo cada ambos ambas muito muita
        muitos muitas mais menos tão tanto tanta não também já só
        é era eram foi foram será serão seria seriam seja sejam ser sendo sido está estão estava estavam esteve estará
        esteja estar tem têm tinha tinham teve terá terão teria tenha ter tendo há havia houve haver pode podem poderá
        poderão poderia poderiam deve devem deverá deverão deveria
        """,
    "it": """
        il lo la i gli le un uno una
        e ed o od ma però né che se quando come mentre perché poiché dove anche quindi sia
        a ad al allo alla ai agli alle da dal dallo dalla dai dagli dalle di del dello della dei degli delle in nel
        nello nella nei negli nelle con col coi su sul sullo sulla sui sugli sulle per tra fra contro dopo durante
        entro fino oltre presso senza sopra sotto verso
        io me mi mio mia miei mie tu te ti tuo tua tuoi tue lui lei egli ella esso essa essi esse loro si sé suo sua
        suoi sue noi ci ce nostro nostra nostri nostre voi vi ve vostro vostra ne li
        questo questa questi queste quello quella quelli quelle quel quei quegli ciò chi cui quale quali cosa quanto
        quanta quanti quante alcuni alcune altro altra altri altre ogni ognuno nessun nessuno nessuna niente nulla
        qualcuno qualcosa tutto tutta tutti tutte molto molta molti molte più meno
        non già ancora così
        è sono era erano fu furono sarà saranno sarebbe sarebbero sia siano essere essendo sei siamo siete ha hanno
        aveva avevano ebbe avrà avranno avrebbe avrebbero abbia abbiano avere avendo ho hai abbiamo avete può possono
        potrà potrebbe potrebbero deve devono dovrà dovrebbe dovrebbero
        """,
    "nl": """
        de het een 't 'n
        en of maar want dus als dan dat omdat zodat terwijl hoewel toen tenzij indien noch
        aan achter af bij binnen boven buiten door in langs met na naar naast om onder ondanks op over per rond sinds
        te tegen ten ter tijdens tot tussen uit van vanaf vanuit via volgens voor voorbij wegens zonder ik me mij mijn
        jij je jou jouw u uw hij hem zijn zij ze haar het we wij ons onze jullie hun hen zich dit deze die wie wat
        waar waarom wanneer hoe welke welk wiens er hier daar
        alle alles elk elke ieder iedere iedereen iemand niemand niets iets geen andere ander anderen meer meest veel
        enkele sommige zelf zo'n zulke beide
        niet ook nog al wel toch zo
        ben bent is was waren wordt worden werd werden heeft hebben had hadden heb hebt geweest zal zullen zou zouden
        kan kunnen kon konden mag mogen mocht moet moeten moest moesten wil willen wilde wilden
        """,
    "ru": """
        в во на с со к ко о об обо от ото по под подо из изо за до у при про для без безо над перед передо между через
        около после против среди ради вместо кроме вокруг из-за из-под насчёт
        и а но или либо да что чтобы как если когда хотя пока ни то тоже также зато где куда откуда почему зачем чем я
        ты он она оно мы вы они меня тебя мне тебе мной тобой его её ее него неё нее ему нему ей ней им ним нём нем их
        них ими ними нас вас нам вам нами вами себя себе собой
        это этот эта эти этого этой этом этому этих этим этими тот та те того той том тому тех тем теми кто кого кому
        кем ком чего чему чём который которая которое которые которого которой котором которому которую которых
        которым которыми какой какая какое какие какого чей чья чьё чьи
        мой моя моё мои твой твоя наш наша наше наши нашего нашей наших ваш ваша ваше ваши свой своя своё свое свои
        своего своей своём своем своему свою своих своим своими
        весь вся всё все всего всей всем всему всю всех всеми сам сама само сами самого самой самых каждый другой
        другие других никто ничего никого некоторые кто-то что-то
        не ни бы б же ж ли ль уже ещё еще лишь только даже вот так
        быть был была было были будет будут будем есть является являются может могут мог могла могли
        """,
    "ar": """
        في من إلى الى على عن مع بعد قبل خلال بين حول ضد منذ حتى عند عبر دون تحت فوق لدى نحو أمام امام وراء داخل خارج
        ضمن رغم بسبب بشأن حيال سوى عدا مثل كما
        و أو او أم ثم بل لكن ولكن إن ان أن أنّ إنّ لأن كي لكي إذا اذا إذ لو لولا حين حيث بينما عندما لما كأن وفي ومن
        وعلى وإلى والى وعن ومع وبين وأن وان وإن ولا ولم ولن وقد وهو وهي بأن بان فإن كما
        هو هي هم هن هما أنا انا نحن أنت انت أنتم هذا هذه هذان هاتان ذلك تلك هؤلاء أولئك هنا هناك بهذا لهذا لهذه الذي
        التي الذين اللذين اللتين اللواتي اللاتي ما ماذا متى أين اين كيف لماذا هل أي اي أية كم مما عما فيما بما ممن كل
        جميع بعض غير كلا
        له لها لهم لنا لي لك به بها بهم فيه فيها فيهم عليه عليها عليهم منه منها منهم إليه إليها إليهم عنه عنها معه
        معها بعده بعدها أنه انه أنها انها أنهم إنه إنها
        كان كانت كانوا يكون تكون سيكون ستكون ليس ليست لم لن لا ألا قد لقد سوف أيضا أيضاً فقط
        """,
    "tr": """
        ve veya ya ile ama fakat ancak ise ki de da eğer çünkü hem yahut yani ne
        için gibi kadar göre karşı rağmen beri dek üzere dolayı diye sonra önce doğru itibaren
        ben beni bana bende benden benim sen seni sana sende senden senin o onu ona onda ondan onun biz bizi bize
        bizde bizden bizim siz sizi size sizde sizden sizin onlar onları onlara onlarda onlardan onların
        bu bunu buna bunda bundan bunun bunlar bunları bunların şu şunu şuna şunun şunlar
        kendi kendisi kendini kendine kim kimi kime kimin neden niçin niye nasıl nerede nereye nereden hangi hangisi
        kaç her herkes hiç hiçbir bir birçok birkaç biri bazı tüm bütün hepsi başka diğer böyle şöyle öyle en çok daha
        mi mı mu mü değil bile dahi
        idi imiş iken olan olarak oldu oldular olacak olur olsun olması olduğu olduğunu olmak olup
        """,
}

LOWER_CASE_ONLY = {"it": "stato stati", "pt": "são"}
"""Auxiliaries that are names with a capital: `Stati Uniti`, `São Paulo`."""
