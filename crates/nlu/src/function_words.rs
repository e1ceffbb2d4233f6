//! Words that carry little meaning in a question, per language.

/// The function words of a language, lower case; none for a language that has no list.
pub(crate) fn of(language: &str) -> &'static str {
    match language {
        "en" => {
            "a an the i me my you your we us our it its they them their this that these those is are was were be been am \
             do does did can could will would shall should may might must have has had to of in on at for from by with \
             about and or if so what which who how when where why there here please tell show give let get know want need \
             ' s t re ll d m any some"
        }
        "de" => {
            "der die das den dem des ein eine einen einem einer ich mich mir mein meine meinen du sie ihr ihre wir uns \
             unser es ist sind war bin sein haben habe hat kann können könnte muss soll will möchte werden wird zu von in \
             im am an auf für aus bei mit über und oder wenn was welche welcher wer wie wann wo warum bitte es gibt man"
        }
        "es" => {
            "el la los las un una unos unas yo me mi mis tu su sus nos es son está están ser puedo puede quiero hay de del \
             en a al por para con sobre y o si que qué cuál cuáles quién cómo cuándo dónde favor se lo"
        }
        "fr" => {
            "le la les l un une des je me mon ma mes tu vous votre vos nous notre il elle est sont être ai a peux peut puis \
             veux de du d en à au aux pour par avec sur et ou si que qu quoi quel quelle quels qui comment quand où \
             pourquoi ce c se"
        }
        "pt" => {
            "o a os as um uma eu me meu minha meus você seu sua nos é são está ser posso pode quero há de do da em no na \
             por para com sobre e ou se que qual quais quem como quando onde"
        }
        "it" => {
            "il lo la i gli le un una io mi mio mia tu vostro suo è sono essere posso può voglio di del della in a al per \
             con su e o se che cosa quale quali chi come quando dove"
        }
        "nl" => {
            "de het een ik me mijn je jij u uw wij ons is zijn was ben kan kunnen wil moet heb heeft te van in op aan voor \
             bij met over en of als wat welke wie hoe wanneer waar waarom er"
        }
        "id" => {
            "saya aku anda kamu kami kita ini itu yang di ke dari untuk dengan dan atau jika adalah ada apa apakah siapa \
             bagaimana kapan mana mengapa bisa bisakah dapat dapatkah akan ingin cara tolong tentang"
        }
        _ => "",
    }
}
