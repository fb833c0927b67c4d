"""What the demo's agents give as reasons, and what they note for one another."""

OUT_OF_TURN = (
    "I wrote the answer to the same question a minute ago.",
    "On the phone with them about another thing, and they asked.",
    "It needs our contact at the data centre, who leaves at three.",
    "The same fault as the one I am working on.",
)
LATER = (
    "I need to ask a developer first; somebody who knows the importer is faster.",
    "My connection is too poor for the video they sent.",
    "A meeting in two minutes, and this one takes longer.",
    "I answered their colleague differently last week; a second pair of eyes would be good.",
)
NOTES = (
    "Same as last Tuesday's: the cache on node 3. Told the developers, they know.",
    "Tried it with the file they sent: reproducible in the current release, gone in the next.",
    "They have been very patient. If it comes back, please call them instead of writing.",
    "Looked into the log together with Theo. Nothing lost.",
    "Careful: two people with the same name in this organisation.",
    "The help page on this is out of date, I have opened a change for it.",
)
OTHER_NEED = (
    ("blocked", "They cannot work at all until it is solved; the form said otherwise."),
    ("hindered", "There is a way round it, they have found it themselves."),
    ("question", "Nothing is broken: they ask how it is done."),
    ("idea", "It works as meant; they wish for something else."),
)
