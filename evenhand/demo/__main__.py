"""`python -m evenhand.demo`: fill the desk of EVENHAND_DATABASE_URL, with the desk's role. Safe to repeat."""

import os
import sys

import django

from evenhand.demo import fill


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.settings")
    django.setup()
    sys.stderr.write("demo: filled\n" if fill() else "demo: this desk has conversations already; nothing was changed\n")


if __name__ == "__main__":
    main()
