"""The words with which mail programs, in their languages, introduce what they quote."""

# "On …, … wrote:": the verb, as it stands near the end of the line.
WROTE = (
    "wrote", "writes", "said", "schrieb", "schrieben", "geschrieben", "schreef", "geschreven", "a écrit", "a ecrit",
    "écrit", "escribió", "escribio", "ha escrito", "va escriure", "escreveu", "escreveram", "ha scritto", "scrisse",
    "skrev", "skreiv", "skrifaði", "kirjoitti", "kirjutas", "napisał", "napisała", "napisał(a)", "napisal", "napísal",
    "napsal", "napsala", "napsal(a)", "napísal(a)", "napisao", "napisao/la", "је написао", "je napisao", "napisala",
    "napisao je", "rašė", "parašė", "rakstīja", "написал", "написала", "написал(а)", "написав", "написав(ла)", "пише", "pisze",
    "пишет", "написа", "a scris", "írta", "ezt írta", "έγραψε", "yazdı", "şunları yazdı", "şunu yazdı", "tarihinde",
    "đã viết", "menulis", "telah menulis", "เขียนว่า", "เขียน", "写道", "寫道", "写了", "來信", "来信", "のメール", "書きました",
    "さんは書きました", "のメッセージ", "作成", "작성", "작성했습니다", "님이 작성", "님이 쓴 글", "썼습니다", "כתב", "כתבה", "מאת", "كتب", "كتبت",
    "نوشت", "लिखा", "idatzi du", "scríobh", "ysgrifennodd", "sulat ni", "shkroi", "nous a dit", "spake",
)  # fmt: skip
# The word with which such a line begins, in languages where it begins with one.
OPENERS = {
    "on", "at", "am", "le", "el", "em", "op", "il", "den", "dnia", "w", "dne", "dňa", "dana", "u", "på", "pe", "în", "in",
    "στις", "на", "в", "vào", "pada", "เมื่อ", "在", "于", "於", "ב", "ב-", "בתאריך", "في", "بتاريخ", "در", "a", "ar", "data", "tir",
    "fecha", "kl", "vid", "da", "ons", "tor", "fre", "man", "tir.", "els", "ngày", "do", "ti", "ke", "to", "la", "su", "ma", "pt",
    "pon", "wt", "śr", "czw", "sob", "niedz", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "v",
}  # fmt: skip
# Between dashes: the letter that follows is the one answered, or one passed on.
ORIGINAL = {
    "original message", "original email", "original mail", "original appointment", "reply message", "reply separator", "ursprüngliche nachricht", "ursprungliche nachricht",
    "originalnachricht", "original-nachricht", "ursprüngliche mail", "message d'origine", "message d’origine", "message original",
    "courriel original", "mensaje original", "mensagem original", "messaggio originale", "oorspronkelijk bericht",
    "origineel bericht", "ursprungligt meddelande", "originalmeddelande", "oprindelig meddelelse", "opprinnelig melding",
    "opprinnelig beskjed", "alkuperäinen viesti", "oryginalna wiadomość", "wiadomość oryginalna", "původní zpráva",
    "původní e-mail", "pôvodná správa", "izvorna poruka", "originalna poruka", "izvirno sporočilo", "eredeti üzenet",
    "mesaj original", "mesajul original", "оригинальное сообщение", "исходное сообщение", "исходное письмо",
    "оригінальне повідомлення", "вихідне повідомлення", "оригинално съобщение", "αρχικό μήνυμα", "orijinal mesaj",
    "özgün ileti", "orijinal ileti", "originaal kiri", "sākotnējais ziņojums", "originalus laiškas", "upprunaleg skilaboð",
    "tin nhắn gốc", "thư gốc", "pesan asli", "ข้อความต้นฉบับ", "原始邮件", "原始郵件", "原邮件", "原始信件", "元のメッセージ",
    "オリジナル メッセージ", "オリジナルメッセージ", "original message follows", "원본 메시지", "원본 메일", "원래 메시지", "הודעה מקורית",
    "رسالة أصلية", "الرسالة الأصلية", "پیام اصلی", "original meddelelse", "originalmeddelelse", "antwort nachricht",
    "urspr. nachricht", "originalno sporočilo", "originaalsõnum", "algne sõnum", "algkiri", "oriģinālais ziņojums",
    "pradinis laiškas", "ข้อความเดิม", "원본 이메일", "원본메시지", "邮件原件", "原始訊息", "missatge original",
    "jatorrizko mezua", "mensaxe orixinal", "upphaflegur póstur", "оригинална порука", "asıl ileti", "mesej asal", "oprindelig besked", "mail original", "message initial", "messaggio precedente", "quoted text", "previous message",
}  # fmt: skip
# What help desks write as the first line of their letters.
REPLY_ABOVE = {
    "reply above this line", "please type your reply above this line", "please reply above this line", "type your reply above this line", "antworten sie bitte oberhalb dieser zeile", "bitte antworten sie oberhalb dieser zeile",
    "bitte über dieser linie antworten", "veuillez répondre au-dessus de cette ligne", "responda por encima de esta línea",
}  # fmt: skip
ORIGINAL |= REPLY_ABOVE
FORWARDED = {
    "forwarded message", "begin forwarded message", "forwarded by", "forwarded mail", "weitergeleitete nachricht", "forwarded email",
    "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail", "message transféré", "message transfere",
    "début du message transféré", "début du message réexpédié", "mensaje reenviado", "inicio del mensaje reenviado",
    "mensagem encaminhada", "mensagem reencaminhada", "início da mensagem encaminhada", "início da mensagem reencaminhada",
    "messaggio inoltrato", "inizio messaggio inoltrato", "inizio del messaggio inoltrato", "doorgestuurd bericht",
    "begin doorgestuurd bericht", "vidarebefordrat meddelande", "vidarebefordrat brev", "vidarebefordrat mejl",
    "videresendt meddelelse", "videresendt besked", "start på videresendt besked", "videresendt melding",
    "videresendt e-post", "välitetty viesti", "edelleenlähetetty viesti", "välitetty viesti alkaa", "przekazana wiadomość",
    "wiadomość przekazana dalej", "treść przekazanej wiadomości", "přeposlaná zpráva", "preposlaná správa",
    "proslijeđena poruka", "posredovano sporočilo", "továbbított üzenet", "mesaj redirecționat", "mesaj redirectionat",
    "пересылаемое сообщение", "пересланное сообщение", "начало переадресованного сообщения", "переслане повідомлення",
    "препратено съобщение", "προωθημένο μήνυμα", "iletilen mesaj", "yönlendirilmiş ileti", "iletilmiş mesaj",
    "thư được chuyển tiếp", "pesan yang diteruskan", "ข้อความที่ส่งต่อ", "转发的邮件", "转发邮件", "轉寄郵件", "轉寄的郵件",
    "転送メッセージ", "転送されたメッセージ", "전달된 메시지", "전달된 메일", "הודעה שהועברה", "رسالة معاد توجيهها", "پیام هدایت شده",
    "missatge reenviat", "birtbirtingar", "edastatud kiri", "pārsūtīts ziņojums", "persiųstas laiškas",
    "začátek přeposílané zprávy", "započni proslijeđenu poruku", "továbbított levél kezdete", "message transmis",
    "początek przekazywanej wiadomości", "początek wiadomości przekazanej", "începe mesajul redirecționat", "mesaj transmis",
    "начало пересылаемого сообщения", "перенаправленное сообщение", "перенаправлене повідомлення", "прослеђена порука",
    "початок листа, що пересилається", "začiatok preposlanej správy", "ileti başlangıcı", "iletilen ileti", "prosleđena poruka",
    "välitetty viesti / fwd.msg", "preposlaná správa --- forwarded message", "αρχή προωθημένου μηνύματος", "inici del missatge reenviat",
    "edastatud sõnum", "pārsūtītais ziņojums", "persiųstas pranešimas", "thư chuyển tiếp", "thư đã chuyển tiếp",
    "thông điệp được chuyển tiếp", "bắt đầu thư được chuyển tiếp", "pesan terusan", "awal pesan terusan", "mulai pesan terusan",
    "mesej dimajukan", "ข้อความที่ถูกส่งต่อ", "เริ่มข้อความที่ส่งต่อ", "转发邮件信息", "转发信息", "开始转发邮件", "转发开始邮件",
    "轉寄訊息", "開始轉寄郵件", "開始轉寄訊息", "전달 메시지", "전달받은 메시지", "תחילת ההודעה שהועברה", "בתחילת ההודעה שהועברה",
    "الرسالة المعاد توجيهها", "بداية الرسالة المعاد توجيهها", "بدء الرسالة المُعاد توجيهها", "پیام ارسال شده", "mensaxe reenviada",
    "áframsend skilaboð", "birtbirt mezua", "birbidalitako mezua", "weitergeleitete e-mail", "e-mail transféré",
}  # fmt: skip
# The labels above a quoted letter. Each label counts for one role; three roles make a header block.
LABELS = {
    role: set(labels.split("|"))
    for role, labels in {
        "from": "šalje|nadawca|expeditorul|expeditor|siuntėjas|daripada|nork|प्रेषक|oddi wrth|од|kimdən|кімнен|sendandi|пошиљалац|pošiljatelj|pošiljalac|avsändare|afsender|avsender|odesílatel|odosielateľ|αποστολέας|pengirim|ผู้ส่ง|from|von|de|da|van|från|fra|lähettäjä|od|od koho|от|от кого|від|від кого|feladó|de la|από|gönderen|kimden|từ|dari|จาก|发件人|寄件者|寄件人|"
        "差出人|送信者|送信元|보낸 사람|보낸사람|발신|מאת|من|از|expéditeur|remitente|mittente|afzender|saatja|no|nuo|frá|desde|absender|отправитель|nguoi gui|người gửi|feladta",
        "date": "saatmisaeg|dihantar|bidalia|भेजा गया|anfonwyd|послато|испратено|göndərildi|жіберілген күні|εστάλη|enviat|enviat el|terkirim|gửi|gửi lúc|تم الإرسال|تاريخ الإرسال|data trimiterii|odosláno|zaslano|sent|date|gesendet|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviada|enviada em|enviado em|enviadas|fecha|data|data e ora|inviato|data invio|verzonden|verzonden op|"
        "skickat|sendt|dato|lähetetty|päiväys|päivämäärä|wysłano|wysłane|data wysłania|odesláno|odoslané|poslano|poslato|elküldve|dátum|küldve|trimis|"
        "отправлено|дата|надіслано|изпратено|дата и время|στάλθηκε|ημερομηνία|gönderildi|tarih|gönderme tarihi|đã gửi|ngày|dikirim|tanggal|ส่ง|วันที่|"
        "发送时间|发送日期|日期|時間|时间|寄件日期|傳送時間|送信日時|日付|送信日|보낸 날짜|보낸날짜|날짜|נשלח|תאריך|تاريخ|التاريخ|أرسلت|تاریخ|saadetud|kuupäev|nosūtīts|datums|išsiųsta|sent at|sent on|am|le|dags",
        "to": "prima|adresat|destinatarul|destinatar|pre|gavėjas|adressaat|nori|प्रति|at|kimə|кімге|за|příjemce|príjemca|odbiorca|mottagare|modtager|mottaker|tujuan|penerima|ผู้รับ|παραλήπτης|получатель|одержувач|to|an|à|a|para|pour|aan|till|til|vastaanottaja|do|komu|кому|címzett|către|προς|kime|alıcı|đến|tới|kepada|untuk|ถึง|"
        "收件人|收件者|宛先|받는 사람|받는사람|수신|אל|إلى|به|destinataire|destinatario|destinatário|ontvanger|za|kam|kellele|adresāts|per a",
        "subject": "naslov|subiectul|zadeva|tēma|หัวเรื่อง|gaia|विषय|pwnc|предмет|mövzu|тақырыбы|titill|rubrik|ärende|asia|pealkiri|antraštė|subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|ämne|emne|aihe|temat|předmět|predmet|tárgy|subiect|тема|тема письма|относно|"
        "θέμα|konu|chủ đề|tiêu đề|perihal|subjek|เรื่อง|主题|主旨|主題|件名|제목|נושא|الموضوع|موضوع|teema|temats|tema|assumpte|efni|re|betr",
        "cc": "cc|kopie|copie|copia|copie à|kopia|kopi|kopio|копия|копія|másolat|dw|副本|抄送|참조|עותק|نسخة|bilgi|bcc|cci|cco",
        "reply-to": "reply-to|reply to|antwort an|répondre à|responder a|responder para|rispondi a|risposta|antwoord aan|svara till|odpowiedz do|ответить|ответ|返信先|回复",
    }.items()
}
# A line that a phone or a mail program signs with.
SENT_FROM = (
    "sent from", "sent via", "sent with", "sent by", "sent using", "sent on the go", "get outlook for", "get bluemail", "download outlook", "von meinem", "von unterwegs", "gesendet von",
    "gesendet mit", "gesendet über", "diese nachricht wurde von meinem", "envoyé de", "envoyé depuis", "envoyé à partir", "télécharger outlook", "obtenez outlook", "enviado desde", "enviado do", "enviado de", "enviado a partir",
    "obtener outlook", "obter o outlook", "enviat des", "inviato da", "inviato con", "scarica outlook", "ottieni outlook", "verzonden vanaf", "verzonden met", "verstuurd vanaf", "verstuurd met", "outlook voor", "skickat från",
    "skickat fr", "sendt fra", "sendt med", "hent outlook", "hämta outlook", "lähetetty", "wysłane z", "wysłano z", "pobierz outlook", "odesláno z", "odoslané z", "poslano z", "poslano sa", "küldve", "trimis de pe", "trimis din",
    "отправлено с", "отправлено из", "надіслано з", "изпратено от", "στάλθηκε από", "iphone'umdan gönder", "ipad'imden gönder", "gönderildi", "được gửi từ", "gửi từ", "dikirim dari", "ส่งจาก", "发自我的", "發自我的", "从我的",
    "從我的", "iphoneから送信", "ipadから送信", "android から", "나의 iphone에서", "내 iphone에서", "נשלח מ", "أرسلت من", "أُرسلت من", "ارسال شده از", "från min", "verzonden vanuit",
    "skickades från", "windows 版のメール", "windows용 메일", "从 windows", "windows 的郵件", "gönderen: ", "iphone’umdan", "poslano s moj", "elküldve az", "відправлено з", "diese nachricht wurde mit de", "envoyé avec", "来自我的", "寄自我的",
    "outlook for ios", "outlook for android", "yahoo mail: search, organize", "yahoo mail: search, organise", "获取 outlook", "取得 ios 版", "取得 android 版", "android 版 outlook",
)  # fmt: skip
