"""How mail systems say that a letter did not arrive, in the languages of mail. All in lower case."""

# In a subject.
SUBJECTS = (
    "undeliver", "undelivered", "returned mail", "mail delivery fail", "mail delivery system", "delivery status notif", "delivery failure", "delivery fail", "delivery has failed", "failure notice", "failure delivery", "delivery notification", "message status",
    "non delivery", "nondeliverable", "non-delivery", "mail could not be delivered", "mail not delivered", "message not delivered", "could not send message", "returned to sender", "return to sender", "message could not be delivered", "unable to deliver",
    "warning: could not send", "warning: message", "mail system error", "delivery problem", "delivery error", "permanent delivery", "notification d'échec", "échec de la remise", "non remis", "unzustellbar", "nicht zugestellt", "zustellung fehlgeschlagen",
    "fehlgeschlagene zustellung", "no se puede entregar", "no entregado", "error de entrega", "no se ha podido entregar", "não foi possível entregar", "falha na entrega", "impossibile recapitare", "mancato recapito", "onbestelbaar", "niet bezorgd", "kunde inte levereras",
    "kunne ikke leveres", "ei voitu toimittaa", "nie można dostarczyć", "niedostarczalne", "nelze doručit", "nedoručitelné", "kézbesíthetetlen", "недоставлен", "не доставлен", "невозможно доставить", "не удалось доставить", "teslim edilemedi", "未送达", "无法投递",
    "退信", "系统退信", "未傳遞", "配信不能", "配信できません", "送信できません", "エラーメール", "メールエラー", "전송 실패", "배달되지 않", "לא ניתן למסירה", "تعذر التسليم", "error sending", "delayed mail", "delivery delay", "transient failure", "mail failure", "email delivery failure", "rejected:",
    "delivery report", "user unknown", "your message couldn't be delivered", "mail error", "message undeliverable", "dead letter", "bounced mail", "deferred mail", "could not be delivered", "error during delivery", "mail failed, returning", "processing error", "rejected mail", "failed mail",
    "mail delivery warning", "non remis", "message delayed", "mail delivery problem", "delivery attempt fail", "undeliverable mail", "zustellungsfehler", "zustellfehler", "bezorging mislukt", "doręczenie nie powiodło", "nedoručen", "nu a putut fi livrat", "gagal mengirim", "投递失败", "投遞失敗", "配達不能",
)  # fmt: skip
# At the beginning of the words that a mail system writes.
REPORTED = (
    "could not be delivered", "could not deliver", "couldn't be delivered", "unable to deliver", "wasn't able to deliver", "was not able to deliver", "not been delivered", "was not delivered", "were not delivered", "undeliverable", "cannot be delivered",
    "can't be delivered", "delivery failed", "delivery to the following", "failed recipient", "failed address", "mailbox unavailable", "user unknown", "unknown user", "no such user", "unknown recipient", "recipient rejected", "not a valid user",
    "full mailbox", "address rejected", "host unknown", "unknown host", "been returned because", "returned to you", "returned mail", "message log follows", "automatically rejected",
    "has been delayed", "has been postponed", "did not reach", "undelivered", "did not exactly match", "does not exist", "n'a pas pu", "n’a pas pu", "konnte nicht zugestellt", "nicht zugestellt", "no se pudo entregar", "no se ha podido entregar", "não pôde ser entregue",
    "não foi possível entregar", "non è stato possibile", "non recapitat", "kon niet worden", "kunde inte levereras", "kunne ikke leveres", "ei voitu toimittaa", "nie mogła zostać dostarczona", "nelze doručit", "не удалось доставить", "не доставлено", "не может быть доставлено",
    "无法投递", "无法送达", "无法送到", "退信", "配信できません", "送信できません", "배달되지", "전송하지 못",
)  # fmt: skip
# The first line of a report that no person writes, whoever it says it is from.
OPENINGS = (
    "failed recipients", "this message was created automatically by mail delivery software", "this is an automatically generated delivery status", "message from interscan", "message log follows", "non-delivery report", "this is the mail system at host",
    "the original message was received at", "this is an advisory-only email", "could not deliver message to the following recipient", "delivery to the following recipient", "could not be delivered to the following", "this report relates to a message you sent", "this is a delivery failure notification",
)  # fmt: skip
# Signs that a mail system will try again.
TEMPORARY = (
    "delayed", "postponed", "will retry", "will be retried", "still trying", "not been delivered yet", "will continue to", "attempts will continue", "temporar", "transient", "warning message only", "do not need to resend", "not resend",
    "mailbox full", "mailbox is full", "full mailbox", "over quota", "quota exceeded", "exceeded quota", "exceeds allowed size", "storage limit", "一杯のため", "容量を超", "已满", "已滿", "가득",
)  # fmt: skip
# Words by which it gives up, whatever the reason.
PERMANENT = (
    "permanent error",
    "permanent fatal",
    "permanent failure",
    "permanently",
    "given up",
    "giving up",
    "dauerhafter fehler",
    "erreur permanente",
    "error permanente",
    "erro permanente",
    "errore permanente",
)
# No report, though a program wrote it: somebody wants to know first who is writing.
CHALLENGES = (
    "boxbe",
    "allowed list",
    "approved list",
    "guest list",
    "allowed senders",
    "approved senders",
    "spam arrest",
    "spamblocker",
    "to be delivered, please click",
    "confirm that you are",
    "captcha",
)
