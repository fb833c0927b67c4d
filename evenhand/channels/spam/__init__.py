"""Telling unwanted mail from customers' letters, by what it says and by what one's own mail server thinks of it.

Who wrote is no feature: the classifier cannot treat two customers differently for being who they are.
"""
