class Refused(ValueError):  # what happened, said in a sentence for the person who asked
    """The lab cannot do what was asked. The message says why and what to do instead."""
