"""The search's rows and the triggers that keep them: see 0002_search.sql beside this."""

from pathlib import Path

from django.db import migrations

FORGET = """
DROP TRIGGER search_known_as ON people_account; DROP TRIGGER search_known_as ON people_person;
DROP TRIGGER search_known_as ON people_address; DROP TRIGGER search_said ON conversations_message;
DROP TRIGGER search_changed ON conversations_message; DROP TRIGGER search_unsaid ON conversations_message;
DROP TRIGGER search_renamed ON conversations_conversation; DROP TRIGGER search_gone ON conversations_conversation;
DROP TRIGGER search_emptied ON conversations_conversation;
DROP FUNCTION search_find, search_known_as, search_emptied, search_renamed, search_unsaid, search_said, search_refill,
    search_rebuild, search_whole, search_names, search_make_slice, search_query, search_doc, search_stems, search_words, search_is_dense, search_apart,
    search_fold;
DROP TABLE conversations_search, conversations_slice, search_language;
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial"), ("people", "0001_initial")]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text("utf-8"), FORGET)]
