"""How programs and people say "I am away", in the languages of mail. All in lower case."""

# At the beginning of a subject.
AWAY_IN_SUBJECT = (
    "automatic reply", "automated reply", "auto reply", "auto-reply", "autoreply", "automatic response", "automated response", "auto response", "auto-response", "autoresponse", "autoresponder",
    "auto:", "out of office", "out of the office", "out-of-office", "ooo:", "[ooo]", "i am away", "i'm away", "away from my mail", "away from the office", "on vacation", "vacation reply", "vacation response", "on leave",
    "on holiday", "on annual leave", "absence:", "abwesenheit", "automatische antwort", "automatische abwesenheit", "autom. antwort", "ich bin nicht im büro", "nicht im büro", "außer haus", "im urlaub", "urlaub:",
    "réponse automatique", "reponse automatique", "absence du bureau", "message d'absence", "message d’absence", "absent du bureau", "absent(e)", "en congé", "en vacances", "respuesta automática", "respuesta automatica",
    "fuera de la oficina", "fuera de oficina", "ausente", "ausencia", "de vacaciones", "resposta automática", "resposta automatica", "resposta automàtica", "ausência", "fora do escritório", "em férias",
    "risposta automatica", "fuori sede", "fuori ufficio", "assenza", "assente", "in ferie", "automatisch antwoord", "automatische beantwoording", "automatisch bericht", "afwezig", "niet aanwezig", "automatiskt svar", "autosvar",
    "automatisk svar", "frånvaro", "ej på kontoret", "fraværende", "fravær", "ikke til stede", "automaattinen vastaus", "poissaolo", "poissa", "automatyczna odpowiedź", "odpowiedź automatyczna", "nieobecność", "poza biurem",
    "autoodpowiedź", "automatická odpověď", "automatická odpoveď", "mimo kancelář", "mimo kanceláriu", "nepřítomnost", "neprítomnosť", "samodejni odgovor", "odsotnost", "automatski odgovor", "odsutan",
    "automatikus válasz", "automatikus valasz", "házon kívül", "szabadságon", "răspuns automat", "raspuns automat", "plecat din birou", "автоответ", "автоматический ответ", "автоматично", "автоматична відповідь",
    "автоматичен отговор", "аутоматски одговор", "вне офиса", "нет на месте", "в отпуске", "відсутн", "αυτόματη απάντηση", "εκτός γραφείου", "otomatik yanıt", "otomatik cevap", "ofis dışı", "ofis dışında",
    "trả lời tự động", "thư trả lời tự động", "balasan otomatis", "balas otomatis", "jawapan automatik", "ตอบกลับอัตโนมัติ", "การตอบกลับอัตโนมัติ", "自动答复", "自动回复", "自動回覆", "自動回复", "自動応答", "自動返信", "不在通知", "不在のお知らせ",
    "外出中", "자동 회신", "자동 응답", "자동응답", "자동회신", "부재중", "부재 중", "תשובה אוטומטית", "מענה אוטומטי", "מחוץ למשרד", "رد تلقائي", "رد آلي", "خارج المكتب", "پاسخ خودکار", "automaatvastus", "automaatne vastus", "automātiskā atbilde",
    "automātiska atbilde", "automatinis atsakymas", "sjálfvirkt svar", "स्वचालित उत्तर",
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
