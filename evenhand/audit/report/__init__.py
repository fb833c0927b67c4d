"""An audit told: as one JSON object, in sentences, and as a page to send."""
