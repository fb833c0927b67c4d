"""Looking after the files of messages, in the worker: a scanner's word on each, and small pictures of pictures."""
