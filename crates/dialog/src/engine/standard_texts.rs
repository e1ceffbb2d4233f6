//! What the platform says by itself in other languages than English, where the author says nothing else.
//!
//! The original has texts of its own for these; which ones is not known here, so these are ours.

use crate::bot::Condition;

/// What the platform says at a condition in a language; nothing for a language without texts here, whose users are told in
/// English.
pub(super) fn text(condition: Condition, language: &str) -> Option<&'static str> {
    let texts: [&'static str; LANGUAGES.len()] = match condition {
        Condition::Discarded => [
            "De acuerdo, descarto la tarea por ahora. Podemos empezar de nuevo cuando quieras.",
            "D'accord, j'abandonne la tâche pour l'instant. Nous pourrons recommencer quand vous voudrez.",
            "In Ordnung, ich breche die Aufgabe vorerst ab. Wir können jederzeit von vorn beginnen.",
            "Certo, vou descartar a tarefa por enquanto. Podemos recomeçar quando você quiser.",
            "Va bene, per ora annullo l'attività. Possiamo ricominciare quando vuoi.",
            "Oké, ik breek de taak voorlopig af. We kunnen opnieuw beginnen wanneer je wilt.",
        ],
        Condition::RetriesExceeded => [
            "Has superado el número de intentos permitidos. De acuerdo, descarto la tarea por ahora. Podemos empezar de nuevo cuando quieras.",
            "Vous avez dépassé le nombre de tentatives autorisées. J'abandonne la tâche pour l'instant. Nous pourrons recommencer quand vous voudrez.",
            "Du hast die Zahl der erlaubten Versuche überschritten. Ich breche die Aufgabe vorerst ab. Wir können jederzeit von vorn beginnen.",
            "Você excedeu o número de tentativas permitidas. Vou descartar a tarefa por enquanto. Podemos recomeçar quando você quiser.",
            "Hai superato il numero di tentativi consentiti. Per ora annullo l'attività. Possiamo ricominciare quando vuoi.",
            "Je hebt het aantal toegestane pogingen overschreden. Ik breek de taak voorlopig af. We kunnen opnieuw beginnen wanneer je wilt.",
        ],
        Condition::RetriesExceededWhileHolding => [
            "Has superado el número de intentos permitidos. Descarto la tarea actual.",
            "Vous avez dépassé le nombre de tentatives autorisées. J'abandonne la tâche en cours.",
            "Du hast die Zahl der erlaubten Versuche überschritten. Ich breche die laufende Aufgabe ab.",
            "Você excedeu o número de tentativas permitidas. Vou descartar a tarefa atual.",
            "Hai superato il numero di tentativi consentiti. Annullo l'attività in corso.",
            "Je hebt het aantal toegestane pogingen overschreden. Ik breek de huidige taak af.",
        ],
        Condition::WrongChoice => [
            "Esa opción no es válida. Probemos otra vez.",
            "Cette option n'est pas valable. Essayons encore une fois.",
            "Das ist keine gültige Auswahl. Versuchen wir es noch einmal.",
            "Essa opção não é válida. Vamos tentar de novo.",
            "Questa opzione non è valida. Riproviamo.",
            "Dat is geen geldige keuze. Laten we het opnieuw proberen.",
        ],
        Condition::AmbiguousValue => [
            "El valor que has escrito parece ambiguo. Dime cuál es la opción que quieres elegir.",
            "La valeur que vous avez saisie semble ambiguë. Dites-moi quelle option vous souhaitez choisir.",
            "Dein Wert kann verschiedenes bedeuten. Sag mir, welche Möglichkeit du meinst.",
            "O valor que você digitou parece ambíguo. Diga qual opção deseja escolher.",
            "Il valore inserito sembra ambiguo. Dimmi quale opzione vuoi scegliere.",
            "Je invoer kan verschillende dingen betekenen. Zeg me welke optie je bedoelt.",
        ],
        Condition::AmbiguousIntents => [
            "He encontrado varias coincidencias. Elige una:",
            "J'ai trouvé plusieurs possibilités. Choisissez-en une :",
            "Ich habe mehrere Treffer gefunden. Bitte wähle einen aus:",
            "Encontrei várias correspondências. Escolha uma:",
            "Ho trovato più corrispondenze. Scegline una:",
            "Ik heb meerdere mogelijkheden gevonden. Kies er een:",
        ],
        Condition::DidYouMean => [
            "¿Quisiste decir?",
            "Vouliez-vous dire ?",
            "Meintest du?",
            "Você quis dizer?",
            "Intendevi?",
            "Bedoelde je?",
        ],
        Condition::Help => [
            "Estas son las tareas que puedo hacer por ti.",
            "Voici les tâches que je peux effectuer pour vous.",
            "Diese Aufgaben kann ich für dich erledigen.",
            "Estas são as tarefas que posso realizar para você.",
            "Ecco le attività che posso svolgere per te.",
            "Dit zijn de taken die ik voor je kan doen.",
        ],
        Condition::Thanks => ["De nada.", "Je vous en prie.", "Gern geschehen.", "De nada.", "Prego.", "Graag gedaan."],
        Condition::WhoAreYou => [
            "Soy <display-bot-name>.",
            "Je suis <display-bot-name>.",
            "Ich bin <display-bot-name>.",
            "Eu sou <display-bot-name>.",
            "Sono <display-bot-name>.",
            "Ik ben <display-bot-name>.",
        ],
        Condition::Greeting => ["¡Hola!", "Bonjour !", "Hallo!", "Olá!", "Ciao!", "Hallo!"],
        Condition::SessionClosed => [
            "Cierro nuestra conversación porque no he recibido ningún mensaje tuyo. Podemos empezar de nuevo cuando lo necesites.",
            "Je ferme notre conversation, car je n'ai reçu aucun message de votre part. Nous pourrons recommencer quand vous en aurez besoin.",
            "Ich beende unser Gespräch, da ich nichts von dir gehört habe. Wir können jederzeit von vorn beginnen.",
            "Estou encerrando nossa conversa porque não recebi nenhuma mensagem sua. Podemos recomeçar quando você precisar.",
            "Chiudo la nostra conversazione perché non ho ricevuto alcun messaggio. Possiamo ricominciare quando ti serve.",
            "Ik sluit ons gesprek af omdat ik niets van je heb gehoord. We kunnen opnieuw beginnen wanneer je wilt.",
        ],
        Condition::LongWord => [
            "Parece que has escrito una palabra larguísima. Comprueba si falta un espacio o si hay alguna falta.",
            "Il semble que vous ayez saisi un mot très long. Vérifiez s'il manque une espace ou si un mot est mal écrit.",
            "Du hast anscheinend ein sehr langes Wort geschrieben. Bitte prüfe, ob ein Leerzeichen fehlt oder ein Wort falsch geschrieben ist.",
            "Parece que você digitou uma palavra muito longa. Verifique se falta um espaço ou se há algum erro de escrita.",
            "Sembra che tu abbia scritto una parola lunghissima. Controlla se manca uno spazio o se c'è un errore.",
            "Het lijkt erop dat je een heel lang woord hebt getypt. Kijk of er een spatie ontbreekt of een woord verkeerd is gespeld.",
        ],
        Condition::Loop => [
            "Se alcanzó el límite de repeticiones del nodo <node>",
            "La limite de répétitions du nœud <node> est atteinte",
            "Die Grenze der Wiederholungen des Knotens <node> ist erreicht",
            "O limite de repetições do nó <node> foi atingido",
            "Raggiunto il limite di ripetizioni del nodo <node>",
            "De limiet van herhalingen van knooppunt <node> is bereikt",
        ],
        Condition::TaskFailure => [
            "Lo siento, algo salió mal y he tenido que descartar la tarea. Inténtalo de nuevo.",
            "Désolé, une erreur s'est produite et j'ai dû abandonner la tâche. Veuillez réessayer.",
            "Leider ist etwas schiefgegangen, und ich musste die Aufgabe abbrechen. Bitte versuche es noch einmal.",
            "Desculpe, algo deu errado e tive que descartar a tarefa. Tente novamente.",
            "Mi dispiace, qualcosa è andato storto e ho dovuto annullare l'attività. Riprova.",
            "Sorry, er ging iets mis en ik moest de taak afbreken. Probeer het opnieuw.",
        ],
        Condition::Goodbye => [
            "Gracias. ¡Adiós!",
            "Merci. Au revoir !",
            "Danke. Auf Wiedersehen!",
            "Obrigado. Até logo!",
            "Grazie. Arrivederci!",
            "Bedankt. Tot ziens!",
        ],
        Condition::NoAgents => [
            "Todos nuestros agentes están ocupados en este momento. Inténtalo más tarde.",
            "Tous nos conseillers sont occupés pour le moment. Veuillez réessayer plus tard.",
            "Alle unsere Mitarbeiter sind gerade beschäftigt. Bitte versuche es später noch einmal.",
            "Todos os nossos atendentes estão ocupados no momento. Tente novamente mais tarde.",
            "Tutti i nostri operatori sono occupati al momento. Riprova più tardi.",
            "Al onze medewerkers zijn op dit moment bezet. Probeer het later opnieuw.",
        ],
        Condition::Unidentified => [
            "No he entendido eso. ¿Puedes decirlo de otra manera?",
            "Je n'ai pas compris. Pouvez-vous reformuler ?",
            "Das habe ich nicht verstanden. Kannst du es anders sagen?",
            "Não entendi. Você pode dizer de outra forma?",
            "Non ho capito. Puoi dirlo in un altro modo?",
            "Dat heb ik niet begrepen. Kun je het anders zeggen?",
        ],
        Condition::AnswerMissing => [
            "Lo siento, la respuesta a tu pregunta no está disponible.",
            "Désolé, la réponse à votre question n'est pas disponible.",
            "Leider ist keine Antwort auf deine Frage vorhanden.",
            "Desculpe, a resposta para a sua pergunta não está disponível.",
            "Mi dispiace, la risposta alla tua domanda non è disponibile.",
            "Sorry, het antwoord op je vraag is niet beschikbaar.",
        ],
        Condition::ConfirmSwitch => [
            "¿Quieres cambiar a la tarea '<interrupting-task>'?",
            "Voulez-vous passer à la tâche '<interrupting-task>' ?",
            "Möchtest du zur Aufgabe '<interrupting-task>' wechseln?",
            "Quer mudar para a tarefa '<interrupting-task>'?",
            "Vuoi passare all'attività '<interrupting-task>'?",
            "Wil je overschakelen naar de taak '<interrupting-task>'?",
        ],
        Condition::Switching => [
            "De acuerdo, cambio a la tarea <interrupting-task>.",
            "D'accord, je passe à la tâche <interrupting-task>.",
            "In Ordnung, ich wechsle zur Aufgabe <interrupting-task>.",
            "Certo, mudando para a tarefa <interrupting-task>.",
            "Va bene, passo all'attività <interrupting-task>.",
            "Oké, ik schakel over naar de taak <interrupting-task>.",
        ],
        Condition::ConfirmResume => [
            "¿Seguimos con la tarea anterior '<previous-task>'?",
            "Voulez-vous reprendre la tâche précédente '<previous-task>' ?",
            "Sollen wir mit der vorigen Aufgabe '<previous-task>' weitermachen?",
            "Vamos continuar a tarefa anterior '<previous-task>'?",
            "Vuoi continuare l'attività precedente '<previous-task>'?",
            "Zullen we verdergaan met de vorige taak '<previous-task>'?",
        ],
        Condition::Resuming => [
            "Retomo la tarea '<previous-task>'.",
            "Je reprends la tâche '<previous-task>'.",
            "Ich mache mit der Aufgabe '<previous-task>' weiter.",
            "Retomando a tarefa '<previous-task>'.",
            "Riprendo l'attività '<previous-task>'.",
            "Ik ga verder met de taak '<previous-task>'.",
        ],
        Condition::ResumeDeclined => [
            "De acuerdo, '<previous-task>' se ha cancelado.",
            "D'accord, '<previous-task>' est annulée.",
            "In Ordnung, '<previous-task>' ist abgebrochen.",
            "Certo, '<previous-task>' foi cancelada.",
            "Va bene, '<previous-task>' è stata annullata.",
            "Oké, '<previous-task>' is geannuleerd.",
        ],
        Condition::FollowUps => [
            "He identificado estas tareas en la conversación:",
            "J'ai relevé les tâches suivantes dans la conversation :",
            "Diese Aufgaben habe ich aus dem Gespräch herausgehört:",
            "Identifiquei as seguintes tarefas na conversa:",
            "Ho individuato queste attività nella conversazione:",
            "Ik heb deze taken uit het gesprek gehaald:",
        ],
        Condition::TaskNotAvailable => [
            "La tarea '<task-name>' no está disponible aquí.",
            "La tâche '<task-name>' n'est pas disponible ici.",
            "Die Aufgabe '<task-name>' steht hier nicht zur Verfügung.",
            "A tarefa '<task-name>' não está disponível aqui.",
            "L'attività '<task-name>' non è disponibile qui.",
            "De taak '<task-name>' is hier niet beschikbaar.",
        ],
        Condition::ChooseLanguage => [
            "¿En qué idioma quieres continuar?",
            "Dans quelle langue souhaitez-vous continuer ?",
            "In welcher Sprache möchtest du weitermachen?",
            "Em que idioma você quer continuar?",
            "In quale lingua vuoi continuare?",
            "In welke taal wil je verdergaan?",
        ],
        Condition::NothingToDiscard => [
            "No hay ninguna tarea que descartar.",
            "Il n'y a aucune tâche à abandonner.",
            "Es gibt keine Aufgabe, die abgebrochen werden kann.",
            "Não há nenhuma tarefa para descartar.",
            "Non c'è nessuna attività da annullare.",
            "Er is geen taak om af te breken.",
        ],
        Condition::EmptyDialog => [
            "La tarea '<task-name>' todavía no hace nada.",
            "La tâche '<task-name>' ne fait encore rien.",
            "Die Aufgabe '<task-name>' hat noch nichts zu tun.",
            "A tarefa '<task-name>' ainda não faz nada.",
            "L'attività '<task-name>' non fa ancora nulla.",
            "De taak '<task-name>' doet nog niets.",
        ],
    };
    let code = language.split(['_', '-']).next().unwrap_or_default();
    LANGUAGES.iter().zip(texts).find(|(of, _)| of.eq_ignore_ascii_case(code)).map(|(_, text)| text)
}

/// Whether the platform speaks a language by itself.
pub(crate) fn are_in(language: &str) -> bool {
    let code = language.split(['_', '-']).next().unwrap_or_default();
    code.eq_ignore_ascii_case("en") || LANGUAGES.iter().any(|of| of.eq_ignore_ascii_case(code))
}

/// The languages that have texts here, in the order they stand in.
const LANGUAGES: [&str; 6] = ["es", "fr", "de", "pt", "it", "nl"];

/// Yes and no, as choices.
pub(crate) fn yes_and_no(language: &str) -> [&'static str; 2] {
    match language.split(['_', '-']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "es" => ["Sí", "No"],
        "fr" => ["Oui", "Non"],
        "de" => ["Ja", "Nein"],
        "pt" => ["Sim", "Não"],
        "it" => ["Sì", "No"],
        "nl" => ["Ja", "Nee"],
        _ => ["Yes", "No"],
    }
}
