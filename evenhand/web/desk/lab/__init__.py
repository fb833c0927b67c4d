"""The lab's pages: numbers to change, and what follows from them. The lab itself runs in another process."""
