"""How programs and people say "I am away", in the languages of mail. All in lower case."""

# At the beginning of a subject.
AWAY_IN_SUBJECT = (
    "automatic reply", "automated reply", "auto reply", "auto-reply", "autoreply", "automatic response", "automated response", "auto response", "auto-response", "autoresponse", "autoresponder",
    "auto:", "out of office", "out of the office", "out-of-office", "ooo:", "[ooo]", "away from my mail", "away from the office", "vacation reply", "vacation response",
    "abwesenheitsnotiz", "abwesenheitsassistent", "abwesenheitsmeldung", "abwesenheitsnachricht", "abwesenheitsbenachrichtigung", "abwesenheitshinweis", "automatische antwort", "automatische abwesenheit", "autom. antwort", "ich bin nicht im büro", "nicht im büro", "außer haus", "im urlaub", "urlaub:",
    "réponse automatique", "reponse automatique", "absence du bureau", "message d'absence", "message d’absence", "absent du bureau", "absent(e)", "respuesta automática", "respuesta automatica",
    "fuera de la oficina", "fuera de oficina", "de vacaciones", "resposta automática", "resposta automatica", "resposta automàtica", "ausência temporária", "fora do escritório", "em férias",
    "risposta automatica", "fuori sede", "fuori ufficio", "in ferie", "automatisch antwoord", "automatische beantwoording", "automatisch bericht", "afwezig", "niet aanwezig", "automatiskt svar", "autosvar:",
    "automatisk svar", "frånvaro", "ej på kontoret", "fraværende", "fravær", "ikke til stede", "automaattinen vastaus", "poissaoloilmoitus", "automatyczna odpowiedź", "odpowiedź automatyczna", "nieobecność", "poza biurem",
    "autoodpowiedź", "automatická odpověď", "automatická odpoveď", "mimo kancelář", "mimo kanceláriu", "nepřítomnost", "neprítomnosť", "samodejni odgovor", "odsotnost", "automatski odgovor", "odsutan",
    "automatikus válasz", "automatikus valasz", "házon kívül", "szabadságon", "răspuns automat", "raspuns automat", "plecat din birou", "автоответ", "автоматический ответ", "автоматично", "автоматична відповідь",
    "автоматичен отговор", "аутоматски одговор", "вне офиса", "нет на месте", "в отпуске", "відсутн", "αυτόματη απάντηση", "εκτός γραφείου", "otomatik yanıt", "otomatik cevap", "ofis dışı", "ofis dışında",
    "trả lời tự động", "thư trả lời tự động", "balasan otomatis", "balas otomatis", "jawapan automatik", "ตอบกลับอัตโนมัติ", "การตอบกลับอัตโนมัติ", "自动答复", "自动回复", "自動回覆", "自動回复", "自動応答", "自動返信", "不在通知", "不在のお知らせ",
    "外出中", "자동 회신", "자동 응답", "자동응답", "자동회신", "부재중", "부재 중", "תשובה אוטומטית", "מענה אוטומטי", "מחוץ למשרד", "رد تلقائي", "رد آلي", "خارج المكتب", "پاسخ خودکار", "automaatvastus", "automaatne vastus", "automātiskā atbilde",
    "automātiska atbilde", "automatinis atsakymas", "sjálfvirkt svar", "स्वचालित उत्तर",
)  # fmt: skip
# A whole subject, or before a colon or the subject that is answered: words that people begin their subjects with, too.
AWAY_ALONE = (
    "away", "i am away", "i'm away", "vacation", "on vacation", "i am on vacation", "on leave", "on holiday", "on annual leave", "maternity leave", "parental leave", "oof", "absence", "absent", "absent(e)", "je suis absent", "je suis absente",
    "je suis absent(e)", "en congé", "en congés", "en vacances", "urlaub", "im urlaub", "ich bin im urlaub", "abwesenheit", "abwesend", "ausente", "ausencia", "estoy ausente", "vacaciones", "ausência", "férias", "em férias", "assenza", "assente",
    "ferie", "in ferie", "afwezig", "vakantie", "op vakantie", "autosvar", "frånvarande", "semester", "på semester", "ikke på kontoret", "på ferie", "poissa", "poissaolo", "lomalla", "urlop", "na urlopie", "dovolená", "dovolenka", "dopust", "na dopustu",
    "godišnji odmor", "szabadság", "szabadságon", "concediu", "în concediu", "отпуск", "в отпуске", "відпустка", "у відпустці", "автовідповідь", "отпуска", "απουσία", "άδεια", "σε άδεια", "izinde", "i̇zinde", "izin", "tatil", "tatilde",
    "vắng mặt", "nghỉ phép", "cuti", "sedang cuti", "di luar kantor", "ลาพักร้อน", "ไม่อยู่ที่สำนักงาน", "休假", "休假中", "外出", "不在", "出差", "休暇", "休暇中", "휴가", "휴가중", "휴가 중", "부재", "בחופשה", "إجازة", "في إجازة", "مرخصی", "automatic answer",
    "mensaje automático", "mensagem automática", "messaggio automatico", "automatische nachricht", "automatische eingangsbestätigung", "message automatique",
)  # fmt: skip
# Anywhere in a subject.
AWAY_WITHIN = (
    "(automatic response)", "[automatic response]", "(automatic reply)", "[automatic reply]", "(auto reply)", "[auto reply]", "(auto-reply)", "[auto-reply]", "[autoreply]", "(autoreply)", "(auto response)", "[auto response]",
    "(automatische antwort)", "[automatische antwort]", "(réponse automatique)", "(respuesta automática)", " is out of the office", " is out of office", " is on vacation", " ist außer haus", " ist nicht im büro", " ist nicht im hause", " est absent", " è fuori ufficio",
)  # fmt: skip
# Anywhere in the first lines of a letter whose headers already say that a program answered.
AWAY = (
    "out of office", "out of the office", "out-of-office", "away from", "i am away", "i'm away", "be away", "on vacation", "on leave", "on holiday", "annual leave", "maternity leave", "parental leave", "currently unavailable",
    "limited access to", "back in the office", "return to the office", "will be returning", "nicht im büro", "abwesen", "nicht im hause", "außer haus", "urlaub", "nicht erreichbar", "wieder erreichbar", "absent", "en congé",
    "vacances", "hors du bureau", "de retour le", "fuera de la oficina", "ausente", "vacaciones", "fora do escritório", "férias", "ausência", "fuori ufficio", "fuori sede", "in ferie", "assente", "afwezig", "niet aanwezig",
    "vakantie", "met verlof", "frånvarande", "semester", "inte på kontoret", "föräldraledig", "fraværende", "ferie", "ikke på kontoret", "poissa", "lomalla", "vuosilomalla", "nieobecn", "urlop", "poza biurem", "dovolen", "mimo kancel",
    "nepřítom", "neprítom", "odsoten", "dopust", "odmoru", "szabadság", "házon kívül", "concediu", "nu sunt la birou", "отпуск", "вне офиса", "отсутств", "відпуст", "відсутн", "отпуска", "εκτός γραφείου", "άδεια", "ofis dışında", "izinde", "tatilde",
    "nghỉ phép", "vắng mặt", "cuti", "ลาพัก", "ไม่อยู่", "休假", "外出", "不在", "出差", "休暇", "휴가", "부재", "출장", "בחופשה", "מחוץ למשרד", "إجازة", "خارج المكتب", "مرخصی",
)  # fmt: skip
