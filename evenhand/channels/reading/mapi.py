"""The properties of Microsoft's mail programs by their number (MS-OXPROPS), as winmail.dat and .msg files both hold them."""

SUBJECT, CLASS, SENT, DELIVERED, TRANSPORT_HEADERS = 0x0037, 0x001A, 0x0039, 0x0E06, 0x007D
MESSAGE_ID, REFERENCES, IN_REPLY_TO = 0x1035, 0x1039, 0x1042
PLAIN, RTF, HTML = 0x1000, 0x1009, 0x1013
# Who wrote: their name, their address on the net, and the address that the mail system knows, in that order.
WRITERS = ((0x0042, 0x5D02, 0x0065), (0x0C1A, 0x5D01, 0x0C1F))
RECIPIENT, ROLE = (0x3001, 0x39FE, 0x3003), 0x0C15
FILE_CONTENT, METHOD, SHORT_NAME, LONG_NAME, PATH = 0x3701, 0x3705, 0x3704, 0x3707, 0x370D
DISPLAY_NAME, MIME_TYPE, CONTENT_ID = 0x3001, 0x370E, 0x3712
CODE_PAGE, PAGE_CODE_PAGE = 0x3FFD, 0x3FDE
OBJECT, STRING, UNICODE, BINARY = 0x0D, 0x1E, 0x1F, 0x102
