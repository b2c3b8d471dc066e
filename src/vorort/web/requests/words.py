"""Words of requests and their answers."""

WORDS = {
    "asked_open": ("wartet auf Antwort", "waits for an answer"),
    "asked_countered": ("Gegenangebot", "counter-offer"),
    "asked_confirmed": ("zugesagt", "confirmed"),
    "asked_refused": ("abgelehnt", "refused"),
    "asked_declined": ("Gegenangebot nicht angenommen", "counter-offer not taken"),
    "asked_withdrawn": ("zurückgezogen", "withdrawn"),
    "answer_full": ("kein Platz frei", "no place free"),
    "answer_unsuitable": ("passt nicht (Alter, Gruppe)", "does not suit (age, group)"),
    "answer_closing": ("schließt oder ist noch nicht offen", "closes or is not open yet"),
    "answer_unclear": ("Angaben reichen nicht", "not enough is known"),
    "answer_other": ("anderer Grund", "other reason"),
    "request_made": ("Anfrage gestellt", "request made"),
    "request_confirm": ("Anfrage zugesagt", "request confirmed"),
    "request_refuse": ("Anfrage abgelehnt", "request refused"),
    "request_counter": ("Gegenangebot gemacht", "counter-offer made"),
    "request_accept": ("Gegenangebot angenommen", "counter-offer accepted"),
    "request_decline": ("Gegenangebot abgelehnt", "counter-offer declined"),
    "request_withdraw": ("Anfrage zurückgezogen", "request withdrawn"),
}
